"""The pages of invoices and of what is yet to be invoiced."""

from fastapi import APIRouter

from tenantry.web.ui.billing import forms, generating, invoices, lines, pending, runs

router = APIRouter()
# What has a word where others have an id comes first.
for _pages in (forms, generating, invoices, lines, pending, runs):
    router.routes.extend(_pages.router.routes)
