"""The three kinds of page that nearly all pages are: a list, a record, a form."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from tenantry.web.ui.inputs import Asking, Section, groups
from tenantry.web.ui.rendering import render
from tenantry.web.ui.views import Dialog, FieldError, FormView, Head, ListView, Panel


def list_page(request: Request, head: Head, view: ListView) -> Response:
    """Draw a list."""
    return render(request, "page/list.html", head=head, view=view)


def record_page(
    request: Request,
    head: Head,
    main: Sequence[Panel],
    side: Sequence[Panel] = (),
    dialogs: Sequence[Dialog] = (),
) -> Response:
    """Draw a record, or one of its tabs."""
    return render(request, "page/record.html", head=head, main=main, side=side, dialogs=dialogs)


def form_page(request: Request, head: Head, form: FormView) -> Response:
    """Draw a form; one that comes back with faults is no success."""
    wrong = form.faults or any(field.error for field in form.fields)
    return render(request, "page/form.html", status=422 if wrong else 200, head=head, form=form)


def form_view(
    sections: Sequence[Section],
    asking: Asking,
    *,
    url: str,
    cancel_url: str,
    submit: str = "Save",
    version: int | None = None,
    likeness_url: str = "",
    hidden: Sequence[tuple[str, str]] = (),
) -> FormView:
    """Give a form of these sections; what is wrong with none of their fields stands above it."""
    parts = groups(sections, asking)
    names = {field.name for group in parts for field in group.fields if not field.locked}
    apart: Sequence[FieldError] = [
        found for name in asking.faults if name not in names and (found := asking.fault(name))
    ]
    return FormView(url, parts, submit, cancel_url, version, (), apart, likeness_url, hidden)
