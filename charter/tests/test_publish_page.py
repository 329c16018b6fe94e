"""The page before publishing: what it says of the words, the changes and the figures."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from charter import actions
from charter.models import Charter
from charter.tests.factories import MeasureFactory
from charter.tests.reviews import change_words, provable_charter, signed_off
from organisation.tests.factories import UserFactory, person_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def charter(monkeypatch: Any, now: datetime) -> Charter:
    monkeypatch.setattr(timezone, "now", lambda: now)
    return provable_charter()


def page(client: Client, charter: Charter) -> Any:
    client.force_login(person_in(charter.unit, role="manager"))
    return client.get(reverse("charter:edition_publish", args=[charter.unit.slug]))


def test_the_baseline_is_that_of_the_round_which_is_published(
    client: Client, charter: Charter, now: datetime
) -> None:
    signed_off(charter, at=now)
    MeasureFactory(goal=80, standard=charter.standards.get(), name="Added after the sign-off")
    change_words(charter, "Reworded after the sign-off", at=now)
    [baselines] = page(client, charter).context["baselines"]
    assert "Added after the sign-off" not in baselines
    assert "Reworded after the sign-off" not in baselines


def test_the_publish_page_names_parts_that_are_not_written_in_a_language_of_the_charter(
    client: Client, charter: Charter
) -> None:
    charter.texts.create(language="de", title="Unsere Charta")
    response = page(client, charter)
    assert ("Before you leave, you know what happens next", ["Deutsch"]) in response.context["panel"][
        "missing"
    ]
    charter.standards.get().texts.create(language="de", promise="Sie wissen, wie es weitergeht")
    missing = dict(page(client, charter).context["panel"]["missing"])
    assert "Before you leave, you know what happens next" not in missing


def test_a_change_is_listed_by_what_it_changed_in_the_words_of_the_reader(
    client: Client, charter: Charter, now: datetime
) -> None:
    actions.save_standard(
        charter=charter,
        standard=charter.standards.get(),
        language="de",
        words={"promise": "Sie wissen, wie es weitergeht", "why": "", "guidance": ""},
        fields={},
        by=UserFactory(),
        at=now,
    )
    change = page(client, charter).context["panel"]["changes"][0]
    assert change.subject == "Before you leave, you know what happens next"


def test_a_value_changed_in_another_language_is_noted_by_its_first_name(
    charter: Charter, now: datetime
) -> None:
    given: dict[str, Any] = {"charter": charter, "by": UserFactory(), "at": now}
    value = actions.save_value(value=None, language="en", words={"name": "Respect"}, **given)
    actions.save_value(value=value, language="de", words={"name": "Respekt"}, **given)
    assert [event.note for event in charter.events.filter(what="value_saved")] == ["Respect", "Respect"]
