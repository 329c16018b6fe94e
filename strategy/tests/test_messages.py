"""Announcements: to whom, once, read by whom; and each team's part."""

from datetime import UTC, datetime

import pytest

from organisation.actions.jobs import run_due_jobs
from organisation.models import OutgoingMail
from organisation.tests.factories import UnitFactory, person_in
from strategy.actions import messages
from strategy.models import Announcement, TeamPart
from strategy.tests.factories import Branch, an_announcement

pytestmark = pytest.mark.django_db

NOVEMBER = datetime(2026, 11, 18, 14, tzinfo=UTC)


@pytest.fixture
def branch(client):
    found = Branch()
    client.force_login(found.manager)
    return found


def test_it_goes_to_the_levels_of_the_unit_and_of_all_below(branch):
    below = person_in(UnitFactory(parent=branch.unit), "staff", "front")
    person_in(branch.root, "staff", "front")
    found = an_announcement(branch.unit, branch.manager, levels=["front"])
    assert messages.send_announcement(found, by=branch.manager, at=NOVEMBER) == 2
    assert {reader.person for reader in found.readers.all()} == {branch.colleague, below}


def test_it_is_sent_once_and_everybody_gets_one_letter(branch):
    found = an_announcement(branch.unit, branch.manager)
    messages.send_announcement(found, by=branch.manager, at=NOVEMBER)
    with pytest.raises(messages.MessageMovedOn):
        messages.send_announcement(found, by=branch.manager, at=NOVEMBER)
    run_due_jobs(at=NOVEMBER)
    messages.write_letters(type("Job", (), {"subject": found.reference}), lambda done, total: None)
    assert sorted(OutgoingMail.objects.values_list("to", flat=True)) == [
        "colleague@example.org",
        "manager@example.org",
    ]


def test_an_announcement_to_nobody_is_not_sent(branch):
    found = an_announcement(branch.unit, branch.manager, levels=["leadership"])
    with pytest.raises(messages.MessageRefused):
        messages.send_announcement(found, by=branch.manager)
    found.refresh_from_db()
    assert found.is_draft


def test_what_was_sent_is_not_changed_any_more(branch):
    found = an_announcement(branch.unit, branch.manager)
    messages.send_announcement(found, by=branch.manager)
    with pytest.raises(messages.MessageMovedOn):
        messages.change_announcement(found, fields={"title": "Other"}, by=branch.manager)


def _typed(branch, **changes):
    return {"unit": branch.unit.slug, "title": "From Monday on", "text": "Typed", "version": "0"} | changes


def test_two_who_write_one_announcement_see_both_texts_and_who_was_first(branch, client):
    found = an_announcement(branch.unit, branch.manager)
    page = f"/announcements/{found.reference}/edit/"
    first = person_in(branch.unit, "administrator")
    client.force_login(first)
    client.post(page, _typed(branch, text="Said by the first"))
    client.force_login(branch.manager)
    shown = client.post(page, _typed(branch, text="Said by the second"))
    assert shown.status_code == 409
    assert ("Message", "Said by the first") in [(str(label), now) for label, now in shown.context["changed"]]
    html = shown.content.decode()
    assert "Said by the first" in html
    assert "Said by the second" in html
    assert f"{first} saved it" in html
    client.post(page, _typed(branch, text="Said by the second", version="1"))
    found.refresh_from_db()
    assert found.text == "Said by the second"


def test_words_for_an_announcement_that_has_left_stay_on_the_page_and_change_nothing(branch, client):
    found = an_announcement(branch.unit, branch.manager)
    messages.send_announcement(found, by=branch.manager)
    shown = client.post(f"/announcements/{found.reference}/edit/", _typed(branch, text="Too late"))
    assert shown.status_code == 409
    assert "Too late" in shown.content.decode()
    assert "It has been sent or withdrawn meanwhile" in shown.content.decode()
    found.refresh_from_db()
    assert found.text != "Too late"


def test_another_version_than_the_one_looked_at_is_not_sent(branch, client):
    found = an_announcement(branch.unit, branch.manager)
    messages.change_announcement(found, fields={"title": "Other"}, by=branch.manager)
    client.post(f"/announcements/{found.reference}/send/", {"version": "0"})
    found.refresh_from_db()
    assert found.sent_at is None
    client.post(f"/announcements/{found.reference}/send/", {"version": "1"})
    found.refresh_from_db()
    assert found.sent_at is not None


def test_a_reader_says_that_it_was_read_and_the_manager_sees_it(branch, client):
    found = an_announcement(branch.unit, branch.manager)
    messages.send_announcement(found, by=branch.manager)
    client.force_login(branch.colleague)
    assert "From Monday on" in client.get("/my/").content.decode()
    client.post(f"/announcements/{found.reference}/read/")
    assert "From Monday on" not in client.get("/my/").content.decode()
    client.force_login(branch.manager)
    assert "Read by 1 of 2" in client.get(found.get_absolute_url()).content.decode()


def test_a_withdrawn_one_is_gone_for_its_readers_and_can_be_put_back(branch, client):
    found = an_announcement(branch.unit, branch.manager)
    messages.send_announcement(found, by=branch.manager)
    messages.withdraw_announcement(found, by=branch.manager)
    assert not Announcement.objects.visible_to(branch.colleague).exists()
    assert client.get(found.get_absolute_url()).status_code == 200
    messages.restore_announcement(found, by=branch.manager)
    assert Announcement.objects.visible_to(branch.colleague).exists()


def test_html_in_a_message_is_shown_as_words(branch, client):
    found = an_announcement(branch.unit, branch.manager, text="<script>alert(1)</script> **now**")
    page = client.get(found.get_absolute_url()).content.decode()
    assert "<script>alert" not in page
    assert "<strong>now</strong>" in page


def test_a_team_keeps_its_earlier_words_and_two_writers_are_told(branch, client):
    address = f"/why/{branch.unit.slug}/"
    client.post(address, {"why": "They come back", "part": "We write it down", "version": "0"})
    page = client.post(address, {"why": "They return", "part": "We say it", "version": "0"})
    assert page.status_code == 409
    assert "They come back" in page.content.decode()
    client.post(address, {"why": "They return", "part": "We say it", "version": "1"})
    assert [part.why for part in TeamPart.objects.all()] == ["They return", "They come back"]
    assert "They return" in client.get("/why/").content.decode()


def write(found):
    messages.write_letters(type("Job", (), {"subject": found.reference}), lambda done, total: None)


def test_letters_that_were_held_up_by_a_withdrawal_go_out_when_it_is_put_back(branch):
    found = an_announcement(branch.unit, branch.manager)
    messages.send_announcement(found, by=branch.manager, at=NOVEMBER)
    messages.withdraw_announcement(found, by=branch.manager, at=NOVEMBER)
    run_due_jobs(at=NOVEMBER)
    assert not OutgoingMail.objects.exists()
    messages.restore_announcement(found, by=branch.manager, at=NOVEMBER)
    run_due_jobs(at=NOVEMBER)
    assert OutgoingMail.objects.count() == 2


def test_a_withdrawal_in_the_midst_of_the_letters_stops_the_rest(branch, monkeypatch):
    found = an_announcement(branch.unit, branch.manager)
    messages.send_announcement(found, by=branch.manager, at=NOVEMBER)
    whole = messages.queue_mail

    def withdrawing(**letter):
        whole(**letter)
        messages.withdraw_announcement(found, by=branch.manager, at=NOVEMBER)

    monkeypatch.setattr(messages, "queue_mail", withdrawing)
    write(found)
    assert OutgoingMail.objects.count() == 1
    assert found.readers.filter(mailed=False).count() == 1


def test_a_draft_that_is_put_back_asks_for_no_letters(branch):
    found = an_announcement(branch.unit, branch.manager)
    messages.withdraw_announcement(found, by=branch.manager, at=NOVEMBER)
    messages.restore_announcement(found, by=branch.manager, at=NOVEMBER)
    assert run_due_jobs(at=NOVEMBER) == 0


def test_one_letter_that_cannot_be_written_stops_no_other(branch, monkeypatch):
    found = an_announcement(branch.unit, branch.manager)
    messages.send_announcement(found, by=branch.manager, at=NOVEMBER)
    write = messages.queue_mail

    def refuses_the_first(**letter):
        if letter["to"] == branch.manager.email:
            raise ValueError("no address")
        return write(**letter)

    monkeypatch.setattr(messages, "queue_mail", refuses_the_first)
    with pytest.raises(messages.LettersOwed):
        messages.write_letters(type("Job", (), {"subject": found.reference}), lambda done, total: None)
    assert list(OutgoingMail.objects.values_list("to", flat=True)) == ["colleague@example.org"]
    assert [reader.person for reader in found.readers.filter(mailed=False)] == [branch.manager]


def test_what_i_have_not_read_says_of_how_many_people_it_was_told_and_read(branch, client):
    found = an_announcement(branch.unit, branch.manager)
    messages.send_announcement(found, by=branch.manager, at=NOVEMBER)
    messages.confirm_reading(found, person=branch.colleague)
    (row,) = client.get("/announcements/?state=unread").context["page"].object_list
    assert (row.told, row.read) == (2, 1)


def test_an_announcement_to_one_is_not_sent_to_people(branch, client):
    found = an_announcement(branch.unit, branch.manager, levels=["middle"])
    page = client.post(f"/announcements/{found.reference}/send/", {"version": "0"}, follow=True)
    assert "Sent to one person." in page.content.decode()
