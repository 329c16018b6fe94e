"""Who may open the addresses of the ways of asking."""

import uuid
from datetime import date
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from common.testing import Row
from feedback.actions.invitation_lists import check_list, send_list
from feedback.actions.invitations import invite
from feedback.actions.suppression import suppress
from feedback.models import InvitationLink, InvitationRound, KioskDevice, Refusal, Suppression
from feedback.tests.factories import CollectorFactory, ResponseFactory
from organisation.actions.installation import secret_hash
from organisation.models import Unit

SECRET = "a-secret-of-the-device"


def _place(world: Any) -> list[str]:
    return [world.collector.slug]


def _card(world: Any) -> dict[str, str]:
    return {"uid": str(uuid.uuid4()), "q-next": "1"}


def _managers_only(method: str, args: Any, manager: int, **more: Any) -> Row:
    """A change of the harbour's things: staff may not, others do not find it."""
    return Row(method, args, staff=403, foreign=404, manager=manager, administrator=manager, **more)


def _asking(world: Any, kind: str, **more: Any) -> Any:
    """Another way of asking at the harbour."""
    return CollectorFactory(
        slug=f"harbour-{kind}", kind=kind, unit=world.harbour, questionnaire=world.questionnaire, **more
    )


def _embedded(world: Any) -> list[str]:
    return [_asking(world, "embed").slug]


def _thanked(world: Any) -> list[str]:
    return [world.collector.slug, world.response.receipt_code]


def _print(world: Any) -> list[str]:
    return [world.collector.slug, "a5"]


def _on_paper(world: Any) -> list[str]:
    return [_asking(world, "paper").slug]


def _interview(world: Any) -> list[str]:
    return [_asking(world, "interview").slug]


def _refusal(world: Any) -> list[Any]:
    collector = _asking(world, "interview")
    uid = uuid.uuid4()
    Refusal.objects.create(collector=collector, uid=uid, by=world.staff, day=date(2026, 11, 18))
    return [collector.slug, uid]


def _entered(world: Any) -> list[str]:
    collector = _asking(world, "paper")
    response: Any = ResponseFactory(collector=collector, version=world.version)
    return [collector.slug, response.reference]


def _device(world: Any) -> Any:
    return KioskDevice.objects.create(
        collector=_asking(world, "kiosk"),
        name="Tablet at the door",
        secret_hash=secret_hash(SECRET),
        exit_code="2468",
        created_by=world.manager,
    )


def _device_reference(world: Any) -> list[str]:
    return [_device(world).reference]


def _device_secret(world: Any) -> list[str]:
    _device(world)
    return [SECRET]


def _kept_card(world: Any) -> dict[str, str]:
    """A card as a device keeps it: with the number of the version on which it was filled in."""
    return {**_card(world), "version": "1"}


def _no_device(world: Any) -> list[str]:
    return ["nobody"]


def _kiosk(world: Any) -> list[str]:
    return [_asking(world, "kiosk").slug]


def _new_device(world: Any) -> dict[str, str]:
    return {"name": "Screen", "exit_code": "1234", "idle_seconds": "45", "interval_seconds": "5"}


def _contact(world: Any) -> dict[str, str]:
    return {"waiting": "0", "refused": "0", "sent_at": "2026-11-18T14:00:00Z"}


def _sheet(world: Any) -> dict[str, str]:
    return {**_card(world), "day": timezone.now().date().isoformat()}


def _new_place(world: Any) -> dict[str, str]:
    return {
        "name": "Door",
        "slug": "door",
        "unit": str(Unit.objects.get(slug="harbour-branch").pk),
        "questionnaire": str(world.questionnaire.pk),
    }


def _mail(world: Any) -> list[str]:
    return [_asking(world, "mail").slug]


def _a_round(world: Any) -> InvitationRound:
    about = InvitationRound.objects.create(
        collector=_asking(world, "mail"), name="Autumn", created_by=world.manager
    )
    about.texts.create(subject="How did we do?", message="Please tell us.")
    return about


def _round(world: Any) -> list[str]:
    return [_a_round(world).reference]


def _invited(world: Any) -> list[str]:
    about = _a_round(world)
    invite(about, people=[{"email": "ann@example.org"}])
    InvitationLink.objects.create(invitation=about.invitations.get(), secret_hash=secret_hash(SECRET))
    return [SECRET]


def _list(world: Any) -> list[str]:
    file = ContentFile(b"email\nann@example.org\nnobody\n", name="people.csv")
    import_ = send_list(_a_round(world), file=file, by=world.manager)
    check_list(import_, lambda done, total: None)
    return [import_.reference]


def _suppression(world: Any) -> list[str]:
    suppress(email="ann@example.org", reason=Suppression.Reason.BY_HAND, by=world.manager)
    return [Suppression.objects.get().reference]


def _new_round(world: Any) -> dict[str, str]:
    return {"name": "Autumn", "subject_en": "How did we do?", "message_en": "Please tell us."}


EXPECTATIONS: dict[str, list[Row]] = {
    "feedback:embed": [
        Row.everybody(args=_embedded),
        Row.everybody("post", _embedded, 303, data=_card),
        Row.everybody("post", _embedded, 422),
        Row.everybody(args=_on_paper, status=404),
    ],
    "feedback:embed_thanks": [
        Row.everybody(args=_thanked),
        Row.everybody(args=lambda world: ["harbour", "NOBODY"], status=404),
    ],
    "feedback:kiosk_worker": [Row.everybody()],
    "feedback:kiosk": [
        Row.everybody(args=_device_secret),
        Row.everybody(args=_no_device, status=404),
    ],
    "feedback:kiosk_manifest": [
        Row.everybody(args=_device_secret),
        Row.everybody(args=_no_device, status=404),
    ],
    "feedback:kiosk_card": [
        Row.everybody("post", _device_secret, 201, data=_kept_card),
        Row.everybody("post", _device_secret, 422),
        Row.everybody("post", _no_device, 404),
    ],
    "feedback:kiosk_contact": [
        Row.everybody("post", _device_secret, data=_contact),
        Row.everybody("post", _device_secret, 422),
        Row.everybody("post", _no_device, 404),
    ],
    "feedback:device_list": [Row(foreign=200)],
    "feedback:device_detail": [Row("get", _device_reference)],
    "feedback:device_add": [
        _managers_only("get", _kiosk, 200),
        _managers_only("post", _kiosk, 201, data=_new_device),
        _managers_only("post", _kiosk, 422),
    ],
    "feedback:device_edit": [
        _managers_only("get", _device_reference, 200),
        _managers_only("post", _device_reference, 409, data=_new_device),
        _managers_only("post", _device_reference, 422),
    ],
    "feedback:device_renew": [_managers_only("post", _device_reference, 200)],
    "feedback:device_revoke": [_managers_only("post", _device_reference, 302)],
    "feedback:collector_list": [Row(foreign=200)],
    "feedback:collector_export": [Row(foreign=200)],
    "feedback:collector_add": [
        Row(staff=403, foreign=200),
        Row("post", staff=403, foreign=422, manager=302, administrator=302, data=_new_place),
    ],
    "feedback:collector_detail": [Row("get", _place)],
    "feedback:collector_print": [
        Row("get", _print),
        Row("get", lambda world: ["harbour", "a0"], 302, 404, 404, 404, 404),
    ],
    "feedback:paper": [
        Row("get", _on_paper),
        Row("post", _on_paper, 302, 302, 404, 302, 302, data=_sheet),
        Row("post", _on_paper, 302, 422, 404, 422, 422),
        Row("get", _place, 302, 404, 404, 404, 404),
    ],
    "feedback:interview": [
        Row("get", _interview),
        Row("post", _interview, 302, 302, 404, 302, 302, data=_card),
        Row("post", _interview, 302, 422, 404, 422, 422),
    ],
    "feedback:interview_refused": [
        Row("post", _interview, 302, 302, 404, 302, 302, data=lambda world: {"uid": str(uuid.uuid4())})
    ],
    "feedback:refusal_withdraw": [Row("post", _refusal, 302, 302, 404, 404, 404)],
    "feedback:entry_take_back": [
        Row("post", _entered, 302, 302, 404, 302, 302),
        Row("post", _thanked, 302, 404, 404, 404, 404),
    ],
    "feedback:collector_edit": [
        _managers_only("get", _place, 200),
        _managers_only("post", _place, 302, data=_new_place),
        _managers_only("post", _place, 422),
    ],
    "feedback:collector_archive": [_managers_only("post", _place, 302)],
    "feedback:collector_reopen": [_managers_only("post", _place, 302)],
    "feedback:collector_poster": [Row("get", _place)],
    "feedback:collector_qr": [Row("get", _place)],
    "feedback:invitation": [
        Row.everybody(args=_invited),
        Row.everybody("post", _invited, 303, data=_card),
        Row.everybody("post", _invited, 422),
        Row.everybody(args=_no_device, status=404),
    ],
    "feedback:invitation_stop": [
        Row.everybody(args=_invited),
        Row.everybody("post", _invited, 200),
        Row.everybody("post", _no_device, 200),
    ],
    "feedback:round_add": [
        _managers_only("get", _mail, 200),
        _managers_only("post", _mail, 302, data=_new_round),
        _managers_only("post", _mail, 422),
    ],
    "feedback:round_detail": [
        _managers_only("get", _round, 200),
        _managers_only("post", _round, 422),
    ],
    "feedback:round_edit": [
        _managers_only("get", _round, 200),
        _managers_only("post", _round, 409, data=_new_round),
        _managers_only("post", _round, 422),
    ],
    "feedback:round_start": [_managers_only("post", _round, 302)],
    "feedback:round_stop": [_managers_only("post", _round, 302)],
    "feedback:round_anonymous": [_managers_only("post", _round, 302)],
    "feedback:round_list": [
        _managers_only("get", _list, 200),
        _managers_only("post", _list, 302),
    ],
    "feedback:round_bad_rows": [_managers_only("get", _list, 200)],
    "feedback:suppression_list": [
        Row(staff=403, foreign=200),
        Row("post", staff=403, foreign=422, manager=422, administrator=422),
    ],
    "feedback:suppression_lift": [Row.administrators("post", _suppression, 302)],
}
