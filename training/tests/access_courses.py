"""Who may open the catalogue and the editor: all read what is released, its unit's managers change it."""

from collections.abc import Callable
from typing import Any

from common.testing import Row


def _key(world: Any) -> list[str]:
    return [world.course.key]


def _part(*more: str) -> Callable[[Any], list[str]]:
    return lambda world: [world.course.key, *more]


def _edit(method: str = "get", args: Callable[[Any], Any] = _key, status: int = 200, **more: Any) -> Row:
    """Managers of other units see the course, and are told that it is not theirs to change."""
    return Row(method, args, 302, 403, 403, status, status, **more)


def _nowhere(*more: str) -> Row:
    return Row("get", lambda world: ["nowhere", *more], 302, 403, 404, 404, 404)


LESSON, MODULE, QUESTION = _part("text-1"), _part("first"), _part("q1")
EVERY_LESSON = (
    *("text-1", "scenario-2", "checklist-3", "practice-4"),
    *("video-5", "download-6", "session-7"),
)
EVERY_QUESTION = (
    *("single", "multiple", "true_false", "ordering"),
    *("matching", "numeric", "short", "open"),
)
UP = {"data": lambda world: {"way": "up"}}

EXPECTATIONS: dict[str, list[Row]] = {
    "training:course_list": [Row(foreign=200)],
    "training:course_add": [
        Row(staff=403, foreign=200),
        Row("post", staff=403, foreign=422, manager=422, administrator=422),
    ],
    "training:course_import": [
        Row(staff=403, foreign=200),
        Row("post", staff=403, foreign=422, manager=422, administrator=422),
    ],
    "training:library_take_in": [
        Row("post", lambda world: ["nowhere"], staff=403, foreign=404, manager=404, administrator=404)
    ],
    "training:picture": [
        Row(args=lambda world: [world.picture.file.reference], foreign=200),
        Row(args=lambda world: ["NOWHERE"], staff=404, manager=404, administrator=404),
    ],
    "training:course": [
        Row(args=_key, foreign=200),
        Row(args=lambda world: ["nowhere"], staff=404, manager=404, administrator=404),
    ],
    "training:course_copy": [
        Row(args=_key, staff=403, foreign=200),
        Row("post", _key, staff=403, foreign=422, manager=422, administrator=422),
    ],
    "training:course_archive": [_edit("post", status=302)],
    "training:course_restore": [_edit("post", status=302)],
    "training:course_file": [_edit(), _nowhere()],
    "training:course_edit": [_edit(), _edit("post", status=422), _nowhere()],
    "training:picture_list": [_edit(), _edit("post", status=422)],
    "training:release": [_edit(status=302), _edit("post", status=302)],
    "training:draft": [_edit(), _nowhere()],
    "training:parts_order": [_edit("post", status=204, data=lambda world: {"key": ["first"]})],
    "training:module_add": [_edit("post", status=422)],
    "training:module_edit": [_edit(args=MODULE), _edit("post", MODULE, 422)],
    "training:module_move": [_edit("post", MODULE, 302, **UP), _edit("post", _part("gone"), 404, **UP)],
    "training:module_archive": [_edit("post", MODULE, 302)],
    "training:module_restore": [_edit("post", MODULE, 302)],
    "training:lesson_add": [
        *[_edit(args=_part("first", kind)) for kind in ("text", "scenario", "checklist", "video", "session")],
        _edit(args=_part("first", "riddle"), status=404),
        _edit("post", _part("first", "text"), 422),
    ],
    "training:lesson_edit": [
        _edit(args=LESSON),
        _edit(args=_part("scenario-2")),
        _edit(args=_part("download-6")),
        _edit("post", LESSON, 422),
        _edit(args=_part("gone"), status=404),
    ],
    "training:lesson_move": [_edit("post", LESSON, 302, **UP), _edit("post", LESSON, 404)],
    "training:lesson_archive": [_edit("post", LESSON, 302), _edit("post", _part("gone"), 404)],
    "training:lesson_restore": [_edit("post", LESSON, 302)],
    "training:quiz_edit": [_edit(), _edit("post", status=422)],
    "training:quiz_remove": [_edit("post", status=302)],
    "training:question_list": [_edit()],
    "training:question_add": [
        *[_edit(args=_part(kind)) for kind in EVERY_QUESTION],
        _edit("post", _part("single"), 422),
        _edit(args=_part("riddle"), status=404),
    ],
    "training:question_edit": [_edit(args=QUESTION), _edit("post", QUESTION, 422)],
    "training:question_archive": [_edit("post", QUESTION, 302)],
    "training:question_restore": [_edit("post", QUESTION, 302)],
    "training:course_preview": [_edit()],
    "training:lesson_preview": [_edit(args=_part(lesson)) for lesson in EVERY_LESSON],
    "training:lesson_file_preview": [_edit(args=_part("download-6")), _edit(args=LESSON, status=404)],
    "training:lesson_captions_preview": [
        _edit(args=_part("video-5")),
        _edit(args=LESSON, status=404),
    ],
    "training:question_preview": [_edit(args=QUESTION), _edit(args=_part("open"))],
}
