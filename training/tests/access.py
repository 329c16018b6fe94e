"""Who may open the addresses of the training room: a learner's own things are the learner's alone."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from common.testing import Row
from training.tests.access_courses import EXPECTATIONS as COURSES


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


def _managers(
    method: str = "get",
    args: Callable[[Any], Any] = lambda world: [],
    status: int = 200,
    foreign: int = 404,
    **more: Any,
) -> Row:
    """Whoever manages the person or the unit gets in; staff are told that it is not for them."""
    return Row(method, args, 302, 403, foreign, status, status, **more)


def _other(world: Any) -> list[str]:
    return [world.other_assignment.reference]


def _rule(world: Any) -> list[str]:
    return [world.rule.reference]


def _date(world: Any) -> list[str]:
    return [world.training_session.reference]


def _to_mark(position: int) -> Callable[[Any], list[Any]]:
    return lambda world: [world.marked_attempt.reference, position]


def _to_watch(key: str) -> Callable[[Any], list[str]]:
    return lambda world: [world.other_assignment.reference, key]


def _rule_data(world: Any) -> dict[str, Any]:
    return {
        "course": world.course.key,
        "unit": world.harbour.slug,
        "due_days": 30,
        "counted_from": "hire",
        "starts_on": "2026-11-01",
        "seen": world.rule.terms(),
        "step": "save",
    }


def _session_data(world: Any) -> dict[str, Any]:
    return {
        "lesson": f"{world.course.key}/session-7",
        "unit": world.harbour.slug,
        "place": "Room 2",
        "starts_at": "2098-01-01T09:00",
        "ends_at": "2098-01-01T11:00",
        "seats": 12,
    }


LOOKING_AFTER: dict[str, list[Row]] = {
    "training:assign_start": [_managers(foreign=200)],
    "training:assigned": [
        Row(args=lambda world: [world.batch.reference], staff=403),
        Row(args=lambda world: ["nowhere"], staff=403, manager=404, administrator=404),
    ],
    "training:course_assign": [
        _managers(args=lambda world: [world.course.key], foreign=200),
        _managers("post", lambda world: [world.course.key], 422, 422),
        _managers(
            "post",
            lambda world: [world.course.key],
            data=lambda world: {"step": "search", "q": "no\0where", "people": ["x\0"]},
            foreign=200,
        ),
        _managers(
            "post",
            lambda world: [world.course.key],
            422,
            422,
            data=lambda world: {"people": ["x\0", "?"], "units": ["\0"], "due_on": "2098-01-01"},
        ),
        _managers(args=lambda world: ["nowhere"], status=404),
    ],
    "training:rules": [_managers(foreign=200)],
    "training:rule_add": [
        _managers(foreign=200),
        _managers("post", status=422, foreign=422),
        _managers("post", status=302, foreign=422, data=_rule_data),
    ],
    "training:rule": [_managers(args=_rule)],
    "training:rule_edit": [
        _managers(args=_rule),
        _managers("post", _rule, 302, data=_rule_data),
        _managers("post", _rule, 422),
    ],
    "training:rule_end": [_managers("post", _rule, 302)],
    "training:person": [
        _managers(args=lambda world: [world.colleague.reference]),
        _managers(args=lambda world: ["nowhere"], status=404),
    ],
    "training:manage": [_managers(args=_other), _managers(args=_assignment)],
    "training:extend": [
        _managers("post", _other, 409),
        _managers(
            "post",
            _other,
            302,
            data=lambda world: {
                "due_on": (max(world.other_assignment.due_on, date.today()) + timedelta(days=30)).isoformat(),
                "reason": "Ill for a month",
                "seen": world.other_assignment.stand,
            },
        ),
    ],
    "training:waive": [
        _managers("post", _other, 422),
        _managers(
            "post",
            _other,
            302,
            data=lambda world: {"reason": "Trained before", "seen": world.other_assignment.stand},
        ),
    ],
    "training:waiver_end": [_managers("post", _other, 302)],
    "training:renew_now": [_managers("post", _other, 302)],
    "training:attempt_answers": [
        _managers(args=lambda world: [world.marked_attempt.reference]),
        _managers(args=_attempt),
    ],
    "training:marking": [_managers(foreign=200)],
    "training:mark": [
        _managers(args=_to_mark(2)),
        _managers(args=_to_mark(1), status=404),
        _managers(args=_to_mark(10**30), status=404),
        _managers("post", _to_mark(2), 302, data=lambda world: {"mark": "0,5", "remark": "Good"}),
        _managers("post", _to_mark(2), 422, data=lambda world: {"mark": "NaN", "remark": "x\0"}),
    ],
    "training:mark_correct": [
        _managers(args=_to_mark(2), status=302),
        _managers(args=_to_mark(1), status=404),
        _managers("post", _to_mark(2), 302, data=lambda world: {"mark": "1", "reason": "x\0"}),
    ],
    "training:practice": [_managers(foreign=200)],
    "training:practice_note": [
        _managers(args=_to_watch("practice-4")),
        _managers(args=_to_watch("text-1"), status=404),
        _managers("post", _to_watch("practice-4"), 422, data=lambda world: {"item": ["9", "x"]}),
        _managers(
            "post",
            _to_watch("practice-4"),
            302,
            data=lambda world: {"item": ["0"], "seen_on": date.today().isoformat()},
        ),
    ],
    "training:sessions": [_managers(foreign=200)],
    "training:session_add": [
        _managers(foreign=200),
        _managers("post", status=422, foreign=422),
        _managers("post", status=302, foreign=422, data=_session_data),
    ],
    "training:session": [_managers(args=_date, foreign=403)],
    "training:session_edit": [
        _managers(args=_date, foreign=403),
        _managers(
            "post",
            _date,
            302,
            403,
            data=lambda world: _session_data(world) | {"seen": world.training_session.terms()},
        ),
        _managers("post", _date, 422, 403),
    ],
    "training:session_cancel": [
        _managers("post", _date, 302, 403, data=lambda world: {"reason": "The room is flooded"}),
        _managers("post", _date, 422, 403),
    ],
    "training:session_attendance": [_managers("post", _date, 302, 403)],
    "training:seat_give": [
        _managers(
            "post", _date, 302, 403, data=lambda world: {"assignment": world.other_assignment.reference}
        ),
        _managers("post", _date, 404, 403, data=lambda world: {"assignment": "no\0where"}),
    ],
    "training:seat_take_back": [_managers("post", _date, 404, 403)],
    "training:session_sheet": [_managers(args=_date, foreign=403)],
}


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
    **COURSES,
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
    "training:lesson_captions": [
        _own(args=_lesson("video-5")),
        _own(args=_lesson("text-1"), status=404),
    ],
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
    "training:certificate_check": [
        Row.everybody(),
        Row.everybody(data=lambda world: {"number": "NOWHERE"}, status=404),
        Row.everybody(data=lambda world: {"number": world.certificate.reference}, status=302),
    ],
    "training:certificate": [
        Row.everybody(args=lambda world: [world.certificate.reference]),
        Row.everybody(args=lambda world: ["NOWHERE"], status=404),
    ],
    **LOOKING_AFTER,
}

MANAGERS = Row(staff=403, foreign=200)
EXPECTATIONS |= {
    "training:matrix": [MANAGERS],
    "training:matrix_export": [Row("post", staff=403, foreign=302, manager=302, administrator=302)],
    "training:matrix_file": [
        Row(args=lambda world: ["NOWHERE"], staff=403, foreign=404, manager=404, administrator=404)
    ],
    "training:compliance": [MANAGERS],
    "training:hard_questions": [MANAGERS],
    "training:measured_list": [MANAGERS],
    "training:measured_edit": [
        Row(args=lambda world: [world.training_measure.key], staff=403, foreign=403),
        Row("post", lambda world: [world.training_measure.key], 302, 403, 403, 302, 302),
        Row(args=lambda world: [world.measure.key], staff=403, foreign=404, manager=404, administrator=404),
        Row(
            "post",
            lambda world: [world.training_measure.key],
            302,
            403,
            403,
            422,
            422,
            data=lambda world: {"courses": ["no\0where"]},
        ),
    ],
}
