"""Words that were typed into a form and not saved: kept, offered back, forgotten."""

import json
from datetime import timedelta

import pytest
from django import forms
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse

from organisation.actions.drafts import discard_draft, keep_draft
from organisation.actions.ticks import tidy_up
from organisation.drafting import offer, settle
from organisation.models import FormDraft
from organisation.tests.factories import UserFactory

ADDRESS = "/charter/ours/texts/edit/?language=en"


class Words(forms.Form):
    name = forms.CharField()
    is_shown = forms.BooleanField(required=False)
    colours = forms.MultipleChoiceField(choices=[(each, each) for each in ("red", "green", "blue")])


def page(person, path="/words/", **query):
    request = RequestFactory().get(path, query)
    request.user = person
    return request


def send(client, **more):
    data = {"form": ADDRESS, "content": json.dumps({"purpose": ["Why we are here"]})} | more
    return client.post(reverse("organisation:draft_keep"), data)


@pytest.fixture
def person(client, db):
    person = UserFactory()
    client.force_login(person)
    return person


def test_the_newer_words_replace_the_older(client, person):
    send(client)
    response = send(client, content=json.dumps({"purpose": ["Better words"]}))
    assert "kept" in response.json()
    assert FormDraft.objects.get().content == {"purpose": ["Better words"]}


def test_two_persons_words_for_one_form_do_not_meet(client, person):
    keep_draft(person=UserFactory(), form=ADDRESS, content={"purpose": ["Theirs"]})
    send(client)
    assert person.form_drafts.get().content == {"purpose": ["Why we are here"]}
    assert FormDraft.objects.count() == 2


@pytest.mark.parametrize(
    "more",
    [
        {"form": "https://elsewhere.example/"},
        {"form": "//elsewhere.example/"},
        {"form": "/\\elsewhere.example/"},
        {"form": "/" + "a" * 200},
        {"form": ""},
        {"content": "not json"},
        {"content": "[]"},
        {"content": '{"purpose": "no list"}'},
        {"content": '{"purpose": [1]}'},
        {"content": '{"purpose": ["\\u0000"]}'},
        {"content": '{"purpose": ["\\ud800"]}'},
        {"content": json.dumps({"purpose": ["x" * 60_001]})},
    ],
    ids=lambda more: str(more)[:40],
)
def test_what_is_no_draft_is_refused(client, person, more):
    assert send(client, **more).status_code == 422
    assert not FormDraft.objects.exists()


def test_secrets_of_a_form_are_never_kept(client, person):
    send(client, content=json.dumps({"csrfmiddlewaretoken": ["x"], "password": ["y"], "name": ["z"]}))
    assert FormDraft.objects.get().content == {"name": ["z"]}


def test_discarding_leads_back_to_the_empty_form(client, person):
    send(client)
    response = send(client, content="", discard="1")
    assert response.url == ADDRESS
    assert not FormDraft.objects.exists()


def test_kept_words_are_offered_and_fill_the_form_only_when_they_are_wanted(person):
    content = {"name": ["Quay"], "is_shown": ["on"], "colours": ["red", "blue"]}
    keep_draft(person=person, form="/words/", content=content)
    empty, form = Words(), Words()
    assert offer(page(person), empty).kept
    assert empty["name"].value() is None
    assert offer(page(person, draft="use"), form).is_used
    assert [form[name].value() for name in form.fields] == ["Quay", True, ["red", "blue"]]


def test_an_unticked_box_stays_unticked(person):
    keep_draft(person=person, form="/words/", content={"name": ["Quay"]})
    form = Words(initial={"is_shown": True})
    offer(page(person, draft="use"), form)
    assert form["is_shown"].value() is False


def test_every_language_of_a_form_keeps_words_of_its_own(person):
    keep_draft(person=person, form="/words/?language=de", content={"name": ["Kai"]})
    assert offer(page(person), Words(), language="en").kept is None
    assert offer(page(person), Words(), language="de").kept


def test_saving_forgets_the_words_and_tells_the_browser(person):
    keep_draft(person=person, form="/words/", content={"name": ["Quay"]})
    response = settle(page(person), HttpResponse())
    assert response.cookies["saved-form"].value == "%2Fwords%2F"
    assert not FormDraft.objects.exists()


def test_discarding_twice_does_no_harm(person):
    keep_draft(person=person, form="/words/", content={"name": ["Quay"]})
    keep_draft(person=person, form="/other/", content={"name": ["Pier"]})
    for _twice in range(2):
        discard_draft(person=person, form="/words/")
    assert [draft.form for draft in FormDraft.objects.all()] == ["/other/"]


def test_words_that_nobody_came_back_to_are_forgotten_after_thirty_days(person, now):
    keep_draft(person=person, form="/old/", content={}, at=now - timedelta(days=31))
    keep_draft(person=person, form="/young/", content={}, at=now - timedelta(days=29))
    tidy_up(at=now)
    assert [draft.form for draft in FormDraft.objects.all()] == ["/young/"]
