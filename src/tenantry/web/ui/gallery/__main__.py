"""Renders the gallery as static pages: `python -m tenantry.web.ui.gallery --out DIR`."""

import argparse
import shutil
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tenantry.web.ui.gallery import accounts, frame, handovers, others, previews
from tenantry.web.ui.views import Flash, Theme

HERE = Path(__file__).parent
TEMPLATES = (HERE / "templates", HERE.parent / "templates")
STATIC = HERE.parent.parent / "static"


def main() -> None:
    """Write every page in the theme asked for, beside a copy of the static files."""
    parser = argparse.ArgumentParser(prog="python -m tenantry.web.ui.gallery", description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--theme", choices=("auto", "light", "dark"), default="auto")
    wish = parser.parse_args()
    wish.out.mkdir(parents=True, exist_ok=True)
    shutil.copytree(STATIC, wish.out / "static", dirs_exist_ok=True)
    environment = kit()
    for name, context in pages(wish.theme):
        template = environment.get_template(f"{name}.html")
        (wish.out / f"{name}.html").write_text(template.render(context), encoding="utf-8")


def kit() -> Environment:
    """The environment the templates ask for; pages set theirs up alike."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["static"] = lambda path: f"static/{path}"
    return environment


def pages(theme: Theme) -> Iterator[tuple[str, dict[str, object]]]:
    """Each sample page with what it shows."""
    saved = Flash("Accor was saved.", "good")
    yield "index", {"shell": frame.working("", theme), "handovers": handovers, "accounts": accounts, "others": others}
    yield "accounts", {"shell": frame.working("Accounts", theme), "view": accounts.LIST}
    yield "account", {"shell": frame.working("Accounts", theme, saved), "data": accounts}
    yield "account-edit", {"shell": frame.working("Accounts", theme), "data": accounts}
    yield "empty", {"shell": frame.working("Accounts", theme), "view": accounts.EMPTY_LIST}
    yield "reseller", {"shell": frame.working("Tenant Resellers", theme), "data": others, "history": accounts.HISTORY}
    yield "choose", {"shell": frame.working("Tenant Resellers", theme), "data": handovers}
    yield "confirm", {"shell": frame.working("Tenant Resellers", theme), "data": handovers, "view": previews.PREVIEW}
    yield "running", {"shell": frame.working("Handovers", theme), "data": handovers}
    yield "handover-record", {"shell": frame.working("Handovers", theme), "data": handovers}
    yield "records", {"data": previews}
    yield "progress", {"data": handovers}
    yield "state-field", {"data": accounts}
    yield "import", {"shell": frame.working("Imports", theme), "data": others}
    yield "setup", {"shell": frame.setting_up("Roles", theme), "view": others.ROLES}
    yield "search", {"groups": others.SEARCH, "query": "acc"}
    people = {"people": others.PEOPLE, "demo_action": "#", "action": "#", "csrf": "made-up", "theme": theme}
    yield "sign-in", {"fields": others.SIGN_IN, **people}
    yield "refusal", {"problem": others.PROBLEM, "shell": frame.working("Accounts", theme)}
    yield "error", {"problem": others.PROBLEM, "theme": theme}


if __name__ == "__main__":
    main()
