"""Reading and signing editions: who is asked, what a signature is, reminders, and who sees what."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from charter import actions
from charter.coverage import coverage_of
from charter.models import Acknowledgement, AcknowledgementEvent
from charter.tests.reviews import change_words, provable_charter, publish_to_sign
from organisation.models import Membership, OutgoingMail
from organisation.tests.factories import UnitFactory, UserFactory, person_in


@pytest.fixture
def charter(db, now, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: now)
    return provable_charter()


@pytest.fixture
def branch(charter):
    return UnitFactory(parent=charter.unit, name="Branch", slug="branch")


@pytest.fixture
def staff(branch):
    return person_in(branch, name="Sofia")


def asked(edition, person):
    rows = Acknowledgement.objects.select_related("edition__charter__unit", "user")
    return rows.get(edition=edition, user=person)


def ask(charter, now, **more):
    edition = publish_to_sign(charter, at=now, **more)
    actions.ask_for_signatures(at=now)
    return edition


def sign(edition, person, at, answer="support", words=""):
    actions.sign_edition(row=asked(edition, person), answer=answer, words=words, at=at)


def test_everybody_in_the_subtree_is_asked_once_and_nobody_else(charter, staff, now):
    manager = person_in(charter.unit, "manager", "middle")
    person_in(UnitFactory(), name="Stranger")
    person_in(charter.unit, is_active=False)
    ask(charter, now)
    assert actions.ask_for_signatures(at=now) == 0
    assert {row.user for row in Acknowledgement.objects.all()} == {staff, manager}
    assert OutgoingMail.objects.filter(to=staff.email).count() == 1


def test_replaced_editions_without_open_requests_are_left_alone(charter, staff, now):
    """The scan runs every few seconds; what was closed long ago costs it nothing."""

    def queries():
        with CaptureQueriesContext(connection) as caught:
            actions.ask_for_signatures(at=now)
        return len(caught)

    ask(charter, now)
    alone = queries()
    for _each in range(3):
        ask(charter, now)
    assert queries() == alone


def test_an_edition_that_changes_nothing_for_staff_asks_nobody(charter, staff, now):
    actions.publish_edition(charter=charter, note="Why", by=UserFactory(), at=now)
    assert actions.ask_for_signatures(at=now) == 0


def test_a_new_starter_is_asked_for_the_current_edition_when_the_job_runs_again(charter, branch, now):
    edition = ask(charter, now)
    newcomer = person_in(branch)
    assert actions.ask_for_signatures(at=now + timedelta(days=40)) == 1
    assert asked(edition, newcomer).asked_at == now + timedelta(days=40)


def test_signing_twice_leaves_the_first_signature(charter, staff, now):
    edition = ask(charter, now)
    sign(edition, staff, now)
    with pytest.raises(actions.AlreadySigned):
        sign(edition, staff, now, "objection", "No")
    assert Acknowledgement.objects.get().answer == "support"
    assert AcknowledgementEvent.objects.filter(what="signed").count() == 1


def test_who_no_longer_works_in_scope_does_not_sign(charter, staff, now):
    edition = ask(charter, now)
    Membership.objects.filter(user=staff).update(unit=UnitFactory())
    with pytest.raises(actions.NotAsked):
        sign(edition, staff, now)


def test_a_later_edition_in_force_closes_what_is_open_and_keeps_what_is_signed(charter, branch, staff, now):
    edition = ask(charter, now)
    signed = person_in(branch)
    actions.ask_for_signatures(at=now)
    sign(edition, signed, now)
    change_words(charter, "Other words", at=now)
    actions.publish_edition(
        charter=charter, note="Why", by=UserFactory(), at=now, in_force_from=now.date() + timedelta(days=9)
    )
    actions.ask_for_signatures(at=now + timedelta(days=8))
    assert asked(edition, staff).superseded_at is None
    actions.ask_for_signatures(at=now + timedelta(days=9))
    assert asked(edition, staff).superseded_at is not None
    assert asked(edition, signed).superseded_at is None
    with pytest.raises(actions.Superseded):
        sign(edition, staff, now + timedelta(days=9))


def test_coverage_counts_who_works_here_and_the_signature_of_who_left_stays(charter, branch, staff, now):
    edition = ask(charter, now)
    other = person_in(branch)
    actions.ask_for_signatures(at=now)
    sign(edition, other, now)
    assert (coverage_of(edition, now.date()).total.signed, coverage_of(edition, now.date()).total.total) == (
        1,
        2,
    )
    other.is_active = False
    other.save()
    total = coverage_of(edition, now.date()).total
    assert (total.signed, total.total) == (0, 1)
    assert asked(edition, other).signed_at == now


def test_coverage_is_by_unit_and_level_and_who_has_two_roles_counts_once(charter, branch, staff, now):
    edition = ask(charter, now)
    Membership.objects.create(user=staff, unit=charter.unit, role="manager", level="middle")
    person_in(charter.unit, "manager", "leadership")
    coverage = coverage_of(edition, now.date())
    assert {row.unit.name: (row.total.signed, row.total.total) for row in coverage.units} == {
        "Branch": (0, 1),
        charter.unit.name: (0, 1),
    }
    assert {level: count.total for level, count in coverage.levels.items()} == {"front": 1, "leadership": 1}


@pytest.mark.parametrize(("days", "letters"), [(6, 0), (7, 1), (13, 1), (14, 1), (40, 1)])
def test_who_has_not_signed_is_reminded(charter, staff, now, days, letters):
    ask(charter, now)
    OutgoingMail.objects.all().delete()
    actions.remind_missing(at=now + timedelta(days=days))
    actions.remind_missing(at=now + timedelta(days=days))
    assert OutgoingMail.objects.filter(to=staff.email).count() == letters


def test_reminders_come_after_seven_and_fourteen_days_and_never_again(charter, staff, now):
    ask(charter, now)
    assert [actions.remind_missing(at=now + timedelta(days=days)) for days in range(30)].count(1) == 2
    assert asked(charter.editions.get(), staff).reminders == 2


def test_who_has_signed_is_not_reminded(charter, staff, now):
    edition = ask(charter, now)
    sign(edition, staff, now)
    assert actions.remind_missing(at=now + timedelta(days=7)) == 0


def test_managers_get_one_digest_with_the_names_of_their_own_subtree(charter, branch, staff, now):
    manager = person_in(branch, "manager", "middle", name="Marek")
    other = UnitFactory(parent=charter.unit)
    person_in(other, name="Hana of the hill")
    edition = ask(charter, now)
    sign(edition, manager, now)
    OutgoingMail.objects.all().delete()
    actions.remind_missing(at=now + timedelta(days=7))
    assert OutgoingMail.objects.filter(to=manager.email).count() == 1
    actions.remind_missing(at=now + timedelta(days=8))
    letter = OutgoingMail.objects.get(to=manager.email)
    assert "Sofia" in letter.body
    assert "Hana" not in letter.body


def test_a_question_is_answered_once_and_settled_by_whoever_asked(charter, staff, now):
    edition = ask(charter, now)
    sign(edition, staff, now, "question", "By hand?")
    manager = person_in(charter.unit, "manager")
    OutgoingMail.objects.all().delete()
    actions.reply_to_person(row=asked(edition, staff), reply="Yes", by=manager, at=now)
    with pytest.raises(actions.AlreadyReplied):
        actions.reply_to_person(row=asked(edition, staff), reply="No", by=manager, at=now)
    actions.settle_question(row=asked(edition, staff), at=now)
    actions.settle_question(row=asked(edition, staff), at=now)
    letter = OutgoingMail.objects.get()
    assert (letter.to, "Yes" in letter.body) == (staff.email, True)
    whats = list(
        AcknowledgementEvent.objects.filter(acknowledgement__user=staff).values_list("what", flat=True)
    )
    assert whats == ["asked", "signed", "replied", "settled"]


# ------------------------------------------------------------------- pages


def address(edition, name):
    return reverse(f"charter:{name}", args=[edition.charter.unit.slug, edition.number])


def test_signing_on_the_page(charter, staff, client, now):
    edition = ask(charter, now)
    client.force_login(staff)
    assert "You write the next step down." in client.get(address(edition, "edition_sign")).content.decode()
    assert client.post(address(edition, "edition_sign"), {"answer": "support"}).status_code == 302
    assert asked(edition, staff).signed_at


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"answer": "maybe"},
        {"answer": "objection", "words": " "},
        {"answer": "question", "words": "x" * 2001},
    ],
)
def test_a_signature_without_a_sensible_answer_is_refused(charter, staff, client, now, typed):
    edition = ask(charter, now)
    client.force_login(staff)
    assert client.post(address(edition, "edition_sign"), typed).status_code == 422
    assert asked(edition, staff).signed_at is None


def test_an_edition_out_of_scope_is_not_there_to_be_signed(charter, staff, client, now):
    edition = ask(charter, now)
    stranger = person_in(UnitFactory())
    client.force_login(stranger)
    assert client.post(address(edition, "edition_sign"), {"answer": "support"}).status_code == 404
    Membership.objects.filter(user=staff).update(unit=UnitFactory())
    client.force_login(staff)
    assert client.post(address(edition, "edition_sign"), {"answer": "support"}).status_code == 404
    assert not Acknowledgement.objects.filter(signed_at__isnull=False).exists()


def test_counts_are_for_everybody_and_names_for_the_peoples_managers(charter, branch, staff, client, now):
    boss = person_in(branch, "manager", "middle", name="Marek")
    person_in(charter.unit, name="Paula")
    edition = ask(charter, now)
    sign(edition, staff, now, "question", "By hand?")
    client.force_login(staff)
    html = client.get(address(edition, "signature_list")).content.decode()
    assert "1 of 3" in html
    assert "Marek" not in html
    client.force_login(boss)
    html = client.get(address(edition, "signature_list")).content.decode()
    assert "Sofia" in html
    assert "By hand?" in html
    assert "Paula" not in html


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("what", ["", "people"])
def test_both_tables_are_exported(charter, staff, client, now, kind, what):
    edition = ask(charter, now)
    client.force_login(person_in(charter.unit, "manager", "middle"))
    response = client.get(address(edition, "signature_list"), {"export": kind, "what": what})
    assert f".{kind}" in response["Content-Disposition"]
    assert b"".join(response)


def test_the_export_of_a_person_who_manages_nobody_holds_no_names(charter, staff, client, now):
    edition = ask(charter, now)
    client.force_login(person_in(charter.unit))
    response = client.get(address(edition, "signature_list"), {"export": "csv", "what": "people"})
    assert "Sofia" not in b"".join(response).decode()


def test_a_manager_of_another_unit_does_not_answer(charter, staff, client, now):
    edition = ask(charter, now)
    sign(edition, staff, now, "question", "By hand?")
    client.force_login(person_in(UnitFactory(parent=charter.unit), "manager"))
    reply = reverse("charter:signature_reply", args=[asked(edition, staff).reference])
    assert client.post(reply, {"reply": "Yes"}).status_code == 404


def test_my_work_lists_what_is_to_be_signed_and_the_answer_to_a_question(charter, staff, client, now):
    edition = ask(charter, now)
    client.force_login(staff)
    assert "Read and sign edition 1" in client.get("/my/").content.decode()
    sign(edition, staff, now, "question", "By hand?")
    assert "Read and sign" not in client.get("/my/").content.decode()
    actions.reply_to_person(
        row=asked(edition, staff), reply="Yes, by hand", by=UserFactory(name="Marek"), at=now
    )
    html = client.get("/my/").content.decode()
    assert "Marek answered you on edition 1" in html


def test_twenty_people_cost_no_more_queries_than_two(charter, branch, client, now):
    edition = ask(charter, now)
    boss = person_in(charter.unit, "manager", "middle")
    counts = []
    for people in (2, 18):
        for number in range(people):
            sign_all = person_in(branch)
            actions.ask_for_signatures(at=now)
            sign(edition, sign_all, now, "question", f"Question {number}")
        client.force_login(boss)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address(edition, "signature_list")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
