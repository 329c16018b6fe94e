"""Who may open the addresses of the desk: the inbox's tools, themes, letters."""

from typing import Any

from common.testing import Row
from feedback.actions.themes import save_theme
from feedback.actions.views import save_view
from feedback.models import Theme


def _response(world: Any) -> list[str]:
    return [world.response.reference]


def _questionnaire(world: Any) -> list[str]:
    return [world.questionnaire.key]


def _theme(world: Any) -> list[str]:
    found = Theme.objects.first() or save_theme(None, name="Waiting", lines={"en": "wait*"}, by=None)
    return [found.reference]


def _view(world: Any) -> list[str]:
    return [save_view(name="Mine", query="", is_shared=True, by=world.manager).reference]


def _chosen(world: Any) -> dict[str, Any]:
    return {"do": "spam", "chosen": [world.response.reference]}


def _handlers(method: str, args: Any, status: int, **more: Any) -> Row:
    """Managers of the card's unit; the managers of others do not find it."""
    return Row(method, args, staff=403, foreign=404, manager=status, administrator=status, **more)


def _managers(method: str, args: Any, status: int, **more: Any) -> Row:
    """Managers of any unit: themes hold for the whole organisation."""
    return Row(method, args, staff=403, foreign=status, manager=status, administrator=status, **more)


def _nothing(world: Any) -> list[str]:
    return []


EXPECTATIONS: dict[str, list[Row]] = {
    "feedback:response_bulk": [
        _handlers("post", _nothing, 302, data=_chosen),
        _managers("post", _nothing, 422),
    ],
    "feedback:comment_feed": [Row(foreign=200)],
    "feedback:praise_list": [Row(foreign=200)],
    "feedback:response_assign": [
        _handlers("post", _response, 302, data=lambda world: {"to": world.colleague.reference}),
        _handlers("post", _response, 422, data=lambda world: {"to": world.foreign.reference}),
    ],
    "feedback:response_note": [
        _handlers("post", _response, 302, data=lambda world: {"note": "Rang twice"}),
        _handlers("post", _response, 422),
    ],
    "feedback:response_pass_on": [
        _handlers("post", _response, 302, data=lambda world: {"person": world.colleague.reference}),
        _handlers("post", _response, 422),
    ],
    "feedback:view_save": [
        Row(foreign=200),
        Row(
            "post", staff=302, foreign=302, manager=302, administrator=302, data=lambda world: {"name": "Low"}
        ),
        Row("post", staff=422, foreign=422, manager=422, administrator=422),
    ],
    "feedback:view_remove": [
        Row("post", _view, staff=404, foreign=404, manager=302, administrator=404),
    ],
    "feedback:letters": [
        Row(foreign=200),
        Row(
            "post",
            staff=302,
            foreign=302,
            manager=302,
            administrator=302,
            data=lambda world: {"rhythm": "daily"},
        ),
        Row("post", staff=422, foreign=422, manager=422, administrator=422),
    ],
    "feedback:receipt_data": [
        Row.everybody(args=lambda world: [world.response.receipt_code]),
        Row.everybody(args=lambda world: ["NOBODY"], status=302),
    ],
    "feedback:retention_list": [Row(foreign=200)],
    "feedback:retention_edit": [
        Row("get", _questionnaire, staff=403, foreign=403),
        Row("post", _questionnaire, staff=403, foreign=403, manager=422, administrator=422),
        Row(
            "post",
            _questionnaire,
            staff=403,
            foreign=403,
            manager=302,
            administrator=302,
            data=lambda world: {"contact_days": 90, "version": 0, "do": "save"},
        ),
    ],
    "feedback:person_data": [
        _managers("get", _nothing, 200),
        _managers("post", _nothing, 422),
        _managers("post", _nothing, 200, data=lambda world: {"email": "ann@example.org"}),
    ],
    "feedback:results_list": [Row(foreign=200)],
    "feedback:results": [Row("get", lambda world: [world.questionnaire.key], foreign=200)],
    "feedback:theme_list": [Row(foreign=200)],
    "feedback:theme_add": [_managers("get", _nothing, 200), _managers("post", _nothing, 422)],
    "feedback:theme_edit": [_managers("get", _theme, 200), _managers("post", _theme, 422)],
    "feedback:theme_archive": [_managers("post", _theme, 302)],
    "feedback:theme_restore": [_managers("post", _theme, 302)],
}
