"""What a form's page needs to offer unsaved words back, and to forget them once they are saved.

A form opts in with `data-draft` (its address) and `data-draft-person`; `static/drafts.js` does the
rest. Opt in only what may lie in a browser: no form with personal data of customers.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.datastructures import MultiValueDict

from organisation.access import person_of
from organisation.actions.drafts import discard_draft
from organisation.models import FormDraft

SAVED = "saved-form"
SECONDS = 600
NEVER = "data-draft-never"
"""On the widget of a secret: it is never kept, and stays as it is where the rest is filled in."""


@dataclass(frozen=True)
class Offer:
    """The words that are kept for a form at an address; `is_used` where the page shows them."""

    form: str
    person: str
    kept: FormDraft | None = None
    is_used: bool = False

    @property
    def use_url(self) -> str:
        return f"{self.form}{'&' if '?' in self.form else '?'}draft=use"


def address_of(request: HttpRequest, language: str = "", page: str = "", part: str = "") -> str:
    """The address of the form: that of its page, with its language or its part where it has several."""
    query = urlencode({name: each for name, each in (("language", language), ("part", part)) if each})
    return f"{page or request.path}{'?' if query else ''}{query}"


def offer(
    request: HttpRequest, form: BaseForm, *, language: str = "", page: str = "", part: str = ""
) -> Offer:
    """What was kept for this page's form. With `?draft=use` the form is filled with it.

    `page` is the address of the form's page where it is sent to another one; `part` tells a second form on
    the page apart. A page that answers a post shows what was just typed, so nothing else is offered there;
    where only a preview was asked for, the form is filled with that, and nothing is checked yet.
    """
    person, address = person_of(request), address_of(request, language, page, part)
    wanted = request.GET.get("draft", ""), request.GET.get("part", "")
    kept = None
    if is_preview(request):
        _fill(form, request.POST)
    if request.method == "GET":
        kept = FormDraft.objects.filter(person=person, form=address).first()
    is_used = kept is not None and wanted == ("use", part)
    if kept and is_used:
        _fill(form, kept.content)
    return Offer(address, person.reference, kept, is_used)


def kept_words(request: HttpRequest, *, language: str = "") -> QueryDict | None:
    """What `?draft=use` asks for, as if it had just been posted: for forms whose fields follow from what is
    typed. None where nothing is kept, or wanted."""
    if request.method != "GET" or request.GET.get("draft") != "use":
        return None
    address = address_of(request, language)
    kept = FormDraft.objects.filter(person=person_of(request), form=address).first()
    if kept is None:
        return None
    words = QueryDict(mutable=True)
    for name, values in kept.content.items():
        words.setlist(name, list(values))
    return words


def is_preview(request: HttpRequest) -> bool:
    return request.method == "POST" and "preview" in request.POST


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: an empty answer is an answer too, a wish for a preview is none."""
    return request.POST if request.method == "POST" and not is_preview(request) else None


def _fill(form: BaseForm, content: Any) -> None:
    data: Any = content if isinstance(content, MultiValueDict) else MultiValueDict(content)
    for name, field in form.fields.items():
        if NEVER in field.widget.attrs:
            continue
        form.initial[name] = field.widget.value_from_datadict(data, MultiValueDict(), form.add_prefix(name))


def settle(
    request: HttpRequest, response: HttpResponse, *, language: str = "", page: str = "", part: str = ""
) -> HttpResponse:
    """The form is saved: forget what was kept for it, here and (by a cookie that says so) in the browser."""
    address = address_of(request, language, page, part)
    discard_draft(person=person_of(request), form=address)
    response.set_cookie(
        SAVED, quote(address, safe=""), max_age=SECONDS, samesite="Lax", secure=request.is_secure()
    )
    return response
