"""Public holidays by country and region. The library is large, so it is loaded when first asked."""

from datetime import date
from typing import Any

MOST_YEARS = 10


def countries() -> list[tuple[str, str]]:
    """(code, name) of every country that is known, by name."""
    from holidays.registry import COUNTRIES  # noqa: PLC0415

    return sorted(
        ((codes[1], module.replace("_", " ").title()) for module, codes in COUNTRIES.items()),
        key=lambda row: row[1],
    )


def regions(country: str) -> list[tuple[str, str]]:
    """(code, name) of the country's regions; none where it knows none, or is no country of ours."""
    found = _calendar_of(country)
    if found is None:
        return []
    names = {code: name for name, code in found.subdivisions_aliases.items()}
    return [(code, names.get(code, code)) for code in found.subdivisions]


def public_holidays(country: str, region: str, years: range, language: str = "en") -> list[tuple[date, str]]:
    """The days and their names, in order; nothing for a country or region that is unknown.

    Named in `language` where the country's holidays are translated into it, else in its own words.
    """
    found = _calendar_of(country)
    if found is None or (region and region not in found.subdivisions):
        return []
    from holidays import country_holidays  # noqa: PLC0415

    spoken = next((each for each in found.supported_languages if each.startswith(language)), None)
    days = country_holidays(country, subdiv=region or None, years=list(years)[:MOST_YEARS], language=spoken)
    return [(day, str(name)[:100]) for day, name in sorted(days.items())]


def _calendar_of(country: str) -> Any:
    from holidays import country_holidays  # noqa: PLC0415

    if country not in dict(countries()):
        return None
    return country_holidays(country)
