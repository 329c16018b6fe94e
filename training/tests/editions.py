"""Published editions for the tests of “know our charter”, and what is prepared from them."""

from datetime import UTC, date, datetime, timedelta

from charter.models import Edition
from charter.tests.factories import CharterFactory, StandardFactory
from organisation.tests.factories import UnitFactory
from training.actions.know import make_ready, prepare_editions
from training.models import Preparation

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
WORDS = {
    "lights": ("We mend street lights {}", "I want to come home safely"),
    "letters": ("We answer letters {}", "I want to know where I stand"),
    "queue": ("We call you up {}", "I do not want to stand for ever"),
}
LIMITS = {"lights": (5, "working_days"), "letters": (10, "working_days"), "queue": (15, "business_minutes")}


def standard(key, *, amount=None, promise="", need=None, **facts):
    said, wanted = WORDS[key]
    texts = {"en": {"promise": promise or said.format("in time"), "need": wanted if need is None else need}}
    limit = LIMITS[key]
    return {
        "key": key,
        "discretion": "rigid",
        "limit_amount": amount or limit[0],
        "limit_unit": limit[1],
        "texts": facts.pop("texts", texts),
        **facts,
    }


def content(*rows, policies=()):
    return {"standards": list(rows) or [standard(key) for key in WORDS], "policies": list(policies)}


def policy(key, *standards, amount=None, may=""):
    texts = {"en": {"name": f"Policy {key}", "staff_may": may}}
    return {
        "key": key,
        "amount": amount,
        "currency": "£" if amount else "",
        "standards": list(standards),
        "texts": texts,
    }


def a_charter():
    """Of the unit “Harbour”, with a standard for each of the words."""
    charter = CharterFactory(unit=UnitFactory(name="Harbour", slug="harbour"))
    for key in WORDS:
        StandardFactory(charter=charter, key=key)
    return charter


def publish(charter, number, content_):
    return Edition.objects.create(
        charter=charter,
        number=number,
        note="New",
        in_force_from=date(2026, number, 1),
        content=content_,
        published_at=AT,
    )


def prepared(charter, number, content_):
    publish(charter, number, content_)
    prepare_editions(at=AT)
    return Preparation.objects.get(edition__charter=charter, edition__number=number)


def ready(preparation, manager, days=0):
    keys = list(preparation.questions.values_list("key", flat=True))
    return make_ready(preparation, accepted=keys, by=manager, at=AT + timedelta(days=days))
