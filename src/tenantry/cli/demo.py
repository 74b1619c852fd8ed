"""`tenantry demo`: load the demo, and say who is who in it."""

from dataclasses import asdict

from rich.table import Table

from tenantry import demo as the_demo
from tenantry.cli.context import Data, Json, console, opened, show_json


def demo(data: Data = None, as_json: Json = False) -> None:
    """Load the demo unless there is a tenant already, and print its tenants, people and password."""
    with opened(data) as (_, ready):
        loaded = the_demo.load_unless_there(ready, say=lambda words: None if as_json else console.print(words))
    people = [{**asdict(one), "password": the_demo.PASSWORD} for one in the_demo.PEOPLE]
    if as_json:
        tenants = [
            {"code": one.code, "name": one.name, "kind": one.kind, "id": str(one.id)} for one in the_demo.tenants()
        ]
        shoppers = [
            {**asdict(one), "password": the_demo.PASSWORD, "shop": f"/shop/{one.tenant}"} for one in the_demo.SHOPPERS
        ]
        show_json({"loaded": loaded, "tenants": tenants, "people": people, "shoppers": shoppers})
        return
    table = Table("E-mail", "Password", "Tenant", "What for", box=None, pad_edge=False)
    for one in the_demo.PEOPLE:
        table.add_row(one.email, the_demo.PASSWORD, one.tenant, one.what)
    for one in the_demo.SHOPPERS:
        table.add_row(one.email, the_demo.PASSWORD, f"shop of {one.tenant}", one.what)
    console.print("The demo was loaded." if loaded else "There are tenants already; nothing was loaded.")
    console.print(table)
