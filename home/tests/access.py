"""Who may open the addresses of the home room."""

from common.testing import Row

EXPECTATIONS: dict[str, list[Row]] = {
    "home:charter": [Row.everybody()],
    "home:editions": [Row.everybody()],
    "home:edition": [
        Row.everybody(args=lambda world: [world.root_edition.number]),
        Row.everybody(args=lambda world: [99], status=404),
    ],
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
    "home:my": [Row(foreign=200)],
}
