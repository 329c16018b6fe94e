"""Who may open the addresses of the scoreboard room, and of the API."""

from typing import Any

from common.testing import Row


def _harbour(world: Any) -> list[str]:
    return [world.harbour.slug]


def _measure(world: Any) -> list[str]:
    return [world.harbour.slug, world.measure.key]


def _change(world: Any) -> list[str]:
    return [world.harbour.slug, world.measure.key, world.change.reference]


def _scores(world: Any) -> dict[str, str]:
    return {
        "measure": world.measure.key,
        "unit": world.harbour.slug,
        "start": "2026-09-01",
        "end": "2026-12-01",
    }


def _key(world: Any) -> dict[str, str]:
    return {"Authorization": f"Bearer {world.api_secret}"}


def _card(world: Any) -> dict[str, Any]:
    return {"uid": "8a4b2c1e-0d5f-4e6a-9b7c-1f2e3d4c5b6a", "answers": {"next": 1}}


EXPECTATIONS: dict[str, list[Row]] = {
    "scoreboard:board": [Row(staff=302, foreign=302, manager=302, administrator=302)],
    "scoreboard:unit": [
        Row("get", _harbour, foreign=200),
        Row("get", lambda world: ["nowhere"], staff=404, manager=404, administrator=404),
    ],
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
    "scoreboard:opendata": [Row.everybody()],
    "scoreboard:opendata_csv": [Row.everybody()],
    "scoreboard:opendata_json": [Row.everybody()],
    "api:api-root": [Row.everybody(status=404), Row.everybody("post", status=404)],
    "api:openapi-json": [Row.everybody(), Row.everybody("post")],
    "api:charter": [Row.everybody()],
    "api:scores": [
        Row("get", anonymous=401, foreign=200, data=_scores),
        Row("get", anonymous=401, staff=422, foreign=422, manager=422, administrator=422),
        Row.everybody(data=_scores, headers=_key),
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
