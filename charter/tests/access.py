"""Who may open the addresses of the charter room. Everybody who is signed in reads; managers change."""

from typing import Any

from common.testing import Row


def unit(world: Any) -> list[Any]:
    return [world.harbour.slug]


def value(world: Any) -> list[Any]:
    return [world.harbour.slug, world.value.key]


def policy(world: Any) -> list[Any]:
    return [world.harbour.slug, world.policy.key]


def starter(world: Any) -> list[Any]:
    return ["clinic"]


def standard(world: Any) -> list[Any]:
    return [world.standard.key]


def need(world: Any) -> list[Any]:
    return [world.need.reference]


def need_and_standard(world: Any) -> list[Any]:
    return [world.need.reference, world.standard.key]


def measure(world: Any) -> list[Any]:
    return [world.measure.key]


def result(world: Any) -> list[Any]:
    return [world.result.reference]


def improvement(world: Any) -> list[Any]:
    return [world.improvement.reference]


def import_(world: Any) -> list[Any]:
    return [world.import_.reference]


def up(world: Any) -> dict[str, str]:
    return {"way": "up"}


def round_(world: Any) -> list[Any]:
    return [world.harbour.slug, world.review.number]


def part(world: Any) -> list[Any]:
    return [world.harbour.slug, "standard:next-step"]


def second_edition(world: Any) -> list[Any]:
    return [world.harbour.slug, 2]


def hidden(args: Any, status: int, **more: Any) -> Row:
    """A step of a round that only the unit's managers know of: the others do not see it (404)."""
    return Row("post", args, staff=403, manager=status, administrator=status, **more)


def changes(args: Any, status: int = 302, **more: Any) -> Row:
    """A change that the managers of the unit may make; the others read, so it is no secret: 403."""
    return Row("post", args, staff=403, foreign=403, manager=status, administrator=status, **more)


def form(args: Any) -> list[Row]:
    """A form that opens for those who may change, and refuses an empty answer."""
    return [Row(args=args, staff=403, foreign=403), changes(args, 422)]


READ = Row(foreign=200)

EXPECTATIONS: dict[str, list[Row]] = {
    "charter:desk": [
        READ,
        Row("post", staff=403, foreign=422, manager=422, administrator=422),
        Row(
            "post",
            staff=403,
            foreign=302,
            manager=422,
            administrator=302,
            data=lambda world: {"unit": world.hill.slug, "title": "What you can expect"},
        ),
    ],
    "charter:edit": [Row(args=unit, foreign=200)],
    "charter:texts_edit": form(unit),
    "charter:value_add": form(unit),
    "charter:value_edit": form(value),
    "charter:value_move": [changes(value, data=up)],
    "charter:value_archive": [changes(value)],
    "charter:value_restore": [changes(value)],
    "charter:order": [
        changes(unit, 204, data=lambda world: {"part": "values", "key": [world.value.key]}),
    ],
    "charter:policy_add": form(unit),
    "charter:policy_edit": form(policy),
    "charter:policy_move": [changes(policy, data=up)],
    "charter:policy_archive": [changes(policy)],
    "charter:policy_restore": [changes(policy)],
    "charter:unmatched": [READ],
    "charter:need_tie": [
        Row("post", need, staff=403, foreign=302, manager=302, administrator=302),
    ],
    "charter:need_measures": [
        Row(args=need, staff=403, foreign=403),
        changes(need),
    ],
    "charter:need_untie": [changes(need_and_standard)],
    "charter:starter_list": [Row(staff=403, foreign=200)],
    "charter:starter_detail": [
        Row(args=starter, staff=403, foreign=200),
        Row("post", starter, staff=403, foreign=422, manager=422, administrator=422),
    ],
    "charter:standard_add": form(unit),
    "charter:standard_edit": form(standard),
    "charter:standard_move": [changes(standard, data=up)],
    "charter:standard_archive": [changes(standard)],
    "charter:standard_restore": [changes(standard)],
    "charter:measure_add": form(standard),
    "charter:measure_edit": form(measure),
    "charter:measure_archive": [changes(measure)],
    "charter:measure_restore": [changes(measure)],
    "charter:goal_add": [changes(measure, 422)],
    "charter:edition_list": [Row(args=unit, foreign=200)],
    "charter:edition_detail": [Row(args=lambda world: [world.harbour.slug, 1], foreign=200)],
    "charter:edition_publish": form(unit),
    "charter:improvement_list": [READ],
    "charter:improvement_add": [
        Row(staff=403, foreign=200),
        Row("post", staff=403, foreign=422, manager=422, administrator=422),
    ],
    "charter:improvement_edit": form(improvement),
    "charter:improvement_publish": [changes(improvement)],
    "charter:improvement_archive": [changes(improvement)],
    "charter:improvement_restore": [changes(improvement)],
    "charter:difference": [Row(args=unit, foreign=200)],
    "charter:change_explain": [
        Row(args=part, staff=403, foreign=403),
        changes(part, 422, data=lambda world: {"why": "x" * 2000}),
    ],
    "charter:review_list": [Row(args=unit, foreign=200)],
    "charter:review_open": form(unit),
    "charter:review_detail": [Row(args=round_, staff=404)],
    "charter:review_comment": [Row("post", round_, staff=404, manager=422, administrator=422)],
    "charter:comment_settle": [hidden(lambda world: [*round_(world), world.comment.reference], 422)],
    "charter:review_verdict": [Row("post", round_, staff=404, manager=422, administrator=404)],
    "charter:reviewer_name": [hidden(round_, 422)],
    "charter:reviewer_release": [hidden(lambda world: [*round_(world), world.reviewer.reference], 302)],
    "charter:review_sign_off": [hidden(round_, 422)],
    "charter:review_close": [hidden(round_, 302)],
    "charter:edition_sign": [
        Row(args=second_edition, manager=404, administrator=404),
        Row("post", second_edition, staff=422, manager=404, administrator=404),
    ],
    "charter:signature_list": [Row(args=second_edition, foreign=200)],
    "charter:signature_reply": [
        Row("post", lambda world: [world.asking.reference], staff=403, manager=422, administrator=422)
    ],
    "charter:signature_settle": [
        Row("post", lambda world: [world.answered.reference], staff=302, manager=404, administrator=404)
    ],
    "charter:result_list": [READ],
    "charter:result_add": [
        Row(staff=403, foreign=200),
        Row("post", staff=403, foreign=422, manager=422, administrator=422),
    ],
    "charter:result_edit": form(result),
    "charter:result_delete": [changes(result)],
    "charter:result_undelete": [changes(result)],
    "charter:case_list": [Row(foreign=200)],
    "charter:case_detail": [Row(args=lambda world: [world.case.reference], foreign=200)],
    "charter:import_list": [Row(staff=403, foreign=200)],
    "charter:import_add": [
        Row(staff=403, foreign=200),
        Row("post", staff=403, foreign=422, manager=422, administrator=422),
    ],
    "charter:import_detail": [Row(args=import_, staff=403)],
    "charter:import_map": [
        Row(args=import_, staff=403),
        Row("post", import_, staff=403, manager=422, administrator=422, data=lambda world: {"met": "met"}),
    ],
    "charter:import_take": [Row("post", import_, staff=403, manager=302, administrator=302)],
    "charter:import_undo": [Row("post", import_, staff=403, manager=302, administrator=302)],
    "charter:import_bad_rows": [Row(args=import_, staff=403, manager=404, administrator=404)],
}
