"""Who may open the addresses of the strategy room."""

from collections.abc import Callable
from typing import Any

from common.testing import Row

Args = Callable[[Any], list[str]]


def _gap(world: Any) -> list[str]:
    return [world.gap.reference]


def _proposed(world: Any) -> list[str]:
    return [world.proposed_gap.reference]


def _dismissed(world: Any) -> list[str]:
    return [world.dismissed_gap.reference]


def _action(world: Any) -> list[str]:
    return [world.action.reference]


def _milestone(world: Any) -> list[str]:
    return [world.action.reference, world.milestone.key]


def _initiative(world: Any) -> list[str]:
    return [world.initiative.reference]


def _part(world: Any) -> list[str]:
    return [world.initiative.reference, "stakes", world.stake.reference]


def _round(world: Any) -> list[str]:
    return [world.round.reference]


def _review(world: Any) -> list[str]:
    return [world.plan_review.reference]


def _draft(world: Any) -> list[str]:
    return [world.announcement.reference]


def _sent(world: Any) -> list[str]:
    return [world.sent.reference]


def done_by_managers(args: Args) -> list[Row]:
    """A button that does something at once."""
    return [Row("post", args, staff=403, foreign=403, manager=302, administrator=302)]


def readers(args: Args = lambda world: []) -> list[Row]:
    """Everybody who is signed in reads it."""
    return [Row("get", args, foreign=200)]


def managers(args: Args, **more: Any) -> list[Row]:
    """A small page of one step: for who manages the unit."""
    return [
        Row("get", args, staff=403, foreign=403),
        Row("post", args, staff=403, foreign=403, **({"manager": 422, "administrator": 422} | more)),
    ]


EXPECTATIONS: dict[str, list[Row]] = {
    "strategy:gaps": readers(),
    "strategy:gap": readers(_gap),
    "strategy:gaps_look": [Row("post", staff=403, foreign=302, manager=302, administrator=302)],
    "strategy:gap_add": [
        Row(staff=403, foreign=200),
        Row("post", staff=403, foreign=422, manager=422, administrator=422),
    ],
    "strategy:gap_open": managers(_proposed),
    "strategy:gap_edit": managers(_gap),
    "strategy:gap_dismiss": managers(_gap),
    "strategy:gap_take_up": [Row("post", _dismissed, staff=403, foreign=403, manager=302, administrator=302)],
    "strategy:gap_merge": managers(_gap),
    "strategy:gap_close": managers(_gap),
    "strategy:gap_train": managers(_gap),
    "strategy:gap_promise": managers(_gap),
    "strategy:initiatives": readers(),
    "strategy:initiative": readers(_initiative),
    "strategy:initiative_add": [
        Row(staff=403, foreign=200),
        Row("post", staff=403, foreign=422, manager=422, administrator=422),
    ],
    "strategy:initiative_edit": managers(_initiative),
    "strategy:initiative_archive": done_by_managers(_initiative),
    "strategy:step_say": done_by_managers(lambda world: [world.initiative.reference, 5]),
    "strategy:part_add": managers(lambda world: [world.initiative.reference, "stakes"]),
    "strategy:part_edit": managers(_part),
    "strategy:part_remove": done_by_managers(_part),
    "strategy:part_restore": done_by_managers(_part),
    "strategy:rounds": readers(),
    "strategy:round": readers(_round),
    "strategy:round_add": [
        Row(staff=403, foreign=200),
        Row("post", staff=403, foreign=422, manager=422, administrator=422),
    ],
    "strategy:round_edit": managers(_round),
    "strategy:round_move": done_by_managers(_round),
    "strategy:round_answer": [
        Row("get", _round, staff=302, foreign=302, manager=302, administrator=302),
        Row("post", _round, staff=302, foreign=302, manager=302, administrator=302),
    ],
    "strategy:round_agree": [
        Row("get", _round, staff=403, foreign=403, manager=302, administrator=302),
        Row("post", _round, staff=403, foreign=403, manager=302, administrator=302),
    ],
    "strategy:checklist": [
        Row("get", lambda world: [world.harbour.slug], foreign=200),
        Row(
            "post",
            lambda world: [world.harbour.slug],
            staff=403,
            foreign=403,
            manager=422,
            administrator=422,
        ),
    ],
    "strategy:initiative_pdf": readers(_initiative),
    "strategy:reviews": readers(),
    "strategy:review": readers(_review),
    "strategy:review_add": [
        Row(staff=403, foreign=200),
        Row("post", staff=403, foreign=422, manager=422, administrator=422),
    ],
    "strategy:review_edit": managers(_review),
    "strategy:review_attendance": managers(_review, manager=302, administrator=302),
    "strategy:review_decide": managers(_review),
    "strategy:review_hold": [
        Row("get", _review, staff=403, foreign=403),
        Row(
            "post",
            _review,
            staff=403,
            foreign=403,
            data=lambda world: {"next_on": "nonsense"},
            manager=422,
            administrator=422,
        ),
    ],
    "strategy:review_call_off": done_by_managers(_review),
    "strategy:review_pdf": readers(lambda world: [world.held_review.reference]),
    "strategy:announcements": readers(),
    "strategy:announcement": [Row("get", _sent), Row("get", _draft, staff=404)],
    "strategy:announcement_add": [
        Row(staff=403, foreign=200),
        Row("post", staff=403, foreign=422, manager=422, administrator=422),
    ],
    "strategy:announcement_edit": [
        Row("get", _draft, staff=403),
        Row("post", _draft, staff=403, manager=422, administrator=422),
    ],
    "strategy:announcement_send": [Row("post", _draft, staff=403, manager=302, administrator=302)],
    "strategy:announcement_withdraw": [Row("post", _sent, staff=403, manager=302, administrator=302)],
    "strategy:announcement_read": [Row("post", _sent, staff=302, manager=302, administrator=302)],
    "strategy:why": readers(),
    "strategy:why_edit": managers(lambda world: [world.harbour.slug]),
    "strategy:plan": readers(),
    "strategy:board": readers(),
    "strategy:timeline": readers(),
    "strategy:action": readers(_action),
    "strategy:action_add": [
        Row(staff=403, foreign=200),
        Row("post", staff=403, foreign=422, manager=422, administrator=422),
    ],
    "strategy:action_edit": managers(_action),
    "strategy:action_check_in": [
        Row("get", _action, staff=403, foreign=403, manager=302, administrator=302),
        Row("post", _action, staff=403, foreign=403, manager=302, administrator=302),
    ],
    "strategy:action_override": managers(_action),
    "strategy:action_cancel": managers(_action),
    "strategy:action_milestones": managers(_action),
    "strategy:action_move": done_by_managers(_action),
    "strategy:milestone_tick": done_by_managers(_milestone),
}
