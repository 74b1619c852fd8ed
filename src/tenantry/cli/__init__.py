"""The command line: `tenantry serve | worker | migrate | demo | import | handover | token | bench | doctor`
(CLI-01).
"""

from tenantry.kernel.memory import collect_seldom

# Before all else is loaded: looking for what is unreachable took a third of the time that a command needs to start.
collect_seldom()

from tenantry.cli.main import main  # noqa: E402 - see above

__all__ = ["main"]
