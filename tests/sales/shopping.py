"""What stories about the shop need: storefront users, priced products, and what somebody does in a basket."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from tenantry.crm.storefront_users.sessions import Shopper
from tenantry.sales.baskets import actions
from tenantry.sales.baskets.actions import Accepted, NewBasketItem
from tenantry.sales.baskets.queries import basket_view
from tenantry.sales.baskets.reach import acting
from tenantry.sales.baskets.views import BasketView
from tenantry.schema import catalog, tenant
from tests.sales.stories import priced
from tests.world import Row, Tenant, World


def with_shop(world: World) -> Tenant:
    """Give the distributor a shop."""
    above = world.distributor()
    world.update(above, tenant.tenant, above.id, edition="premium")
    return above


def shopper(world: World, of: Row, at: Tenant | None = None, **given: Any) -> Shopper:
    """Give an account a storefront user."""
    made = {"first_name": "Ada", "last_name": "Kern", "email": f"{of.number}@shop.example", "storefront_user": True}
    one = world.contact(of, at, **{**made, **given})
    return Shopper(one.id, "Ada Kern", one.email, of.id, of.name, of.reselling_enabled)


def mail(world: World, at: Tenant | None = None, price: str = "4.50", **given: Any) -> Row:
    """Give the distributor a product to sell."""
    return priced(world, at or world.distributor(), price, **{"name": "Business Mail", **given})


def add_on_of(world: World, product: Row, price: str = "1.90") -> Row:
    """Give a product an add-on."""
    made = priced(world, world.distributor(), price, kind="add_on", name="Mail Archive")
    world.insert(world.distributor(), catalog.product_add_on, product_id=product.id, add_on_id=made.id)
    return made


def terms_of(world: World, product: Row, body: str = "Be kind.") -> Row:
    """Let a product ask for terms to be accepted."""
    above = world.distributor()
    made = world.insert(above, catalog.terms_document, name="Terms", edition="2026", body=body)
    world.update(above, catalog.product, product.id, terms_document_id=made.id)
    return made


def promotion_of(world: World, product: Row, **given: Any) -> Row:
    """Give a product a promotion with a code."""
    values = {"name": "Welcome", "code": "WELCOME", "kind": "percent", "off": Decimal(10), "duration": "lifetime"}
    return world.insert(world.distributor(), catalog.promotion, product_id=product.id, **{**values, **given})


def fills(
    world: World, who: Shopper, *products: Row, of: UUID | None = None, at: Tenant | None = None, **item: Any
) -> UUID:
    """Put products into a shopper's basket; gives the basket."""
    at = at or world.distributor()
    with world.web.work(at.id) as work:
        basket = actions.open_basket(work, of or who.account_id, who)
        for product in products:
            actions.put_in(work, basket, NewBasketItem(product.id, **{"cycle": "monthly", **item}), who)
    return basket


def does(world: World, who: Shopper, verb: str, basket: UUID, *arguments: Any, **named: Any) -> Any:
    """Do something with a basket."""
    with world.web.work(world.distributor().id) as work:
        return getattr(actions, verb)(work, basket, *arguments, **({"shopper": who} | named))


def sees(world: World, who: Shopper, basket: UUID) -> BasketView:
    """See a basket."""
    with world.web.work(world.distributor().id) as work:
        return basket_view(acting(work, who), basket, who)


def accepting(view: BasketView) -> list[Accepted]:
    """Accept every document as it was shown."""
    return [Accepted(one.id, one.hash) for one in view.terms]
