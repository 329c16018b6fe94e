"""Who may open the addresses of the organisation room."""

from typing import Any

from common.testing import Row

RESET_KEY = {"uidb36": "1", "key": "set-password"}


def _harbour(world: Any) -> list[str]:
    return [world.harbour.slug]


def _colleague(world: Any) -> list[str]:
    return [world.colleague.reference]


def _colleagues_role(world: Any) -> list[str]:
    return [world.colleague.reference, world.harbour.slug]


def _unit(world: Any) -> dict[str, str]:
    return {"name": "Quay", "slug": "quay", "timezone": "Europe/London", "parent": world.harbour.slug}


def _person(world: Any) -> dict[str, str]:
    return {"name": "Robin Quay", "language": "", "hired_on": "2026-02-01"}


def _role(world: Any) -> dict[str, str]:
    return {"unit": world.harbour.slug, "role": "manager", "level": "middle"}


def _letter_to(email: str) -> Any:
    def data(world: Any) -> dict[str, str]:
        return {"email": email, "unit": world.harbour.slug, "role": "staff", "level": "front"}

    return data


def _calendar(world: Any) -> list[str]:
    return [world.calendar.reference]


def _hours(world: Any) -> dict[str, str]:
    return {"name": "Quay", "zone": "Europe/London", "mon": "9-17", "version": "1"}


def _eve(world: Any) -> dict[str, str]:
    return {"day": "2026-12-24", "name": "Christmas Eve", "hours": "9-12"}


def _england(world: Any) -> dict[str, str]:
    return {"country": "GB", "region": "ENG", "first": "2026", "last": "2026", "day": "2026-12-28"}


def _look(world: Any) -> dict[str, str]:
    return {
        "name": "Harbour",
        "short_name": "Harbour",
        "colour": "#0f6b6b",
        "language": "en",
        "financial_year_starts": 1,
    }


EXPECTATIONS: dict[str, list[Row]] = {
    "account_login": [
        Row("get", anonymous=200, staff=302, foreign=302, manager=302, administrator=302),
        Row(
            "post",
            anonymous=422,
            staff=302,
            foreign=302,
            manager=302,
            administrator=302,
            data=lambda world: {"login": "nobody@example.org", "password": "wrong"},
        ),
    ],
    "account_logout": [
        Row("get", anonymous=302, foreign=200),
        Row.everybody("post", status=302),
    ],
    "account_inactive": [Row.everybody()],
    "account_reset_password": [
        Row.everybody(),
        Row.everybody("post", status=302, data=lambda world: {"email": "nobody@example.org"}),
        Row.everybody("post", status=422, data=lambda world: {"email": "no address"}),
    ],
    "account_reset_password_done": [Row.everybody()],
    "account_reset_password_from_key": [
        Row.everybody(args=lambda world: RESET_KEY),
        Row.everybody("post", lambda world: RESET_KEY),
    ],
    "account_reset_password_from_key_done": [Row.everybody()],
    "organisation:unit_list": [Row(staff=403, foreign=200)],
    "organisation:unit_add": [
        Row.administrators(),
        Row.administrators("post", status=422),
        Row.administrators("post", status=302, data=_unit),
    ],
    "organisation:unit_edit": [
        Row.administrators("get", _harbour),
        Row.administrators("post", _harbour, 302, data=_unit),
    ],
    "organisation:unit_move": [
        Row.administrators("get", _harbour),
        Row.administrators("post", _harbour, 422, data=lambda world: {"parent": world.hill.slug}),
    ],
    "organisation:unit_archive": [Row.administrators("post", _harbour, 302)],
    "organisation:unit_restore": [Row.administrators("post", _harbour, 302)],
    "organisation:person_list": [Row(staff=403, foreign=200)],
    "organisation:person_edit": [
        Row("get", _colleague, staff=403),
        Row("post", _colleague, staff=403, manager=422, administrator=422),
        Row("post", _colleague, staff=403, manager=302, administrator=302, data=_person),
        Row("get", lambda world: [world.administrator.reference], staff=403, manager=404),
        Row("get", lambda world: [world.manager.reference], staff=403),
    ],
    "organisation:role_set": [
        Row("post", _colleague, staff=403, manager=422, administrator=422),
        Row("post", _colleague, staff=403, manager=302, administrator=302, data=_role),
    ],
    "organisation:role_remove": [Row("post", _colleagues_role, staff=403, manager=302, administrator=302)],
    "organisation:person_deactivate": [Row("post", _colleague, staff=403, manager=302, administrator=302)],
    "organisation:person_reactivate": [Row("post", _colleague, staff=403, manager=302, administrator=302)],
    "organisation:invitation_list": [Row(staff=403, foreign=200)],
    "organisation:invitation_add": [
        Row(staff=403, foreign=200),
        Row("post", staff=403, foreign=422, manager=422, administrator=422),
        Row(
            "post",
            staff=403,
            foreign=422,
            manager=302,
            administrator=302,
            data=_letter_to("another@example.org"),
        ),
    ],
    "organisation:invitation_revoke": [
        Row(
            "post",
            lambda world: [world.invitation.reference],
            staff=403,
            manager=302,
            administrator=302,
        )
    ],
    "organisation:invitation_accept": [
        Row.everybody("get", lambda world: [world.invitation_secret]),
        Row(
            "post",
            lambda world: [world.invitation_secret],
            anonymous=422,
            staff=403,
            foreign=403,
            manager=403,
            administrator=403,
        ),
        Row.everybody("get", lambda world: ["no-such-secret"], 410),
        Row.everybody("post", lambda world: ["no-such-secret"], 410),
    ],
    "organisation:settings": [Row(staff=403, foreign=200)],
    "organisation:installation_edit": [
        Row.administrators(),
        Row.administrators("post", status=422),
        Row.administrators("post", status=302, data=_look),
    ],
    "organisation:token_list": [Row.administrators()],
    "organisation:token_add": [
        Row.administrators(),
        Row.administrators("post", status=422),
        Row.administrators(
            "post", status=201, data=lambda world: {"name": "Intranet", "scopes": ["scores.read"]}
        ),
    ],
    "organisation:token_revoke": [Row.administrators("post", lambda world: [world.token.reference], 302)],
    "organisation:audit_list": [Row.administrators()],
    "organisation:calendar_list": [Row(staff=403, foreign=200)],
    "organisation:calendar_add": [
        Row.administrators(),
        Row.administrators("post", status=422),
        Row.administrators("post", status=302, data=_hours),
    ],
    "organisation:calendar_detail": [Row("get", _calendar, staff=403, foreign=200)],
    "organisation:calendar_edit": [
        Row.administrators("get", _calendar),
        Row.administrators("post", _calendar, 422),
        Row.administrators("post", _calendar, 302, data=_hours),
    ],
    "organisation:calendar_day_set": [
        Row.administrators("post", _calendar, 422),
        Row.administrators("post", _calendar, 302, data=_eve),
    ],
    "organisation:calendar_day_remove": [
        Row.administrators("post", lambda world: [world.calendar.reference, "2026-12-25"], 302),
        Row.administrators("post", lambda world: [world.calendar.reference, "2026-12-26"], 404),
    ],
    "organisation:calendar_holidays": [
        Row.administrators("get", _calendar),
        Row.administrators("post", _calendar, 422),
        Row.administrators("post", _calendar, 302, data=_england),
    ],
    "organisation:calendar_use": [
        Row.administrators("post", _calendar, 422),
        Row.administrators("post", _calendar, 302, data=lambda world: {"unit": world.hill.slug}),
    ],
    "organisation:calendar_unuse": [
        Row.administrators("post", lambda world: [world.calendar.reference, world.harbour.slug], 302),
        Row.administrators("post", lambda world: [world.calendar.reference, world.hill.slug], 404),
    ],
    "organisation:calendar_archive": [Row.administrators("post", _calendar, 302)],
    "organisation:calendar_restore": [Row.administrators("post", _calendar, 302)],
    "organisation:brand_css": [Row.everybody()],
    "organisation:logo": [
        Row.everybody(args=lambda world: [world.logo.reference]),
        Row.everybody(args=lambda world: [world.file.reference], status=404),
    ],
    "organisation:job_list": [Row(foreign=200)],
    "organisation:job_detail": [Row("get", lambda world: [world.job.reference], staff=404)],
    "organisation:job_retry": [
        Row(
            "post",
            lambda world: [world.parked_job.reference],
            staff=404,
            manager=403,
            administrator=302,
        )
    ],
    "organisation:mail_list": [Row.administrators()],
    "organisation:mail_retry": [Row.administrators("post", status=302)],
    "organisation:draft_keep": [
        Row("post", staff=422, foreign=422, manager=422, administrator=422),
        Row("post", foreign=200, data=lambda world: {"form": "/my/", "content": "{}"}),
    ],
    "organisation:healthz": [Row.everybody()],
    "organisation:readyz": [Row.everybody()],
}
