"""The pages of the charter room: who sees what, lists, exports, hostile words."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from charter import actions
from charter.models import Charter, RecordedResult, ValueText
from charter.tests.factories import CharterFactory, MeasureFactory, RecordedResultFactory, StandardFactory
from organisation.tests.factories import InstallationFactory, UnitFactory, UserFactory, person_in


@pytest.fixture
def administrator(db):
    return person_in(InstallationFactory().root, "administrator")


def body(response):
    return b"".join(response).decode() if response.streaming else response.content.decode()


def queries_of(client, url):
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


def proved(charter):
    value = charter.values.create()
    value.texts.create(language="en", name="Respect")
    owner = UserFactory()
    return MeasureFactory(goal=90, standard__charter=charter, standard__value=value, standard__owner=owner)


def desk_row(world):
    charter = proved(CharterFactory()).standard.charter
    actions.publish_edition(charter=charter, note="Why", by=UserFactory())


def editor_row(world):
    proved(world["charter"]).standard.keeper_units.add(UnitFactory())


def edition_row(world):
    editor_row(world)
    actions.publish_edition(charter=world["charter"], note="Why", by=UserFactory())


def result_row(world):
    RecordedResultFactory(recorded_by=UserFactory())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "add"),
    [
        ("/charter/", desk_row),
        ("/charter/ours/", editor_row),
        ("/charter/ours/editions/", edition_row),
        ("/results/", result_row),
        ("/charter/?export=csv", desk_row),
        ("/charter/ours/?export=csv", editor_row),
        ("/results/?export=csv", result_row),
    ],
)
def test_twenty_rows_take_as_many_queries_as_two(client, administrator, address, add):
    world = {"charter": CharterFactory(unit__slug="ours")}
    client.force_login(administrator)
    for _each in range(2):
        add(world)
    two = queries_of(client, address)
    for _each in range(18):
        add(world)
    assert queries_of(client, address) == two


@pytest.mark.django_db
def test_the_organisations_charter_stands_first(client, administrator):
    CharterFactory(unit__name="Aardvark counter")
    CharterFactory(unit=administrator.home_unit)
    client.force_login(administrator)
    page = client.get(reverse("charter:desk")).context["page"]
    assert [each.unit.name for each in page] == ["Harbour City", "Aardvark counter"]


@pytest.mark.django_db
def test_staff_read_the_draft_without_anything_that_changes_it(client):
    standard = MeasureFactory(goal=90).standard
    unit = standard.charter.unit
    client.force_login(person_in(unit))
    page = client.get(reverse("charter:edit", args=[unit.slug])).content.decode()
    assert str(standard) in page
    for name in ("standard_edit", "standard_archive", "standard_move"):
        assert reverse(f"charter:{name}", args=[standard.key]) not in page
    assert reverse("charter:edition_publish", args=[unit.slug]) not in page


@pytest.mark.django_db
def test_promise_guidance_and_proof_are_in_sight_and_the_rest_is_folded(client):
    measure = MeasureFactory(goal=90, name="Knew what happens next")
    words = {"promise": "You know", "guidance": "Write it down", "why": "Nobody guesses"}
    measure.standard.texts.update(**words)
    client.force_login(person_in(measure.standard.charter.unit))
    page = client.get(reverse("charter:edit", args=[measure.standard.charter.unit.slug])).content.decode()
    article = page[page.index("<article") : page.index("</article>")]
    sight, folded = article.split("<details>")
    assert all(word in sight for word in ("You know", "Write it down", "Knew what happens next", "<b>90</b>"))
    assert "Nobody guesses" in folded


@pytest.mark.django_db
def test_the_editor_lists_with_links_what_stands_against_publishing(client):
    standard = StandardFactory()
    client.force_login(person_in(standard.charter.unit, "manager"))
    page = client.get(reverse("charter:edit", args=[standard.charter.unit.slug])).content.decode()
    panel = page[page.index('id="publish"') :]
    assert "no active measure with a goal in force" in panel
    assert reverse("charter:standard_edit", args=[standard.key]) in panel


@pytest.mark.django_db
def test_the_editor_finds_promises_whatever_their_case_and_script(client):
    charter = CharterFactory()
    StandardFactory(charter=charter, promise="Été comme hiver")
    StandardFactory(charter=charter, promise="You wait five minutes")
    client.force_login(person_in(charter.unit))
    page = client.get(reverse("charter:edit", args=[charter.unit.slug]), {"q": "ÉTÉ"}).context["page"]
    assert [str(each) for each in page] == ["Été comme hiver"]


@pytest.mark.django_db
def test_archived_standards_are_found_and_can_be_restored(client):
    standard = StandardFactory()
    actions.archive_standard(standard=standard, by=UserFactory())
    client.force_login(person_in(standard.charter.unit, "manager"))
    url = reverse("charter:edit", args=[standard.charter.unit.slug])
    restore = reverse("charter:standard_restore", args=[standard.key])
    assert restore not in client.get(url).content.decode()
    assert restore in client.get(url, {"show": "archived"}).content.decode()


@pytest.mark.django_db
def test_a_manager_begins_the_charter_of_the_own_unit(client):
    unit = UnitFactory(timezone="Europe/London")
    client.force_login(person_in(unit, "manager"))
    response = client.post(reverse("charter:desk"), {"unit": unit.slug, "title": "What you can expect"})
    assert response.url == reverse("charter:edit", args=[unit.slug])
    assert Charter.objects.of(unit).text().title == "What you can expect"


@pytest.mark.django_db
def test_a_second_charter_of_a_unit_is_refused():
    charter = CharterFactory()
    with pytest.raises(actions.CharterExists):
        actions.create_charter(unit=charter.unit, title="Again", by=UserFactory())
    assert Charter.objects.count() == 1


@pytest.mark.django_db
def test_the_second_of_two_who_edit_the_words_gets_409_and_keeps_what_was_typed(client):
    charter = CharterFactory()
    client.force_login(person_in(charter.unit, "manager"))
    url = reverse("charter:texts_edit", args=[charter.unit.slug])
    form = {"version": 0, "title": "What you can expect", "purpose": "Mine"}
    assert client.post(url, form).status_code == 302
    response = client.post(url, form | {"purpose": "Typed later"})
    assert response.status_code == 409
    assert "Typed later</textarea>" in response.content.decode()
    assert charter.texts.get().purpose == "Mine"


@pytest.mark.django_db
def test_two_who_edit_different_parts_do_not_disturb_each_other(client):
    charter = CharterFactory()
    value = charter.values.create()
    client.force_login(person_in(charter.unit, "manager"))
    url = reverse("charter:texts_edit", args=[charter.unit.slug])
    opened = client.get(url).context["form"].initial
    actions.save_value(
        charter=charter, value=value, language="en", words={"name": "Respect"}, by=UserFactory()
    )
    assert client.post(url, opened | {"purpose": "Ours"}).status_code == 302


@pytest.mark.django_db
def test_a_value_is_written_archived_and_restored(client):
    charter = CharterFactory()
    slug = charter.unit.slug
    client.force_login(person_in(charter.unit, "manager"))
    client.post(reverse("charter:value_add", args=[slug]), {"version": 0, "name": "Respect"})
    value = charter.values.get()
    assert str(value) == "Respect"
    client.post(reverse("charter:value_archive", args=[slug, value.key]))
    assert not charter.values.active().exists()
    client.post(reverse("charter:value_restore", args=[slug, value.key]))
    assert charter.values.active().get() == value


@pytest.mark.django_db
def test_words_that_look_like_markup_are_shown_as_words(client):
    charter = CharterFactory()
    value = charter.values.create()
    ValueText.objects.create(value=value, language="en", name="<script>alert(1)</script>")
    client.force_login(person_in(charter.unit))
    page = client.get(reverse("charter:edit", args=[charter.unit.slug])).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


@pytest.mark.django_db
def test_an_edition_shows_what_was_frozen(client, now):
    measure = MeasureFactory(goal=90, name="Knew what happens next")
    charter = measure.standard.charter
    edition = actions.publish_edition(charter=charter, note="The first", by=UserFactory(), at=now)
    measure.standard.texts.update(promise="Changed since")
    client.force_login(person_in(charter.unit))
    page = client.get(edition.get_absolute_url()).content.decode()
    assert "Before you leave, you know what happens next" in page
    assert "Changed since" not in page
    assert "The first" in page


@pytest.mark.django_db
def test_an_edition_that_does_not_exist_is_404(client):
    charter = CharterFactory()
    client.force_login(person_in(charter.unit))
    assert client.get(reverse("charter:edition_detail", args=[charter.unit.slug, 7])).status_code == 404


@pytest.fixture
def results(db):
    """One result of September and one of October, of two measures and units."""
    first = RecordedResultFactory(unit__name="Letters office", measure__name="Letters in time")
    second = RecordedResultFactory(
        unit__name="Parks team",
        measure__name="Trees in time",
        start=date(2026, 9, 1),
        end=date(2026, 10, 1),
    )
    return first, second


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({}, [0, 1]),
        ({"q": "LETTERS"}, [0]),
        ({"q": "parks"}, [1]),
        ({"period": "2026-09"}, [1]),
        ({"period": "2026-Q3"}, [1]),
        ({"sort": "oldest"}, [1, 0]),
        ({"period": "soon"}, []),
        ({"unit": "nowhere"}, []),
    ],
)
def test_results_are_filtered_by_the_address_of_the_page(client, administrator, results, query, shown):
    client.force_login(administrator)
    response = client.get(reverse("charter:result_list"), query)
    assert [each.pk for each in response.context["page"]] == [results[number].pk for number in shown]


def test_the_export_of_results_obeys_the_same_filters(client, administrator, results):
    client.force_login(administrator)
    response = client.get(reverse("charter:result_list"), {"export": "csv", "period": "2026-09"})
    lines = body(response).splitlines()
    assert len(lines) == 2
    assert "2026-09-01,2026-09-30,8,10" in lines[1]


def test_the_export_of_the_standards_names_measure_and_goal(client, administrator):
    measure = MeasureFactory(goal=90, name="=Knew")
    client.force_login(administrator)
    url = reverse("charter:edit", args=[measure.standard.charter.unit.slug])
    lines = body(client.get(url, {"export": "csv"})).splitlines()
    assert lines[1].endswith("'=Knew,Share in the top boxes,90")


def test_a_search_for_what_no_database_can_hold_is_answered(client, administrator, results):
    client.force_login(administrator)
    for url in (reverse("charter:desk"), reverse("charter:result_list")):
        assert client.get(url, {"q": "a\x00b", "page": "x" * 50}).status_code in (200, 422)


@pytest.mark.django_db
def test_lists_without_rows_say_what_to_do_next(client):
    unit = UnitFactory()
    client.force_login(person_in(unit, "manager"))
    assert "There is no charter yet" in client.get(reverse("charter:desk")).content.decode()
    assert "No standard is proved by recorded results" in client.get("/results/").content.decode()
    CharterFactory(unit=unit)
    page = client.get(reverse("charter:edit", args=[unit.slug])).content.decode()
    assert "Add the first standard" in page


@pytest.mark.django_db
def test_a_result_of_another_unit_is_not_a_managers_to_delete(client):
    result = RecordedResultFactory()
    client.force_login(person_in(UnitFactory(), "manager"))
    response = client.post(reverse("charter:result_delete", args=[result.reference]))
    assert response.status_code == 403
    assert RecordedResult.objects.countable().exists()


@pytest.mark.django_db
def test_many_standards_are_shown_in_pages(client):
    charter = CharterFactory()
    for _each in range(51):
        StandardFactory(charter=charter)
    client.force_login(person_in(charter.unit))
    url = reverse("charter:edit", args=[charter.unit.slug])
    assert len(client.get(url, {"page": 2}).context["page"]) == 1


@pytest.mark.django_db
def test_the_draft_says_whether_it_is_ahead_of_the_edition(client, now):
    charter = MeasureFactory(goal=90).standard.charter
    actions.publish_edition(charter=charter, note="The first", by=UserFactory(), at=now)
    client.force_login(person_in(charter.unit))
    assert "as published" in client.get(reverse("charter:desk")).content.decode()
    actions.save_charter_texts(
        charter=charter, language="en", words={"title": "New"}, by=UserFactory(), at=now + timedelta(hours=1)
    )
    assert "changed since the edition" in client.get(reverse("charter:desk")).content.decode()


@pytest.mark.django_db
def test_an_edition_is_not_called_unwritten_in_its_own_languages(client, now):
    charter = MeasureFactory(goal=90).standard.charter
    charter.texts.create(language="de", title="Was Sie erwarten können")
    edition = actions.publish_edition(charter=charter, note="The first", by=UserFactory(), at=now)
    client.force_login(person_in(charter.unit))
    html = client.get(edition.get_absolute_url()).content.decode()
    assert "?language=de" in html
    assert "not written yet" not in html


@pytest.mark.django_db
def test_the_editor_shows_the_goal_of_the_unit_above(client):
    root = UnitFactory()
    charter = CharterFactory(unit=UnitFactory(parent=root))
    measure = MeasureFactory(standard__charter=charter, goal=90)
    measure.goals.update(unit=root)
    client.force_login(person_in(charter.unit))
    html = client.get(charter.get_absolute_url()).content.decode()
    assert "no goal in force" not in html
    assert "Goal <b>90</b>" in html


@pytest.mark.django_db
def test_every_page_of_the_room_marks_charter_in_the_navigation(client):
    measure = MeasureFactory(goal=90)
    client.force_login(person_in(measure.standard.charter.unit, "manager"))
    for url in (
        reverse("charter:desk"),
        reverse("charter:standard_edit", args=[measure.standard.key]),
        reverse("charter:measure_edit", args=[measure.key]),
        reverse("charter:result_list"),
    ):
        html = client.get(url).content.decode()
        assert '<a href="/charter/" aria-current="page">Charter</a>' in html, url
        assert html.count('aria-current="page"') == 1, url
