"""The public pages are wholly translated, and what is compiled is what was written."""

import gettext
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from home.catalogue import is_public
from home.tests.catalogues import (
    LANGUAGES,
    ROOT,
    entries,
    folder,
    public_files,
    words_of_module,
    words_of_template,
)
from home.tests.published import NOW, charter_of, promise, publish, root_unit, tally

PLACEHOLDER = re.compile(r"%\(\w+\)|\{\w+\}")
# Left out of a plural that is said in words: "one promise", "two promises".
IN_WORDS = {"%(total)", "%(n)", "%(months)", "%(best)", "%(minimum)"}


def written(language: str) -> dict[str, dict[str, str]]:
    return dict(entries((folder(language) / "django.po").read_text(encoding="utf-8")))


def asked_for() -> set[str]:
    templates = (words_of_template(path) for path in public_files(".html"))
    modules = (words_of_module(path) for path in public_files(".py"))
    return set().union(*templates, *modules)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_that_the_public_reads_is_translated(language: str) -> None:
    translated = {
        msgid
        for msgid, found in written(language).items()
        if "fuzzy" not in found and all(text for name, text in found.items() if name.startswith("msgstr"))
    }
    assert sorted(asked_for() - translated) == []


def test_a_course_out_of_a_charter_speaks_the_languages_of_the_charter() -> None:
    assert {"Know our charter: %(unit)s", "“%(need)s” Which of our promises meets this need?"} <= asked_for()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_compiled_catalogue_is_what_was_written(language: str) -> None:
    with (folder(language) / "django.mo").open("rb") as compiled:
        catalogue: dict[Any, str] = gettext.GNUTranslations(compiled)._catalog  # type: ignore[attr-defined]
    expected: dict[Any, str] = {}
    for msgid, found in written(language).items():
        for name, text in found.items():
            if number := re.fullmatch(r"msgstr\[(\d)\]", name):
                expected[msgid, int(number[1])] = text
            elif name == "msgstr" and msgid:
                expected[msgid] = text
    catalogue.pop("", None)
    assert catalogue == expected, "run manage.py public_messages"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_keeps_the_places_for_numbers_and_names(language: str) -> None:
    wrong = []
    for msgid, found in written(language).items():
        wanted = set(PLACEHOLDER.findall(found.get("msgid_plural", msgid)))
        for name, text in found.items():
            missing = wanted ^ set(PLACEHOLDER.findall(text))
            if name.startswith("msgstr") and msgid and missing - IN_WORDS:
                wrong.append(text)
    assert wrong == []


def test_a_partial_of_a_public_page_is_public_too() -> None:
    included = re.compile(r"{% (?:include|extends) \"([\w/.]+)\"")
    strangers = [
        f"{path.name} uses {name}"
        for path in public_files(".html")
        for name in included.findall(path.read_text())
        if (ROOT / "templates" / name).exists() and not is_public(f"templates/{name}")
    ]
    assert strangers == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de", "<b>91 von 100</b> haben Ja gesagt; unser Ziel ist 90."),
        ("fr", "<b>91 sur 100</b> ont dit oui\N{NO-BREAK SPACE}; notre objectif est de 90."),
        ("ar", "<b>91 من 100</b> قالوا نعم؛ هدفنا 90."),
    ],
)
def test_the_page_speaks_one_language_and_keeps_it_in_its_links(
    client: Client, monkeypatch: Any, language: str, words: str
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    root = root_unit()
    charter = charter_of(root)
    charter_of(root, "Title", language)
    measure = promise(charter)
    publish(charter)
    tally(measure, root, 91, 100)
    html = " ".join(client.get(f"/?language={language}").content.decode().split(" "))
    assert words in html
    assert "How sure are we?" not in html
    links = re.findall(r'href="(/(?:editions|you-said|poster|leaflet|charter\.json|r/)[^"]*)"', html)
    assert links
    assert all(f"language={language}" in link for link in links)


@pytest.mark.django_db
def test_a_charter_in_german_only_is_read_on_a_german_page(client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    root = root_unit()
    charter = charter_of(root, "Was Sie erwarten können", "de")
    promise(charter)
    publish(charter)
    html = client.get("/").content.decode()
    assert '<html lang="de"' in html
    assert "Ausgabe 1, gültig seit 1. September 2026." in " ".join(html.split())


@pytest.mark.django_db
def test_the_desk_of_staff_speaks_no_half_translated_language(client: Client) -> None:
    answer = client.get("/accounts/login/?language=de", headers={"accept-language": "de"})
    assert '<html lang="en"' in answer.content.decode()


@pytest.mark.django_db
def test_an_error_page_speaks_the_language_of_the_address(client: Client) -> None:
    html = client.get("/nowhere/?language=ar").content.decode()
    assert '<html lang="ar" dir="rtl">' in html
    assert "لا شيء هنا" in html
