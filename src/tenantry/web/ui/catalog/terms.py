"""Terms documents: the list, a document's page, making and editing one (SF-02)."""

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from tenantry.catalog import actions
from tenantry.catalog.lists import TERMS_DOCUMENTS
from tenantry.catalog.queries import terms_document_
from tenantry.catalog.views import TermsDocumentView
from tenantry.database import Work
from tenantry.web.http.access import may
from tenantry.web.ui.acts import allowed
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import Faults, Form, attempt, version
from tenantry.web.ui.ids import Id
from tenantry.web.ui.inputs import Asking, Input, Section, details
from tenantry.web.ui.pages import form_page, form_view, list_page, record_page
from tenantry.web.ui.rendering import words
from tenantry.web.ui.sheets import Sheet
from tenantry.web.ui.taking import taken
from tenantry.web.ui.views import Action, Empty, Head, Link, Panel

EDIT = "products:edit"
ALL = Link("Terms", "/terms-documents")
NEW = Action("new", "New document", "plus", "/terms-documents/new", primary=True)
SHEET = Sheet(
    TERMS_DOCUMENTS,
    name="terms-documents",
    url="/terms-documents",
    placeholder="Terms documents",
    title="name",
    links={"name": ("/terms-documents/{}", "id")},
    filters={"active": "In use or not"},
    phone=("edition",),
    empty=Empty("No terms yet", "What a buyer has to accept before he buys a product.", "file-text", NEW),
)
SECTIONS = (
    Section(
        "Document",
        (
            Input("name", "Name", required=True),
            Input("edition", "Edition", required=True, help="Such as 2027. Other words need another edition."),
            Input("active", "In use", "checkbox"),
            Input("body", "Text", "textarea", required=True),
        ),
    ),
)
DELETED = "Nobody accepted it, so nothing remains."

router = APIRouter()


@router.get("/terms-documents")
@may("products:view")
def documents(work: Work, request: Request) -> Response:
    """List the documents."""
    head = Head("Terms", actions=(allowed(NEW, work.actor, EDIT),))
    return list_page(request, head, SHEET.view(work, request, words(request)))


@router.get("/terms-documents.csv")
@may("products:view")
def export(work: Work, request: Request) -> Response:
    """Give the list as a file."""
    return SHEET.export(work, request)


@router.get("/terms-documents/new")
@may(EDIT)
def new(work: Work, request: Request) -> Response:  # noqa: ARG001 - one has to be allowed
    """Ask for a document."""
    return _form(request, None)


@router.post("/terms-documents/new")
@may(EDIT)
def create(work: Work, request: Request, form: Form) -> Response:
    """Make the document."""
    given = taken(form, SECTIONS, words(request))
    made, faults = attempt(work, lambda: actions.create_terms_document(work, actions.NewTermsDocument(**given)))
    if faults:
        return _form(request, None, faults, form)
    return goto(request, f"/terms-documents/{made}", said("The document was made."))


@router.get("/terms-documents/{id}")
@may("products:view")
def page(work: Work, request: Request, id: Id) -> Response:
    """Show a document."""
    view, words_ = terms_document_(work, id), words(request)
    buttons = (
        Action("edit", "Edit", "pencil", f"/terms-documents/{id}/edit"),
        Action("delete", "Delete", "trash", f"/terms-documents/{id}/delete", "post", danger=True, confirm=DELETED),
    )
    fields = details(SECTIONS, vars(view), words_, {})[0].fields
    head = Head(
        view.name,
        (ALL,),
        state="active" if view.active else "",
        subtitle=view.edition,
        actions=[allowed(one, work.actor, EDIT) for one in buttons],
    )
    return record_page(request, head, [Panel("Document", fields=fields)])


@router.get("/terms-documents/{id}/edit")
@may(EDIT)
def edit(work: Work, request: Request, id: Id) -> Response:
    """Ask for the changes."""
    return _form(request, terms_document_(work, id))


@router.post("/terms-documents/{id}/edit")
@may(EDIT)
def save(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Change the document."""
    changes = taken(form, SECTIONS, words(request))
    _, faults = attempt(work, lambda: actions.edit_terms_document(work, id, changes, version=version(form)))
    if faults:
        return _form(request, terms_document_(work, id), faults, form)
    return goto(request, f"/terms-documents/{id}", said("The document was saved."))


@router.post("/terms-documents/{id}/delete")
@may(EDIT)
def delete(work: Work, request: Request, id: Id, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """Delete the document."""
    actions.delete_terms_document(work, id)
    return goto(request, ALL.url, said("The document was deleted."))


def _form(
    request: Request, view: TermsDocumentView | None, faults: Faults | None = None, typed: FormData | None = None
) -> Response:
    values = vars(view) if view else {"active": True}
    form = form_view(
        SECTIONS,
        Asking(words(request), values, {}, {}, faults or {}, typed),
        url=f"/terms-documents/{view.id}/edit" if view else "/terms-documents/new",
        cancel_url=f"/terms-documents/{view.id}" if view else ALL.url,
        version=view.version if view else None,
    )
    crumbs = (ALL, Link(view.name, f"/terms-documents/{view.id}")) if view else (ALL,)
    return form_page(request, Head(f"Edit {view.name}" if view else "New document", crumbs), form)
