"""What is typed into forms of feedback and not saved is kept, and forgotten once it is saved."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from feedback.actions import questionnaires as actions
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
