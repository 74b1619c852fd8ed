"""All resources, in the order in which the document shows them."""

from fastapi import APIRouter

from tenantry.web.api import (
    account_parts,
    accounts,
    catalog,
    charges,
    contacts,
    document,
    handovers,
    imports,
    orders,
    price_lists,
    promotions,
    reference,
    rights,
    search,
    selling,
    setup,
    sign_on,
    subscriptions,
    tenant_resellers,
    terms,
    tokens,
    users,
)

router = APIRouter()
for one in (
    accounts.accounts,
    account_parts.account_parts,
    contacts.contacts,
    contacts.addresses,
    contacts.activities,
    orders.orders,
    subscriptions.subscriptions,
    charges.charges,
    catalog.products,
    price_lists.price_lists,
    price_lists.plans,
    promotions.promotions,
    terms.terms_documents,
    tenant_resellers.tenant_resellers,
    handovers.handovers,
    imports.imports,
    users.users,
    rights.rights,
    setup.setup,
    sign_on.sign_on,
    selling.selling,
    tokens.credentials,
    tokens.audit_log,
    search.search,
    reference.reference,
    document.router,
):
    router.include_router(one)
