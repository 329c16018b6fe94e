"""Goals, results and mappings: what is typed and not saved is kept, each form for itself."""

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from charter.models import Measure
from charter.tests.factories import MeasureFactory, RecordedResultFactory
from charter.tests.imports import HEADER
from organisation.actions.drafts import keep_draft
from organisation.models import FormDraft, Import, User
from organisation.tests.factories import person_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def measure() -> Measure:
    return MeasureFactory()


@pytest.fixture
def manager(client: Client, measure: Measure) -> User:
    person = person_in(measure.standard.charter.unit, "manager")
    client.force_login(person)
    return person


def test_the_goal_and_the_measure_of_one_page_keep_words_of_their_own(
    client: Client, manager: User, measure: Measure
) -> None:
    page = reverse("charter:measure_edit", args=[measure.key])
    keep_draft(person=manager, form=page, content={"name": ["Other name"]})
    keep_draft(person=manager, form=f"{page}?part=goal", content={"target": ["77"]})
    shown = client.get(page, {"part": "goal", "draft": "use"}).context
    assert shown["goal_form"]["target"].value() == "77"
    assert (shown["goal_draft"].is_used, shown["draft"].is_used) == (True, False)
    assert shown["form"]["name"].value() == measure.name
    shown = client.get(page, {"draft": "use"}).context
    assert (shown["goal_draft"].is_used, shown["draft"].is_used) == (False, True)


def test_a_goal_that_is_set_is_forgotten_and_the_measures_words_stay(
    client: Client, manager: User, measure: Measure
) -> None:
    page = reverse("charter:measure_edit", args=[measure.key])
    for form in (page, f"{page}?part=goal"):
        keep_draft(person=manager, form=form, content={"target": ["77"]})
    typed = {"target": "80", "starts_on": "2030-01-01"}
    client.post(reverse("charter:goal_add", args=[measure.key]), typed)
    assert [draft.form for draft in FormDraft.objects.all()] == [page]


def test_a_refused_goal_keeps_its_words_under_the_page_on_which_it_is_typed(
    client: Client, manager: User, measure: Measure
) -> None:
    page = reverse("charter:measure_edit", args=[measure.key])
    shown = client.post(reverse("charter:goal_add", args=[measure.key]), {"target": "soon"})
    assert shown.status_code == 422
    assert f'data-draft="{page}?part=goal"' in shown.content.decode()
    assert f'data-draft="{page}"' in shown.content.decode()


def test_a_result_is_kept_while_it_is_typed_and_forgotten_when_it_is_saved(
    client: Client, measure: Measure
) -> None:
    result = RecordedResultFactory()
    person = person_in(result.unit, "manager")
    client.force_login(person)
    page = reverse("charter:result_edit", args=[result.reference])
    keep_draft(person=person, form=page, content={"met": ["7"]})
    assert client.get(page, {"draft": "use"}).context["form"]["met"].value() == "7"
    typed: dict[str, Any] = {
        "start": "2026-10-01",
        "last_day": "2026-10-31",
        "met": 7,
        "total": 10,
        "seen": 0,
    }
    assert client.post(page, typed).status_code == 302
    assert not FormDraft.objects.exists()


def test_a_mapping_is_kept_while_it_is_chosen(client: Client, manager: User) -> None:
    file = ContentFile(HEADER.encode() + b"a,b,2026-10,1,2,,,\n", name="results.csv")
    client.post(reverse("charter:import_add"), {"kind": "results", "file": file})
    page = reverse("charter:import_map", args=[Import.objects.get().reference])
    keep_draft(person=manager, form=page, content={"save_as": ["Letters"]})
    shown = client.get(page, {"draft": "use"})
    assert shown.context["form"]["save_as"].value() == "Letters"
    assert f'data-draft="{page}"' in shown.content.decode()
