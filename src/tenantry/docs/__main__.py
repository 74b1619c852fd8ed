"""`python -m tenantry.docs` writes the generated pages; with `--check` it only fails when one of them is stale."""

import sys

from tenantry.docs import MEND, stale, write


def main(words: list[str]) -> int:
    """Write the pages, or say which are stale and how that is mended; the exit code is for the build."""
    if words not in ([], ["--check"]):
        print("python -m tenantry.docs [--check]", file=sys.stderr)  # noqa: T201 - this is its output
        return 2
    found = stale()
    if not words:
        write()
    for path in found:
        print(f"{path} is stale; run `{MEND}` and commit it." if words else f"wrote {path}")  # noqa: T201 - this is its output
    return 1 if found and words else 0


sys.exit(main(sys.argv[1:]))
