"""Begin a charter: empty, or with one of the starters, which can be read before."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from charter import actions
from charter.forms.charters import NewCharterForm
from charter.starters import LANGUAGE, Starter, starters
from charter.views.doors import acting, posted
from common.policy import policy, require


@policy("charter.edit")
@require_GET
def starter_list(request: HttpRequest) -> HttpResponse:
    context = {"starters": starters().values(), "language": LANGUAGE}
    return render(request, "charter/starter_list.html", context)


@policy("charter.edit")
@require_http_methods(["GET", "POST"])
def starter_detail(request: HttpRequest, key: str) -> HttpResponse:
    """The whole starter to read. A POST begins the charter of a unit with it."""
    starter = starters().get(key)
    if starter is None:
        raise Http404
    form = NewCharterForm(posted(request), user=request.user, initial={"title": starter.title})
    if form.is_valid():
        return _begin(request, starter, form)
    context = {"starter": starter, "form": form, "language": LANGUAGE}
    return render(request, "charter/starter_detail.html", context, status=422 if form.errors else 200)


def _begin(request: HttpRequest, starter: Starter, form: NewCharterForm) -> HttpResponse:
    wanted = form.cleaned_data
    require(request.user, "charter.edit", wanted["unit"])
    try:
        charter = actions.begin_with_starter(**wanted, starter=starter, by=acting(request))
    except actions.CharterExists:
        messages.warning(request, _("A colleague has just begun this unit's charter. Here it is."))
        return redirect("charter:edit", wanted["unit"].slug)
    messages.success(
        request,
        _(
            "The charter is begun. Everything in it is yours to change: "
            "say only what you can keep, and set your own goals."
        ),
    )
    return redirect(charter)
