"""Who may open the addresses of the home room."""

from common.testing import Row

OF_A_UNIT = [
    Row.everybody(args=lambda world: [world.harbour.slug]),
    Row.everybody(args=lambda world: [world.hill.slug], status=404),
]

EXPECTATIONS: dict[str, list[Row]] = {
    "home:charter": [Row.everybody()],
    "home:editions": [Row.everybody()],
    "home:edition": [
        Row.everybody(args=lambda world: [world.root_edition.number]),
        Row.everybody(args=lambda world: [99], status=404),
    ],
    "home:edition_changes": [Row.everybody(args=lambda world: [2])],
    "home:edition_changes_since": [Row.everybody(args=lambda world: [2, 1])],
    "home:unit_edition_changes": [Row.everybody(args=lambda world: [world.harbour.slug, 2])],
    "home:unit_edition_changes_since": [Row.everybody(args=lambda world: [world.harbour.slug, 2, 1])],
    "home:places": [Row.everybody()],
    "home:unit_charter": [
        Row.everybody(args=lambda world: [world.harbour.slug]),
        Row.everybody(args=lambda world: [world.hill.slug], status=404),
    ],
    "home:preview": [
        Row(args=lambda world: [world.harbour.slug], staff=403, foreign=403),
        Row(args=lambda world: [world.root.slug], staff=403, foreign=403, manager=403),
        Row(args=lambda world: [world.hill.slug], staff=403, foreign=404, manager=404, administrator=404),
    ],
    "home:unit_editions": [
        Row.everybody(args=lambda world: [world.harbour.slug]),
        Row.everybody(args=lambda world: [world.hill.slug], status=404),
    ],
    "home:unit_edition": [
        Row.everybody(args=lambda world: [world.harbour.slug, world.edition.number]),
        Row.everybody(args=lambda world: [world.harbour.slug, 99], status=404),
    ],
    "home:unit_places": [Row.everybody(args=lambda world: [world.harbour.slug])],
    "home:said_did": [Row.everybody()],
    "home:data": [Row.everybody()],
    "home:poster": [Row.everybody()],
    "home:leaflet": [Row.everybody()],
    "home:embed": [Row.everybody()],
    "home:embed_script": [Row.everybody()],
    "home:embed_promise": [Row.everybody(args=lambda world: ["no-such-promise"], status=404)],
    "home:unit_embed": OF_A_UNIT,
    "home:unit_said_did": OF_A_UNIT,
    "home:unit_data": OF_A_UNIT,
    "home:unit_poster": OF_A_UNIT,
    "home:unit_leaflet": OF_A_UNIT,
    "home:share": [
        Row(args=lambda world: [world.harbour.slug], staff=403, foreign=403),
        Row(args=lambda world: [world.hill.slug], staff=403, foreign=404, manager=404, administrator=404),
    ],
    "home:my": [Row(foreign=200)],
}
