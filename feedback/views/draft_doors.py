"""What the pages of the questionnaire editor share: the doors to its rows, and what is drawn of them."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from common.policy import require
from feedback.actions.questionnaires import EditedMeanwhile
from feedback.asked import Asked
from feedback.fields import Typed
from feedback.fitness import missing_languages
from feedback.models import Questionnaire, QuestionnaireVersion
from feedback.steps import preview_pages


def questionnaire_for(user: Any, key: str) -> Questionnaire:
    return get_object_or_404(Questionnaire.objects.visible_to(user), key=key)


def draft_for(user: Any, key: str) -> QuestionnaireVersion:
    """The draft that the user may write; 404 where there is none."""
    questionnaire = questionnaire_for(user, key)
    require(user, "feedback.edit_questionnaires", questionnaire)
    draft = questionnaire.draft()
    if draft is None:
        raise Http404
    return draft


def written_language(request: HttpRequest, version: QuestionnaireVersion | None = None) -> str:
    """The language that is being written: the one asked for, else the page's, else the version's first."""
    spoken = [row.language for row in version.texts.order_by("pk")] if version else []
    wanted = request.POST.get("language") or request.GET.get("language") or ""
    known = dict(settings.TEXT_LANGUAGES)
    if wanted in known:
        return wanted
    page = get_language() or ""
    return page if page in (spoken or known) else (spoken or [settings.LANGUAGE_CODE])[0]


def language_choices(version: QuestionnaireVersion, questions: Any, language: str) -> list[dict[str, Any]]:
    """Every language that can be written; where it is begun, with how many questions lack it."""
    spoken = {row.language for row in version.texts.all()}
    lacking = [missing_languages(question, spoken) for question in questions]
    return [
        {
            "code": code,
            "name": name,
            "is_current": code == language,
            "is_begun": code in spoken,
            "missing": sum(code in each for each in lacking),
        }
        for code, name in settings.TEXT_LANGUAGES
    ]


def drawn(asked: Asked, language: str) -> dict[str, Any]:
    """What `_preview.html` needs: every page with every question, in one language."""
    return {
        "preview_words": asked.version.text(language),
        "preview_pages": preview_pages(asked, language, Typed()),
        "preview_language": language,
    }


def changed(
    request: HttpRequest, action: Any, draft: QuestionnaireVersion, done: str = "", **what: Any
) -> HttpResponse:
    """Do it to the draft and go back to the editor, which tells that it is done (where one would not see
    it), or why not."""
    try:
        action(draft, edit_mark=request.POST.get("edit_mark", ""), **what)
    except EditedMeanwhile:
        messages.warning(request, _("A colleague has changed this draft meanwhile. Please look at it again."))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        if done:
            messages.success(request, done)
    return redirect("feedback:questionnaire_detail", draft.questionnaire.key)


def edited_meanwhile() -> str:
    return _(
        "A colleague has changed this draft since you opened the form. Nothing is overwritten: copy what you"
        " wrote, open the form again, and put it in."
    )
