"""Who may open the addresses of the desk: the inbox's tools, themes, letters."""

from typing import Any

from common.testing import Row
from feedback.actions.listening import save_finding
from feedback.actions.themes import save_theme
from feedback.actions.views import save_view
from feedback.models import SessionFile, Theme
from feedback.tests.factories import a_session


def _response(world: Any) -> list[str]:
    return [world.response.reference]


def _questionnaire(world: Any) -> list[str]:
    return [world.questionnaire.key]


def _session(world: Any) -> list[str]:
    return [a_session(world.harbour).reference]


def _finding(world: Any) -> list[str]:
    session = a_session(world.harbour)
    finding = save_finding(session, None, fields={"need": "A bench"}, by=None)
    return [session.reference, finding.reference]


def _file(world: Any) -> list[str]:
    session = a_session(world.harbour)
    kept = SessionFile.objects.create(session=session, file=world.file)
    return [session.reference, kept.file.reference]


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
    "feedback:session_list": [Row(foreign=200)],
    "feedback:session_add": [_managers("get", _nothing, 200), _managers("post", _nothing, 422)],
    "feedback:session_detail": [Row("get", _session)],
    "feedback:session_edit": [_handlers("get", _session, 200), _handlers("post", _session, 422)],
    "feedback:session_archive": [_handlers("post", _session, 302)],
    "feedback:session_restore": [_handlers("post", _session, 302)],
    "feedback:finding_add": [
        _handlers("post", _session, 422),
        _handlers("post", _session, 302, data=lambda world: {"need": "A bench", "severity": 2}),
    ],
    "feedback:finding_edit": [_handlers("get", _finding, 200), _handlers("post", _finding, 422)],
    "feedback:finding_move": [_handlers("post", _finding, 302)],
    "feedback:file_add": [_handlers("post", _session, 422)],
    "feedback:file_get": [Row("get", _file)],
    "feedback:file_move": [_handlers("post", _file, 302)],
    "feedback:praise_list": [Row(foreign=200)],
    "feedback:response_assign": [
        _handlers("post", _response, 302, data=lambda world: {"to": world.colleague.reference}),
        _handlers("post", _response, 422, data=lambda world: {"to": world.foreign.reference}),
    ],
    "feedback:response_note": [
        _handlers("post", _response, 302, data=lambda world: {"note": "Rang twice"}),
        _handlers("post", _response, 422),
    ],
    "feedback:response_theme": [
        _handlers("post", _response, 302, data=lambda world: {"theme": _theme(world)[0], "off": ""}),
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
            data=lambda world: {"contact_days": 90, "invited_days": 90, "version": 0, "do": "save"},
        ),
    ],
    "feedback:person_data": [
        _managers("get", _nothing, 200),
        _managers("post", _nothing, 422),
        _managers("post", _nothing, 200, data=lambda world: {"email": "ann@example.org"}),
    ],
    "feedback:results_list": [Row(foreign=200)],
    "feedback:results": [Row("get", lambda world: [world.questionnaire.key], foreign=200)],
    "feedback:set_aside_list": [_managers("get", _nothing, 200)],
    "feedback:set_aside_restore": [
        _managers("post", _nothing, 302, data=lambda world: {"place": "staff-room", "day": "2026-11-18"}),
        _managers("post", _nothing, 404),
    ],
    "feedback:theme_list": [Row(foreign=200)],
    "feedback:theme_add": [_managers("get", _nothing, 200), _managers("post", _nothing, 422)],
    "feedback:theme_edit": [_managers("get", _theme, 200), _managers("post", _theme, 422)],
    "feedback:theme_archive": [_managers("post", _theme, 302)],
    "feedback:theme_restore": [_managers("post", _theme, 302)],
}
