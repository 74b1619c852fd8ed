"""Find files that name where packages are fetched from or a path of one machine; both are nobody else's."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Written in halves, so that this file does not find itself.
REGISTRIES = [
    "pypi" + r"\.org",
    "python" + r"hosted\.org",
    "npm" + r"js\.(org|com)",
    "deb" + r"\.debian\.org",
    "unpkg" + r"\.com",
    "js" + r"delivr\.net",
]
OPTIONS = ["--index" + "-url", "--extra-" + "index-url", "--find" + "-links"]
MACHINE = ["/wo" + "rk/", "/root/" + r"\w", "/home/" + r"\w", "/opt/" + "(wheels|pypi)", "file:" + "//"]
FORBIDDEN = re.compile("|".join([*REGISTRIES, *(rf"(?<![\w\"']){option}" for option in OPTIONS), *MACHINE]))


def main() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    faults = [fault for name in listed.split("\0") if name for fault in faults_of(ROOT / name)]
    print("\n".join(faults) or "No file names a registry or a machine's path.")
    sys.exit(bool(faults))


def faults_of(path: Path) -> list[str]:
    try:
        lines = path.read_text().splitlines()
    except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
        return []
    return [
        f"{path.relative_to(ROOT)}:{number}: {found.group()}"
        for number, line in enumerate(lines, start=1)
        if (found := FORBIDDEN.search(line))
    ]


if __name__ == "__main__":
    main()
