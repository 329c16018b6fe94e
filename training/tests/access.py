"""Who may open the addresses of the training room: a learner's own things are the learner's alone."""

from collections.abc import Callable
from typing import Any

from common.testing import Row


def _own(
    method: str = "get", args: Callable[[Any], Any] = lambda world: [], status: int = 200, **more: Any
) -> Row:
    """The learner gets in; those who manage the learner are told that it is not theirs."""
    return Row(method, args, 302, status, 404, 403, 403, **more)


def _assignment(world: Any) -> list[str]:
    return [world.assignment.reference]


def _lesson(key: str) -> Callable[[Any], list[str]]:
    return lambda world: [world.assignment.reference, key]


def _attempt(world: Any) -> list[str]:
    return [world.attempt.reference]


def _seat(world: Any) -> dict[str, str]:
    return {"session": world.training_session.reference}


def _ticks(world: Any) -> dict[str, list[str]]:
    return {"item": ["0", "x"]}


def _course(world: Any) -> list[str]:
    return [world.course.key]


def _of_managers(
    method: str = "get", args: Callable[[Any], Any] = _course, status: int = 200, **more: Any
) -> Row:
    """Those who manage the unit of the course; others see it, and may not."""
    return Row(method, args, 302, 403, 403, status, status, **more)


def _upload(world: Any) -> list[str]:
    return [world.course.key, world.question_import.reference]


def _know(method: str = "get", status: int = 200, args: list[Any] | None = None, **more: Any) -> Row:
    """Those who manage the unit of the charter; to other managers it is not there."""
    return Row(method, lambda world: args or ["harbour-branch", 2], 302, 403, 404, status, status, **more)


EXPECTATIONS: dict[str, list[Row]] = {
    "training:mine": [Row(foreign=200)],
    "training:assignment": [
        _own(args=_assignment),
        Row(args=lambda world: ["nowhere"], staff=404, manager=404, administrator=404),
    ],
    "training:renew": [_own("post", _assignment, 302)],
    "training:go_on": [_own("post", _assignment, 302)],
    "training:lesson": [
        _own(args=_lesson("text-1")),
        _own(args=_lesson("scenario-2")),
        _own(args=_lesson("checklist-3")),
        _own(args=_lesson("practice-4")),
        _own(args=_lesson("video-5")),
        _own(args=_lesson("download-6")),
        _own(args=_lesson("session-7")),
        _own(args=_lesson("nowhere"), status=404),
    ],
    "training:lesson_finish": [
        _own("post", _lesson("text-1"), 302),
        _own("post", _lesson("scenario-2"), 302),
    ],
    "training:lesson_reply": [
        _own("post", _lesson("scenario-2"), 302, data=lambda world: {"reply": "start.0"}),
        _own("post", _lesson("scenario-2"), 302, data=lambda world: {"reply": "x\0.99999"}),
    ],
    "training:lesson_restart": [_own("post", _lesson("scenario-2"), 302)],
    "training:lesson_tick": [_own("post", _lesson("checklist-3"), 302, data=_ticks)],
    "training:lesson_file": [_own(args=_lesson("download-6")), _own(args=_lesson("text-1"), status=404)],
    "training:seat_book": [
        _own(
            "post",
            _lesson("session-7"),
            302,
            data=lambda world: {"session": world.training_session.reference},
        ),
        _own("post", _lesson("session-7"), 404, data=lambda world: {"session": "no\0where"}),
    ],
    "training:seat_give_up": [_own("post", _lesson("session-7"), 302)],
    "training:session_calendar": [Row(args=lambda world: [world.training_session.reference], foreign=200)],
    "training:attempt_start": [_own("post", _assignment, 302)],
    "training:attempt": [_own(args=_attempt), _own(args=lambda world: [world.past_attempt.reference])],
    "training:attempt_answer": [
        _own("post", _attempt, 302, data=lambda world: {"position": "1", "answer": "0", "go": "on"}),
        _own("post", _attempt, 422, data=lambda world: {"position": "2", "answer": "x" * 11_000}),
    ],
    "training:attempt_submit": [_own("post", _attempt, 302)],
    "training:questions_import": [
        _of_managers(),
        _of_managers("post", status=422, data=lambda world: {"text": " "}),
        _of_managers("post", status=302, data=lambda world: {"text": "A? {T}"}),
    ],
    "training:questions_review": [
        _of_managers(args=_upload),
        _of_managers("post", _upload, 302),
    ],
    "training:questions_export": [_of_managers()],
    "training:know_list": [Row(staff=403, foreign=200)],
    "training:know_detail": [
        _know(),
        _know("post", 422, data=lambda world: {"due_days": "x"}),
        _know("post", 302, data=lambda world: {"due_days": "30", "keep": "1"}),
        _know(args=["harbour-branch", 99], status=404),
    ],
    "training:transcript": [Row(foreign=200)],
    "training:transcript_pdf": [Row(foreign=200)],
    "training:certificate_pdf": [_own(args=lambda world: [world.certificate.reference])],
    "training:certificate": [
        Row.everybody(args=lambda world: [world.certificate.reference]),
        Row.everybody(args=lambda world: ["NOWHERE"], status=404),
    ],
}
