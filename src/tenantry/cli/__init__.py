"""The command line: `tenantry serve | worker | migrate | demo | import | handover | token | bench | doctor`
(CLI-01).
"""

from tenantry.cli.main import main

__all__ = ["main"]
