"""How a person wants the inbox: saved views, and letters."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common.policy import policy
from feedback.actions.letters import choose_letters
from feedback.actions.views import TooManyViews, remove_view, save_view
from feedback.forms.desk import LettersForm, ViewForm
from feedback.forms.responses import ResponseSearch
from feedback.models import LetterWish, SavedView
from organisation.access import person_of
from organisation.forms import posted


def _list_with(query: str) -> str:
    mine = reverse("feedback:response_list")
    return f"{mine}?{query}" if query else mine


@policy("feedback.see")
@require_http_methods(["GET", "POST"])
def view_save(request: HttpRequest) -> HttpResponse:
    """Keeps the filters of `?…` of this address: those that the search knows, and nothing else."""
    search = ResponseSearch(request.GET, user=person_of(request))
    query = search.query
    form = ViewForm(posted(request))
    if search.is_valid() and len(query) <= 1000 and form.is_valid():
        try:
            save_view(**form.cleaned_data, query=query, by=person_of(request))
        except TooManyViews:
            form.add_error("name", _("You keep as many views as fit on the page. Remove one first."))
        else:
            return redirect(_list_with(query))
    context = {"form": form, "search": search, "back": _list_with(query), "query": query}
    status = 422 if form.errors or search.errors else 200
    return render(request, "feedback/view_save.html", context, status=status)


@policy("feedback.see")
@require_POST
def view_remove(request: HttpRequest, reference: str) -> HttpResponse:
    """Removes one of the person's own views, and offers to keep it again."""
    person = person_of(request)
    view = SavedView.objects.filter(reference=reference, person=person).first()
    if view is None:
        raise Http404
    remove_view(view, by=person)
    messages.success(
        request, _("“%(name)s” is removed. Save these filters again to undo it.") % {"name": view}
    )
    return redirect(_list_with(view.query))


@policy("feedback.see")
@require_http_methods(["GET", "POST"])
def letters(request: HttpRequest) -> HttpResponse:
    """Which letters the person wants: at once about a low rating, a summary by day or week."""
    person = person_of(request)
    wish = LetterWish.objects.filter(person=person).first() or LetterWish(person=person)
    form = LettersForm(posted(request), instance=wish)
    if form.is_valid():
        choose_letters(person=person, **form.cleaned_data)
        messages.success(request, _("Your letters are as you want them."))
        return redirect("feedback:letters")
    return render(request, "feedback/letters.html", {"form": form}, status=422 if form.errors else 200)
