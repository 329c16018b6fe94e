"""Initiatives: a period, a ground with evidence, and steps whose state is read from the product."""

import re
from datetime import date

import pytest

from charter.models import Edition
from strategy.actions import initiatives
from strategy.models import Factor, Initiative, Stake
from strategy.starters import starters
from strategy.steps import CHECKS, Ground, states
from strategy.tests.factories import Branch, a_gap, an_action, an_initiative

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 18)


@pytest.fixture
def branch(client):
    found = Branch()
    client.force_login(found.manager)
    return found


def step_of(initiative, rule):
    return next(state for step, state in states(initiative, TODAY) if step.rule == rule)


def test_every_rule_of_a_template_is_known():
    asked = {step.check for starter in starters().values() for step in starter.steps if step.check}
    assert asked <= set(CHECKS)


def test_the_templates_have_seven_steps_ten_points_and_keys():
    assert [len(starter.steps) for starter in starters().values()] == [7, 10, 9]


def test_a_period_that_ends_before_it_begins_is_refused(branch):
    with pytest.raises(initiatives.InitiativeRefused) as refused:
        an_initiative(branch.unit, branch.manager, ends_on=date(2025, 1, 1))
    assert list(refused.value.message_dict) == ["ends_on"]


def test_a_published_edition_with_a_vision_makes_its_step_done(branch):
    initiative = an_initiative(branch.unit, branch.manager, "seven-steps")
    assert not step_of(initiative, "vision").is_done
    content = {"texts": {"en": {"title": "Our charter", "vision": "Told once, kept always"}}}
    Edition.objects.create(
        charter=branch.standard.charter, number=1, note="First", in_force_from=TODAY, content=content
    )
    found = step_of(initiative, "vision")
    assert (found.is_done, found.words) == (True, "Told once, kept always")


def test_a_measure_with_enough_answers_makes_its_step_done(branch):
    initiative = an_initiative(branch.unit, branch.manager, "seven-steps")
    assert not step_of(initiative, "measured").is_done
    branch.months((20, 30))
    found = step_of(initiative, "measured")
    assert (found.is_done, found.words) == (True, "1 of 1 measures have enough answers.")


def test_an_action_that_is_behind_keeps_the_plan_from_being_done(branch):
    initiative = an_initiative(branch.unit, branch.manager, "seven-steps")
    an_action(branch.unit, branch.colleague, starts_on=date(2026, 11, 18))
    assert step_of(initiative, "plan").is_done
    an_action(branch.unit, branch.colleague)
    assert not step_of(initiative, "plan").is_done


def test_a_step_that_the_product_tells_is_not_said_by_hand(branch):
    initiative = an_initiative(branch.unit, branch.manager)
    told, said = initiative.steps.get(position=3), initiative.steps.get(position=5)
    with pytest.raises(initiatives.InitiativeRefused):
        initiatives.say_step(told, is_done=True, by=branch.manager)
    assert initiatives.say_step(said, is_done=True, by=branch.manager)
    assert not initiatives.say_step(said, is_done=True, by=branch.manager)


def test_a_stake_without_evidence_is_refused(branch, client):
    initiative = an_initiative(branch.unit, branch.manager)
    address = f"/initiatives/{initiative.reference}/stakes/add/"
    assert client.post(address, {"kind": "threat", "text": "A new road"}).status_code == 422
    client.post(address, {"kind": "threat", "text": "A new road", "evidence": "The plan of May"})
    assert Stake.objects.get().evidence == "The plan of May"


@pytest.mark.parametrize("address", ["javascript:alert(1)", "//evil.example", "evil.example"])
def test_an_address_that_leads_astray_is_refused(branch, client, address):
    initiative = an_initiative(branch.unit, branch.manager)
    typed = {"kind": "threat", "text": "A road", "evidence": "The plan", "address": address}
    assert client.post(f"/initiatives/{initiative.reference}/stakes/add/", typed).status_code == 422


def test_what_is_taken_away_can_be_put_back(branch, client):
    initiative = an_initiative(branch.unit, branch.manager)
    stake = initiative.stakes.create(kind="threat", text="A new road", evidence="The plan")
    at = f"/initiatives/{initiative.reference}/stakes/{stake.reference}"
    page = client.post(f"{at}/remove/", follow=True).content.decode()
    assert "Undo" in page
    client.post(f"{at}/restore/")
    stake.refresh_from_db()
    assert stake.archived_at is None


def test_two_who_save_one_initiative_are_told_and_nothing_is_lost(branch, client):
    initiative = an_initiative(branch.unit, branch.manager)
    typed = {"unit": branch.unit.slug, "owner": branch.manager.reference, "vision": "", "version": "0"}
    typed |= {"starts_on": "2026-01-01", "ends_on": "2027-01-01"}
    address = f"/initiatives/{initiative.reference}/edit/"
    client.post(address, typed | {"name": "Second"})
    page = client.post(address, typed | {"name": "Third"})
    assert page.status_code == 409
    assert "Second" in page.content.decode()
    assert Initiative.objects.get().name == "Second"


def test_an_initiative_is_begun_with_the_steps_of_a_template(branch, client):
    typed = {"unit": branch.unit.slug, "owner": branch.manager.reference, "name": "Told once"}
    typed |= {"starts_on": "2026-01-01", "ends_on": "2027-01-01", "starter": "seven-steps"}
    client.post("/initiatives/add/", typed)
    page = client.get(Initiative.objects.get().get_absolute_url())
    assert "Create the customer vision" in page.content.decode()
    wrong = client.post("/initiatives/add/", typed | {"ends_on": "2025-01-01"})
    assert (wrong.status_code, "ends before it begins" in wrong.content.decode()) == (422, True)


def test_the_page_of_an_initiative_takes_no_more_queries_for_more_stakes_and_factors(branch, client):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from charter.tests.factories import MeasureFactory

    initiative = an_initiative(branch.unit, branch.manager, "seven-steps")

    def queries(count):
        for number in range(initiative.factors.count(), count):
            measure = MeasureFactory(standard=branch.standard, goal=90)
            initiative.factors.create(text=f"Factor {number}", measure=measure)
            initiative.stakes.create(kind="threat", text=f"Stake {number}", evidence="The plan")
        with CaptureQueriesContext(connection) as seen:
            client.get(initiative.get_absolute_url())
        return len(seen)

    assert queries(2) == queries(12)


def test_segments_and_needs_of_other_units_do_not_answer_for_this_one(branch):
    from customers.tests.factories import NeedFactory, SegmentFactory
    from organisation.tests.factories import UnitFactory

    initiative = an_initiative(branch.unit, branch.manager, "culture-keys")
    ground = Ground(initiative, TODAY)
    elsewhere = UnitFactory(parent=branch.root)
    NeedFactory(unit=elsewhere)
    for _number in range(2):
        SegmentFactory(unit=elsewhere)
    assert CHECKS["needs"](ground).words == "0 of 0 needs have the evidence of customers."
    assert not CHECKS["segments"](ground).is_done
    NeedFactory(unit=branch.root)  # of everybody
    NeedFactory(unit=branch.unit)
    assert CHECKS["needs"](ground).words == "0 of 2 needs have the evidence of customers."


def test_an_archived_initiative_takes_no_changes_and_says_so_with_the_words_kept(branch, client):
    initiative = an_initiative(branch.unit, branch.manager)
    initiatives.archive_initiative(initiative, by=branch.manager)
    typed = {"name": "Typed too late", "unit": branch.unit.slug, "owner": branch.manager.reference}
    typed |= {"starts_on": "2026-01-01", "ends_on": "2027-12-31", "version": "0"}
    page = client.post(f"{initiative.get_absolute_url()}edit/", typed)
    text = page.content.decode()
    assert page.status_code == 409
    assert ("in the archive" in text, "Typed too late" in text) == (True, True)
    assert "A colleague has saved this meanwhile" not in text


def test_an_address_that_a_browser_would_read_as_another_house_is_refused(branch, client):
    initiative = an_initiative(branch.unit, branch.manager)
    typed = {"kind": "threat", "text": "A new road", "evidence": "The plan", "address": "/\\evil.example"}
    page = client.post(f"/initiatives/{initiative.reference}/stakes/add/", typed)
    assert page.status_code == 422


def test_one_of_a_kind_is_told_as_one(branch):
    initiative = an_initiative(branch.unit, branch.manager, starter="seven-steps")
    a_gap(branch.unit, owner=branch.manager)
    assert step_of(initiative, "plan").words == "Open gaps: 1, unanswered: 1; actions behind: 0."


def test_the_ground_of_an_archived_initiative_stays_as_it_is(branch, client):
    initiative = an_initiative(branch.unit, branch.manager)
    stake = initiative.stakes.create(kind="threat", text="A new road", evidence="The plan")
    initiatives.archive_initiative(initiative, by=branch.manager)
    at = initiative.get_absolute_url()
    typed = {"kind": "threat", "text": "Typed too late", "evidence": "The plan"}
    tried = {
        f"{at}stakes/add/": typed,
        f"{at}stakes/{stake.reference}/edit/": typed | {"version": "0"},
        f"{at}stakes/{stake.reference}/remove/": {},
        f"{at}stakes/{stake.reference}/restore/": {},
        f"{at}steps/5/": {"done": "yes"},
    }
    for address, given in tried.items():
        page = client.post(address, given)
        assert (page.status_code, "in the archive" in page.content.decode()) == (409, True), address
        assert ("Typed too late" in page.content.decode()) == bool(given.get("text"))
    assert [each.text for each in initiative.stakes.filter(archived_at=None)] == ["A new road"]
    assert not initiative.steps.filter(said_on__isnull=False).exists()


def test_the_page_of_an_archived_initiative_has_no_form_but_the_way_back(branch, client):
    initiative = an_initiative(branch.unit, branch.manager)
    initiative.stakes.create(kind="threat", text="A new road", evidence="The plan")
    page = client.post(f"{initiative.get_absolute_url()}archive/", follow=True).content.decode()
    main = page.partition("<main")[2]
    assert re.findall(r'<form[^>]* action="([^"]*)"', main) == [f"{initiative.get_absolute_url()}archive/"]
    assert ("stakes/add" in main, "/edit/" in main) == (False, False)
    assert main.index("archive/") < main.index("<h1")
    assert client.get(f"{initiative.get_absolute_url()}stakes/add/").status_code == 302


def test_a_stake_is_changed_where_it_stands(branch, client):
    initiative = an_initiative(branch.unit, branch.manager)
    stake = initiative.stakes.create(kind="threat", text="A new rode", evidence="The plan")
    address = f"{initiative.get_absolute_url()}stakes/{stake.reference}/edit/"
    assert address in client.get(initiative.get_absolute_url()).content.decode()
    form = client.get(address).context["form"]
    typed = {"kind": "weakness", "text": "A new road", "evidence": "The plan of May"}
    typed["version"] = form["version"].value()
    client.post(address, typed)
    stake.refresh_from_db()
    assert (stake.kind, stake.text, stake.evidence) == ("weakness", "A new road", "The plan of May")
    late = client.post(address, typed | {"text": "Another road"})
    assert late.status_code == 409
    assert [str(now) for _label, now in late.context["changed"]] == ["A new road"]
    stake.refresh_from_db()
    assert stake.text == "A new road"


def test_a_success_factor_is_changed_and_a_colleague_who_adds_another_is_not_in_the_way(branch, client):
    initiative = an_initiative(branch.unit, branch.manager)
    factor = initiative.factors.create(text="The door is open")
    address = f"{initiative.get_absolute_url()}factors/{factor.reference}/edit/"
    version = client.get(address).context["form"]["version"].value()
    initiatives.add_part(Factor(initiative=initiative, text="Another"), by=branch.colleague)
    typed = {"text": "The door is wide open", "measure": branch.measure.key, "version": version}
    assert client.post(address, typed).status_code == 302
    factor.refresh_from_db()
    assert (factor.text, factor.measure) == ("The door is wide open", branch.measure)
    assert initiative.events.last().note == "The door is wide open"
