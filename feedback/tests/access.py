"""Who may open the addresses of the feedback room."""

import uuid
from typing import Any

from common.testing import Row
from feedback.actions.questionnaires import open_draft
from feedback.tests import collector_access, desk_access


def _receipt(world: Any) -> list[str]:
    return [world.response.receipt_code]


def _response(world: Any) -> list[str]:
    return [world.response.reference]


def _place(world: Any) -> list[str]:
    return [world.collector.slug]


def _questionnaire(world: Any) -> list[str]:
    return [world.questionnaire.key]


def _draft(world: Any) -> list[str]:
    open_draft(world.questionnaire)
    return [world.questionnaire.key]


def _question(world: Any) -> list[str]:
    return [*_draft(world), world.question.key]


def _mark(world: Any) -> dict[str, str]:
    return {"edit_mark": world.questionnaire.draft().edit_mark, "language": "en"}


def _card(world: Any) -> dict[str, str]:
    return {"uid": str(uuid.uuid4()), "q-next": "1"}


def _managers_only(method: str, args: Any, manager: int, **more: Any) -> Row:
    """A change of the harbour's things: staff may not, others do not find it."""
    return Row(method, args, staff=403, foreign=404, manager=manager, administrator=manager, **more)


def _editors_only(method: str, args: Any, manager: int, **more: Any) -> Row:
    """A change of a questionnaire, which everybody may read: others may not."""
    return Row(method, args, staff=403, foreign=403, manager=manager, administrator=manager, **more)


EXPECTATIONS: dict[str, list[Row]] = {
    **collector_access.EXPECTATIONS,
    **desk_access.EXPECTATIONS,
    "feedback:card": [
        Row.everybody(args=_place),
        Row.everybody("post", _place, 303, data=_card),
        Row.everybody("post", _place, 422),
        Row.everybody(args=lambda world: ["nowhere"], status=404),
    ],
    "feedback:receipt_find": [Row.everybody()],
    "feedback:receipt": [
        Row.everybody(args=_receipt),
        Row.everybody(args=lambda world: ["NOBODY"], status=404),
    ],
    "feedback:receipt_erase": [Row.everybody(args=_receipt), Row.everybody("post", _receipt, 303)],
    "feedback:response_list": [Row(foreign=200)],
    "feedback:response_export": [Row(foreign=200)],
    "feedback:response_detail": [Row("get", _response)],
    "feedback:response_reply": [
        _managers_only("post", _response, 302, data=lambda world: {"text": "Thank you"}),
        _managers_only("post", _response, 422),
    ],
    "feedback:response_spam": [_managers_only("post", _response, 302)],
    "feedback:response_restore": [_managers_only("post", _response, 302)],
    "feedback:response_delete": [_managers_only("post", _response, 302)],
    "feedback:response_undelete": [_managers_only("post", _response, 302)],
    "feedback:questionnaire_list": [Row(foreign=200)],
    "feedback:questionnaire_export": [Row(foreign=200)],
    "feedback:questionnaire_add": [
        Row(staff=403, foreign=200),
        Row("post", staff=403, foreign=422, manager=422, administrator=422),
    ],
    "feedback:questionnaire_import": [
        Row(staff=403, foreign=200),
        Row("post", staff=403, foreign=422, manager=422, administrator=422),
    ],
    "feedback:starter_detail": [
        Row(args=lambda world: ["trust"], staff=403, foreign=200),
        Row(args=lambda world: ["nothing"], staff=403, foreign=404, manager=404, administrator=404),
        Row("post", lambda world: ["trust"], staff=403, foreign=422, manager=422, administrator=422),
    ],
    "feedback:questionnaire_copy": [
        Row("get", _questionnaire, staff=403, foreign=200),
        Row("post", _questionnaire, staff=403, foreign=422, manager=422, administrator=422),
    ],
    "feedback:questionnaire_detail": [Row("get", _questionnaire, foreign=200)],
    "feedback:questionnaire_preview": [Row("get", _questionnaire, foreign=200)],
    "feedback:questionnaire_file": [Row("get", _questionnaire, foreign=200)],
    "feedback:questionnaire_rename": [
        _editors_only("get", _questionnaire, 200),
        _editors_only("post", _questionnaire, 422),
        _editors_only("post", _questionnaire, 302, data=lambda world: {"name": "Card", "kind": "survey"}),
    ],
    "feedback:questionnaire_archive": [_editors_only("post", _questionnaire, 302)],
    "feedback:questionnaire_restore": [_editors_only("post", _questionnaire, 302)],
    "feedback:draft_open": [_editors_only("post", _questionnaire, 302)],
    "feedback:draft_discard": [_editors_only("post", _draft, 302, data=_mark)],
    "feedback:words_edit": [
        _editors_only("get", _draft, 200),
        _editors_only("get", _questionnaire, 404),
        _editors_only("post", _draft, 422),
        _editors_only("post", _draft, 302, data=lambda world: {**_mark(world), "title": "How was it?"}),
    ],
    "feedback:questionnaire_publish": [_editors_only("post", _draft, 302, data=_mark)],
    "feedback:question_add": [_editors_only("get", _draft, 200), _editors_only("post", _draft, 422)],
    "feedback:question_order": [_editors_only("post", _draft, 204)],
    "feedback:question_edit": [_editors_only("get", _question, 200), _editors_only("post", _question, 422)],
    "feedback:question_rule": [_editors_only("get", _question, 200), _editors_only("post", _question, 422)],
    "feedback:question_remove": [_editors_only("post", _question, 302, data=_mark)],
    "feedback:question_move": [_editors_only("post", _question, 302, data=_mark)],
}
