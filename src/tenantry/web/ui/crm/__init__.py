"""The pages of accounts, addresses, contacts and activities."""

from fastapi import APIRouter

from tenantry.web.ui.crm import (
    account_acts,
    account_forms,
    account_tabs,
    accounts,
    activities,
    addresses,
    contacts,
    places,
    shop,
    sync_options,
)

router = APIRouter()
# What has a word where others have an id comes first.
for _part in (
    account_forms,
    accounts,
    account_acts,
    account_tabs,
    addresses,
    contacts,
    activities,
    sync_options,
    places,
    shop,
):
    router.routes.extend(_part.router.routes)
