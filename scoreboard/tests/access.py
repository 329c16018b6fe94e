"""Who may open the addresses of the scoreboard room, and of the API."""

from datetime import date
from typing import Any

from common.testing import Row
from scoreboard.reports.periods import offered


def _harbour(world: Any) -> list[str]:
    return [world.harbour.slug]


def _measure(world: Any) -> list[str]:
    return [world.harbour.slug, world.measure.key]


def _change(world: Any) -> list[str]:
    return [world.harbour.slug, world.measure.key, world.change.reference]


def _signal(world: Any) -> list[str]:
    return [world.signal.reference]


def _report(world: Any) -> list[str]:
    return [world.report.reference]


def _draft_report(world: Any) -> list[str]:
    return [world.draft_report.reference]


def _report_wanted(world: Any) -> dict[str, str]:
    return {"unit": world.harbour.slug, "period": offered(date.today())[0][0]}


def _scores(world: Any) -> dict[str, str]:
    return {
        "measure": world.measure.key,
        "unit": world.harbour.slug,
        "start": "2026-09-01",
        "end": "2026-12-01",
    }


def _key(world: Any) -> dict[str, str]:
    return {"Authorization": f"Bearer {world.api_secret}"}


def _totals(world: Any) -> dict[str, Any]:
    total = {"unit": world.harbour.slug, "day": "2026-11-02", "channel": "counter", "served": 12}
    return {"rows": [total]}


def _card(world: Any) -> dict[str, Any]:
    return {"uid": "8a4b2c1e-0d5f-4e6a-9b7c-1f2e3d4c5b6a", "answers": {"next": 1}}


EXPECTATIONS: dict[str, list[Row]] = {
    "scoreboard:board": [Row(staff=302, foreign=302, manager=302, administrator=302)],
    "scoreboard:unit": [
        Row("get", _harbour, foreign=200),
        Row("get", lambda world: ["nowhere"], staff=404, manager=404, administrator=404),
    ],
    "scoreboard:needs": [Row("get", _harbour, foreign=200)],
    "scoreboard:activity": [Row("get", _harbour, foreign=200)],
    "scoreboard:measure": [
        Row("get", _measure, foreign=200),
        Row("get", lambda world: [world.harbour.slug, world.results_measure.key], foreign=200),
        Row(
            "get",
            lambda world: [world.harbour.slug, "nothing"],
            staff=404,
            manager=404,
            administrator=404,
        ),
    ],
    "scoreboard:standard": [
        Row("get", lambda world: [world.harbour.slug, world.standard.key], foreign=200),
        Row(
            "get",
            lambda world: [world.harbour.slug, "nothing"],
            staff=404,
            manager=404,
            administrator=404,
        ),
    ],
    "scoreboard:goals": [Row(foreign=200)],
    "scoreboard:change_add": [
        Row("post", _measure, staff=403, foreign=403, manager=422, administrator=422),
        Row("get", _measure, staff=403, foreign=405, manager=405, administrator=405),
    ],
    "scoreboard:change_archive": [
        Row("post", _change, staff=403, foreign=403, manager=302, administrator=302),
    ],
    "scoreboard:change_restore": [
        Row("post", _change, staff=403, foreign=403, manager=302, administrator=302),
        Row(
            "post",
            lambda world: [world.harbour.slug, world.measure.key, "nothing"],
            staff=403,
            manager=404,
            administrator=404,
        ),
    ],
    "scoreboard:signals": [Row(foreign=200)],
    "scoreboard:signal_detail": [
        Row("get", _signal, foreign=200),
        Row("get", lambda world: ["NOWHERE"], staff=404, manager=404, administrator=404),
    ],
    "scoreboard:signal_seen": [Row("post", _signal, staff=403, foreign=403, manager=302, administrator=302)],
    "scoreboard:signal_dismiss": [
        Row(
            "post",
            _signal,
            data=lambda world: {"reason": "The counter was closed."},
            staff=403,
            foreign=403,
            manager=302,
            administrator=302,
        ),
        Row("post", _signal, staff=403, foreign=403, manager=422, administrator=422),
    ],
    "scoreboard:signal_reopen": [
        Row(
            "post",
            lambda world: [world.dismissed_signal.reference],
            staff=403,
            foreign=403,
            manager=302,
            administrator=302,
        )
    ],
    "scoreboard:signal_scan": [Row("post", staff=403, foreign=302, manager=302, administrator=302)],
    "scoreboard:signal_letters": [
        Row(foreign=200),
        Row(
            "post",
            data=lambda world: {"rhythm": "daily"},
            staff=302,
            foreign=302,
            manager=302,
            administrator=302,
        ),
        Row("post", staff=422, foreign=422, manager=422, administrator=422),
    ],
    "scoreboard:reports": [Row(foreign=200)],
    "scoreboard:report_add": [
        Row(staff=403, foreign=200),
        Row("post", data=_report_wanted, staff=403, foreign=422, manager=302, administrator=302),
    ],
    "scoreboard:report_detail": [
        Row("get", _report, foreign=200),
        Row("get", _draft_report, staff=404, foreign=404),
    ],
    "scoreboard:report_comments": [
        Row("get", _draft_report, staff=403, foreign=404),
        Row("get", _report, staff=403, foreign=403, manager=302, administrator=302),
        Row("post", _draft_report, staff=403, foreign=404, manager=302, administrator=302),
    ],
    "scoreboard:report_make": [
        Row("post", _draft_report, staff=403, foreign=404, manager=302, administrator=302)
    ],
    "scoreboard:report_archive": [
        Row("post", _report, staff=403, foreign=403, manager=302, administrator=302)
    ],
    "scoreboard:report_restore": [
        Row("post", _report, staff=403, foreign=403, manager=302, administrator=302)
    ],
    "scoreboard:report_pdf": [
        Row("get", _report, foreign=200),
        Row("get", _draft_report, staff=404, manager=404, administrator=404),
    ],
    "scoreboard:report_xlsx": [
        Row("get", _report, foreign=200),
        Row("get", _draft_report, staff=404, manager=404, administrator=404),
    ],
    "scoreboard:report_plans": [Row(staff=403, foreign=200)],
    "scoreboard:report_plan": [
        Row("get", _harbour, staff=403, foreign=403),
        Row("post", _harbour, staff=403, foreign=403, manager=302, administrator=302),
    ],
    "scoreboard:opendata": [Row.everybody()],
    "scoreboard:opendata_csv": [Row.everybody()],
    "scoreboard:opendata_json": [Row.everybody()],
    "api:api-root": [Row.everybody(status=404), Row.everybody("post", status=404)],
    "api:openapi-json": [Row.everybody(), Row.everybody("post")],
    "api:charter": [Row.everybody()],
    "api:scores": [
        Row("get", anonymous=401, staff=422, foreign=422, manager=422, administrator=422),
        Row("get", anonymous=401, foreign=200, data=_scores, headers=_key),
    ],
    "api:results": [
        Row.everybody(headers=_key),
        Row.everybody(status=401),
        Row.everybody(status=422, headers=_key, data=lambda world: {"since": "soon"}),
    ],
    "api:activity": [
        Row.everybody("post", status=401, content_type="application/json"),
        Row.everybody("post", status=422, content_type="application/json", headers=_key),
        Row.everybody("post", status=201, data=_totals, content_type="application/json", headers=_key),
    ],
    "api:gaps": [Row.everybody(headers=_key), Row.everybody(status=401)],
    "api:actions": [Row.everybody(headers=_key), Row.everybody(status=401)],
    "api:action_reports": [
        Row.everybody(
            "post",
            lambda world: [world.action.reference],
            401,
            content_type="application/json",
        ),
        Row.everybody(
            "post",
            lambda world: ["nothing"],
            404,
            data=lambda world: {"note": "Half"},
            headers=_key,
            content_type="application/json",
        ),
    ],
    "api:round_invitations": [
        Row.everybody("post", lambda world: ["nobody"], 401, content_type="application/json"),
        Row.everybody(
            "post",
            lambda world: ["nobody"],
            404,
            data=lambda world: {"people": [{"email": "ann@example.org"}]},
            headers=_key,
            content_type="application/json",
        ),
    ],
    "api:bounces": [
        Row.everybody("post", status=401, content_type="application/json"),
        Row.everybody(
            "post",
            data=lambda world: {"emails": ["ann@example.org"]},
            headers=_key,
            content_type="application/json",
        ),
    ],
    "api:hand_in": [
        Row.everybody(
            "post",
            lambda world: [world.collector.slug],
            201,
            data=_card,
            content_type="application/json",
        ),
        Row.everybody("post", lambda world: ["nowhere"], 404, data=_card, content_type="application/json"),
        Row.everybody("post", lambda world: [world.collector.slug], 422, content_type="application/json"),
    ],
}
