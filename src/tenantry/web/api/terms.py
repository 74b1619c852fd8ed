"""Terms documents: what buyers accept (SF-02)."""

from typing import Annotated

from starlette.requests import Request

from tenantry.catalog import actions, queries
from tenantry.catalog.actions import NewTermsDocument
from tenantry.catalog.lists import TERMS_DOCUMENTS
from tenantry.catalog.views import TermsDocumentView
from tenantry.database import Work
from tenantry.schema import catalog
from tenantry.web.api.common import Changes, Id, Version, body, changes, resource
from tenantry.web.api.lists import Listed, Wanted, filters_of, item_of, page, page_of
from tenantry.web.api.shapes import changed, shown, taken
from tenantry.web.http.access import may
from tenantry.web.http.answers import Made

TERMS_DOCUMENT = shown(TermsDocumentView, catalog.terms_document)
NEW_TERMS_DOCUMENT = taken(NewTermsDocument, catalog.terms_document)
TERMS_CHANGES = changed("TermsDocumentChanges", catalog.terms_document, "name edition body active")

terms_documents = resource("Terms documents")


@terms_documents.get(
    "/terms-documents",
    response_model=page_of("TermsDocument", item_of("TermsDocument", TERMS_DOCUMENTS)),
    openapi_extra=filters_of(TERMS_DOCUMENTS),
)
@may("products:view")
def list_terms_documents(work: Work, request: Request, wanted: Wanted) -> Listed:
    """List terms documents by name."""
    return page(work, TERMS_DOCUMENTS, request, wanted)


@terms_documents.post("/terms-documents", status_code=201, response_model=TERMS_DOCUMENT)
@may("products:edit")
def make_terms_document(
    work: Work,
    new: Annotated[
        NewTermsDocument, body(NEW_TERMS_DOCUMENT, {"name": "Terms of use", "edition": "2027", "body": "You may ..."})
    ],
) -> Made:
    """Make a terms document, or a new edition of one."""
    id = actions.create_terms_document(work, new)
    return Made(queries.terms_document_(work, id), f"/api/v1/terms-documents/{id}")


@terms_documents.get("/terms-documents/{id}", response_model=TERMS_DOCUMENT)
@may("products:view")
def read_terms_document(work: Work, id: Id) -> TermsDocumentView:
    """Read a terms document."""
    return queries.terms_document_(work, id)


@terms_documents.patch("/terms-documents/{id}", response_model=TERMS_DOCUMENT)
@may("products:edit")
def change_terms_document(
    work: Work, id: Id, fields: Annotated[Changes, changes(TERMS_CHANGES, {"active": False})], version: Version
) -> TermsDocumentView:
    """Change a terms document; one that somebody accepted keeps its words (SF-02)."""
    actions.edit_terms_document(work, id, fields, version=version)
    return queries.terms_document_(work, id)


@terms_documents.delete("/terms-documents/{id}", status_code=204)
@may("products:edit")
def remove_terms_document(work: Work, id: Id, version: Version) -> None:
    """Delete an edition that no product asks for and nobody accepted."""
    actions.delete_terms_document(work, id, version=version)
