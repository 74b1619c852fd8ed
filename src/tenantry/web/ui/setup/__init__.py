"""The pages of the set-up."""

from fastapi import APIRouter

from tenantry.web.ui.setup import (
    api_options,
    api_tokens,
    audit_log,
    currencies,
    custom_fields,
    groups,
    invoice_series,
    mirror_alerts,
    order_statuses,
    order_types,
    organisation,
    payment_methods,
    permission_rules,
    roles,
    single_sign_on,
    user_acts,
    users,
)

router = APIRouter()
for _part in (
    organisation,
    users,
    user_acts,
    roles,
    groups,
    permission_rules,
    single_sign_on,
    api_options,
    custom_fields,
    payment_methods,
    currencies,
    invoice_series,
    order_types,
    order_statuses,
    mirror_alerts,
    api_tokens,
    audit_log,
):
    router.routes.extend(_part.router.routes)
