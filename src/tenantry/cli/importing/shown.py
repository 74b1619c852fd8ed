"""What an import's plan and its end look like on a terminal."""

from typing import Any

from rich.markup import escape

from tenantry.cli.context import console
from tenantry.intake import queries

SHOWN = 20
COLOURS = {"refused": "red", "warning": "yellow"}


def show_plan(view: queries.ImportView, problems: list[dict[str, Any]]) -> None:
    counts = ", ".join(f"{count:,} {verdict}" for verdict, count in view.counts.items() if count and verdict != "rows")
    rows = view.counts.get("rows", 0)
    many = f"{rows:,} {'row' if rows == 1 else 'rows'}"
    console.print(f"[bold]{escape(view.file_name)}[/bold] ({view.format}): {many}, {counts or 'nothing in them'}.")
    for one in view.findings:
        lines = one.get("rows", 0)
        many = f"{lines:,} {'row' if lines == 1 else 'rows'}: " if lines else ""
        console.print(f"  {many}{escape(one.get('message', ''))} [dim]{one.get('remedy', '')}[/dim]")
    for row in problems[:SHOWN]:
        for one in row["problems"]:
            # A refused row may have warnings besides.
            verdict = "warning" if one.get("severity") == "warning" else row["verdict"]
            colour = COLOURS.get(verdict, "blue")
            said = f"{one.get('column') or one.get('field', '')}: {one.get('message', '')}"
            console.print(
                f"  line {row['line']:>6} [{colour}]{verdict:8}[/{colour}] {escape(said)} "
                f"[dim]{one.get('remedy', '')}[/dim]",
            )
    for row in problems:
        for one in row["changes"][:SHOWN]:
            changed = f"{one['field']}: {one['before'] or 'nothing'} → {one['after']}"
            console.print(f"  line {row['line']:>6} {escape(changed)}")
    left = view.counts.get("refused", 0) + view.counts.get("warning", 0) - min(len(problems), SHOWN)
    if left > 0:
        console.print(
            f"  [dim]... and {left:,} rows more; --refused FILE writes the refused ones with their reasons.[/dim]"
        )
