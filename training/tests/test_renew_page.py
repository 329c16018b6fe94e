"""The learner's own renewal: offered from the opening of its window, and never before."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from organisation.tests.factories import UserFactory
from training.models import Assignment, Certificate
from training.tests.factories import a_certificate, a_course, an_assignment

pytestmark = pytest.mark.django_db


@pytest.fixture
def certificate(client):
    person = UserFactory()
    client.force_login(person)
    course = a_course(refresh_months=12, renewal_days=60)
    return a_certificate(an_assignment(course, person), at=datetime(2026, 1, 5, 12, tzinfo=UTC))


def expires_in(certificate, days):
    expires_on = timezone.localdate() + timedelta(days=days)
    Certificate.objects.filter(pk=certificate.pk).update(expires_on=expires_on)


def renew(client, certificate):
    return client.post(reverse("training:renew", args=[certificate.assignment.reference]))


def pages(client, certificate):
    own = certificate.assignment.get_absolute_url()
    return client.get(own).text, client.get(reverse("training:mine")).text


def test_inside_the_window_one_press_opens_the_next_cycle_and_a_second_finds_it(client, certificate):
    expires_in(certificate, 40)
    for text in pages(client, certificate):
        assert "you lose no days" in text
    first, second = renew(client, certificate), renew(client, certificate)
    opened = Assignment.objects.get(cycle=2)
    assert first.url == second.url == opened.get_absolute_url()
    assert opened.due_on == timezone.localdate() + timedelta(days=40)
    for text in pages(client, certificate):
        assert reverse("training:renew", args=[certificate.assignment.reference]) not in text


def test_before_the_window_nothing_is_offered_and_a_post_is_told_the_day(client, certificate):
    expires_in(certificate, 70)
    for text in pages(client, certificate):
        assert "lose no days" not in text
    answer = client.post(renew_url(certificate), follow=True)
    assert "You can renew it from" in answer.text
    assert not Assignment.objects.filter(cycle=2).exists()


def renew_url(certificate):
    return reverse("training:renew", args=[certificate.assignment.reference])


def test_what_never_expires_or_is_not_taught_any_more_cannot_be_renewed(client, certificate):
    Certificate.objects.update(expires_on=None)
    assert "nothing to renew" in client.post(renew_url(certificate), follow=True).text
    expires_in(certificate, -3)
    assert "Take the course again" in pages(client, certificate)[0]
    certificate.course.state = "archived"
    certificate.course.save()
    assert "Take the course again" not in pages(client, certificate)[0]
    assert "nothing to renew" in client.post(renew_url(certificate), follow=True).text
