"""Rounds of invitations over time: lists that come late, work that fails, people who are forgotten."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from feedback.actions import bounces
from feedback.actions import invitation_lists as lists
from feedback.actions import invitations as actions
from feedback.actions.bounces import settle_letters
from feedback.actions.forget_invited import forget_addresses
from feedback.models import Collector, Invitation, InvitationRound, Response, Retention
from feedback.tests.cards import a_survey, rule
from feedback.tests.test_invitations import A_DAY, ANN, BEN, State, a_round, clock, letters_to, link_in
from feedback.tests.test_steps import hidden
from organisation.actions.mail import send_due_mail
from organisation.models import Import, OutgoingMail

pytestmark = pytest.mark.django_db
__all__ = ["clock"]


def a_list_of(about: Any, *emails: str) -> Import:
    """A file of people, tried and asked to be taken in."""
    content = ContentFile("\n".join(["email", *emails]).encode(), name="people.csv")
    import_ = lists.send_list(about, file=content, by=about.manager)
    lists.check_list(import_, lambda done, total: None)
    lists.ask_to_take(import_, by=about.manager)
    return import_


def test_people_of_a_list_taken_in_while_the_round_begins_get_their_letter(clock: Any) -> None:
    about = a_round(BEN)
    InvitationRound.objects.filter(pk=about.pk).update(started_at=None)
    import_ = a_list_of(about, ANN)

    def begun_meanwhile(done: int, total: int) -> None:
        actions.start_round(about, by=about.manager)

    lists.take_list(import_, begun_meanwhile)
    actions.send_due_letters()
    assert len(letters_to(ANN)) == 1


def test_people_invited_by_a_stale_copy_of_a_round_that_has_begun_get_their_letter(clock: Any) -> None:
    about = a_round(BEN)
    about.started_at = None
    actions.invite(about, people=[{"email": ANN}])
    actions.send_due_letters()
    assert len(letters_to(ANN)) == 1


def test_one_letter_that_cannot_be_written_holds_no_other_up(clock: Any, monkeypatch: Any) -> None:
    about = a_round(ANN, BEN)
    write = actions.letter_of

    def broken_for_the_first(invitation: Invitation, secret: str) -> Any:
        if invitation.email == ANN:
            raise RuntimeError
        return write(invitation, secret)

    monkeypatch.setattr(actions, "letter_of", broken_for_the_first)
    assert actions.send_due_letters() == 1
    clock.now += timedelta(minutes=1)
    assert not Invitation.objects.due(clock.now).exists()
    monkeypatch.undo()
    monkeypatch.setattr(timezone, "now", lambda: clock.now)
    clock.now += timedelta(hours=2)
    assert actions.send_due_letters() == 1
    assert len(letters_to(ANN)) == len(letters_to(BEN)) == 1
    assert about.invitations.filter(state=State.ASKED).count() == 2


def test_one_bounce_that_cannot_be_noted_holds_no_other_up(monkeypatch: Any) -> None:
    about = a_round(ANN, BEN)
    actions.send_due_letters()
    OutgoingMail.objects.update(state=OutgoingMail.State.PARKED)
    note = bounces.note_bounce

    def broken_for_the_first(email: str, **more: Any) -> bool:
        if email == ANN:
            raise RuntimeError
        return note(email, **more)

    monkeypatch.setattr(bounces, "note_bounce", broken_for_the_first)
    assert settle_letters() == 1
    assert about.invitations.get(email=BEN).state == State.BOUNCED


def test_a_round_that_nobody_stops_forgets_people_after_their_last_letter(clock: Any) -> None:
    about = a_round(ANN, first_reminder_days=7, second_reminder_days=None)
    for _day in range(9):
        actions.send_due_letters()
        send_due_mail()
        clock.now += A_DAY
    clock.now += 80 * A_DAY
    assert forget_addresses() == 0
    clock.now += 11 * A_DAY
    assert forget_addresses() == 1
    row = about.invitations.get()
    assert (row.email, row.name, row.search) == ("", "", "")
    assert forget_addresses() == 0


@pytest.mark.parametrize("ended", ["never begun", "closed", "archived", "short rule"])
def test_lists_of_rounds_that_lead_nowhere_are_forgotten_too(clock: Any, ended: str) -> None:
    about = a_round(ANN)
    if ended == "never begun":
        InvitationRound.objects.update(started_at=None, created_at=clock.now)
    elif ended == "closed":
        Collector.objects.update(closes_on=clock.now.date())
    elif ended == "archived":
        Collector.objects.update(archived_at=clock.now)
    else:
        Retention.objects.create(questionnaire=about.collector.questionnaire, invited_days=20)
        actions.stop_round(about, by=about.manager)
        clock.now -= 69 * A_DAY
    clock.now += 89 * A_DAY
    assert forget_addresses() == 0
    clock.now += 2 * A_DAY
    assert forget_addresses() == 1


def test_whoever_is_forgotten_is_not_written_to_when_the_round_goes_on(clock: Any) -> None:
    about = a_round(ANN)
    actions.stop_round(about, by=about.manager)
    clock.now += 91 * A_DAY
    forget_addresses()
    actions.start_round(about, by=about.manager)
    assert actions.send_due_letters() == 0
    assert not OutgoingMail.objects.exists()


def test_a_card_with_rules_adapts_behind_a_personal_link_with_script_and_without(clock: Any) -> None:
    kinds = (
        ("visit", "faces", {}),
        ("why", "choice", {"options": {"late": "Late", "rude": "Rude"}, **rule(("visit", "most", 2))}),
        ("how", "short", {"wording": "How late?", **rule(("why", "equals", "late"))}),
    )
    a_round(ANN, place=a_survey(*kinds, kind="mail"))
    actions.send_due_letters()
    link, client = link_in(letters_to(ANN)[0]), Client()
    said = {**hidden(client.get(link).content), "q-visit": "1"}
    part = client.post(link, said, headers={"HX-Request": "true"}).content.decode()
    assert 'hx-post=""' in part
    assert "/c/" not in part
    for key, value in (("why", "late"), ("how", "An hour")):
        page = client.post(link, said)
        assert f'name="q-{key}"' in page.content.decode()
        said |= {**hidden(page.content), f"q-{key}": value}
    assert client.post(link, said).status_code == 303
    assert Response.objects.get().answers.filter(text="An hour").exists()


def test_the_page_of_a_round_says_how_long_people_are_kept(client: Client) -> None:
    about = a_round(ANN)
    Retention.objects.create(questionnaire=about.collector.questionnaire, invited_days=20)
    client.force_login(about.manager)
    page = client.get(about.get_absolute_url()).content.decode()
    assert "go 20 days after the last letter" in page
    assert "An uploaded list goes after 30 days" in page
