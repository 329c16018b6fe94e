"""What is typed into forms of feedback and not saved is kept, and forgotten once it is saved."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from feedback.actions import questionnaires as actions
from feedback.actions.kiosk import add_device
from feedback.tests.factories import CollectorFactory, a_session
from feedback.tests.test_invitations import a_round
from organisation.actions.drafts import keep_draft
from organisation.models import FormDraft

pytestmark = pytest.mark.django_db


@pytest.fixture
def about(client: Client) -> Any:
    about = a_round()
    client.force_login(about.manager)
    return about


def test_a_letter_is_kept_while_it_is_typed_and_forgotten_when_it_is_saved(
    client: Client, about: Any
) -> None:
    page = f"{about.get_absolute_url()}edit/"
    keep_draft(person=about.manager, form=page, content={"message_en": ["Half a sentence"]})
    html = client.get(page).content.decode()
    assert f'data-draft="{page}"' in html
    assert "Half a sentence" not in html
    assert "Half a sentence" in client.get(page, {"draft": "use"}).content.decode()
    typed = {field.html_name: field.value() or "" for field in client.get(page).context["form"]}
    assert client.post(page, typed | {"message_en": "A whole sentence."}).status_code == 302
    assert not FormDraft.objects.exists()


def test_a_session_is_kept_while_it_is_written(client: Client, about: Any) -> None:
    page = "/feedback/listening/add/"
    keep_draft(person=about.manager, form=page, content={"questions": ["Half a sentence"]})
    html = client.get(page, {"draft": "use"}).content.decode()
    assert f'data-draft="{page}"' in html
    assert "Half a sentence" in html


def test_the_words_of_each_language_of_a_card_are_kept_for_themselves(client: Client, about: Any) -> None:
    actions.open_draft(about.collector.questionnaire)
    page = f"{reverse('feedback:words_edit', args=[about.collector.questionnaire.key])}?language=de"
    shown = client.get(page)
    assert f'data-draft="{page}"' in shown.content.decode()
    person = shown.context["user"]
    keep_draft(person=person, form=page, content={"title": ["Halber Satz"]})
    keep_draft(person=person, form=page.replace("=de", "=fr"), content={"title": ["Demi-phrase"]})
    assert "Halber Satz" in client.get(f"{page}&draft=use").content.decode()
    typed = {
        "edit_mark": shown.context["form"]["edit_mark"].value(),
        "language": "de",
        "title": "Ganzer Satz",
    }
    assert client.post(page, typed).status_code == 302
    assert [draft.content["title"] for draft in FormDraft.objects.all()] == [["Demi-phrase"]]


def kept_on(client: Client, page: str, **words: Any) -> Any:
    """The page with the words that the person typed there and did not save; its form keeps them."""
    person = client.get(page).context["user"]
    content = {name: said if isinstance(said, list) else [said] for name, said in words.items()}
    keep_draft(person=person, form=page, content=content)
    html = client.get(page).content.decode()
    assert f'data-draft="{page}"' in html
    assert "We kept what you typed" in html
    return client.get(f"{page}{'&' if '?' in page else '?'}draft=use")


def values_of(form: Any) -> dict[str, Any]:
    """What a browser would send of an untouched form."""
    found = {field.html_name: field.value() for field in form}
    return {name: value for name, value in found.items() if value not in (None, False)}


@pytest.fixture
def editor(client: Client, about: Any) -> str:
    """The address of a questionnaire with a draft."""
    draft = actions.open_draft(about.collector.questionnaire)
    return reverse("feedback:questionnaire_detail", args=[draft.questionnaire.key])


def test_a_question_is_kept_with_its_options_and_what_its_type_needs(client: Client, editor: str) -> None:
    page = f"{editor}questions/add/?language=en"
    lines = {"part-key": ["", ""], "part-label": ["At the counter", "By post"]}
    shown = kept_on(client, page, kind="choice", wording="How did you reach us?", **lines)
    html = shown.content.decode()
    for words in ("How did you reach us?", "At the counter", "By post"):
        assert words in html
    typed = {**values_of(shown.context["form"]), **lines, "key": "way"}
    typed |= {"edit_mark": client.get(page).context["form"]["edit_mark"].value(), "language": "en"}
    assert client.post(page, typed).status_code == 302
    assert not FormDraft.objects.exists()


def test_a_rule_is_kept_with_as_many_conditions_as_were_typed(client: Client, editor: str) -> None:
    page = f"{editor}questions/comment/rule/"
    line = {"question-0": "visit", "test-0": "most", "answer-0": "visit=2", "question-1": "next"}
    shown = kept_on(client, page, match="any", **line)
    form = shown.context["form"]
    assert (form["match"].value(), form["answer-0"].value()) == ("any", "visit=2")
    assert len(form.lines) == 4
    now = client.get(page).context["form"]
    assert client.post(page, {**values_of(now), **line, "question-1": ""}).status_code == 302
    assert not FormDraft.objects.exists()


def test_names_and_themes_are_kept_while_they_are_typed(client: Client, editor: str) -> None:
    pages = {
        f"{editor}rename/": {"name": "A better name", "kind": "card"},
        "/feedback/questionnaires/add/": {
            "name": "A new one",
            "kind": "card",
            "key": "new",
            "title": "How did we do?",
        },
        "/feedback/themes/add/": {"name": "Waiting", "lines_en": "wait*", "do": "save"},
    }
    for page, words in pages.items():
        shown = kept_on(client, page, **words)
        assert words["name"] in shown.content.decode(), page
        untouched = values_of(client.get(page).context["form"])
        assert client.post(page, {**untouched, **words}).status_code == 302, page
    assert not FormDraft.objects.exists()


def test_a_finding_is_kept_on_the_page_of_its_session(client: Client, about: Any) -> None:
    session = a_session(about.collector.unit)
    page = session.get_absolute_url()
    shown = kept_on(client, page, need="A bench in the shade", severity="high")
    assert shown.context["finding_form"]["need"].value() == "A bench in the shade"
    typed = values_of(client.get(page).context["finding_form"])
    assert client.post(f"{page}findings/add/", {**typed, "need": "A bench"}).status_code == 302
    assert not FormDraft.objects.exists()


def test_a_device_is_kept_without_its_exit_code(client: Client, about: Any) -> None:
    kiosk: Any = CollectorFactory(unit=about.collector.unit, kind="kiosk")
    fields = {"name": "Tablet", "exit_code": "24681357"}
    device, _secret = add_device(collector=kiosk, fields=fields, by=about.manager)
    page = f"{device.get_absolute_url()}edit/"
    shown = kept_on(client, page, name="Tablet at the door", idle_seconds="40", interval_seconds="9")
    form = shown.context["form"]
    assert (form["name"].value(), form["exit_code"].value()) == ("Tablet at the door", "24681357")
    assert "data-draft-never" in str(form["exit_code"])
    assert client.post(page, values_of(client.get(page).context["form"])).status_code == 302
    assert not FormDraft.objects.exists()


@pytest.mark.parametrize("is_new", [True, False])
def test_a_place_is_kept_while_its_thanks_are_written(client: Client, about: Any, is_new: bool) -> None:
    slug = about.collector.slug
    page = "/feedback/collectors/add/" if is_new else f"/feedback/collectors/{slug}/edit/"
    keep_draft(person=about.manager, form=page, content={"thanks_en": ["Half a sentence"]})
    shown = client.get(page, {"draft": "use"})
    html = shown.content.decode()
    assert f'data-draft="{page}"' in html
    assert "Half a sentence" in html
    typed = {field.html_name: field.value() or "" for field in client.get(page).context["form"]}
    if is_new:
        own = about.collector
        typed |= {"name": "At the door", "slug": "at-the-door", "unit": own.unit_id}
        typed |= {"questionnaire": own.questionnaire_id}
    assert client.post(page, typed | {"thanks_en": "A whole sentence."}).status_code == 302
    assert not FormDraft.objects.exists()
