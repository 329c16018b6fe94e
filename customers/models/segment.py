"""Segments: who our customers are, outside and inside the organisation."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.text import validate_text
from customers.models.base import RegisterEvent, RegisterQuerySet, RegisterRow
from organisation.models import Unit


class Channel(models.TextChoices):
    """By which way a customer comes to us."""

    COUNTER = "counter", _("At the counter")
    TELEPHONE = "telephone", _("By telephone")
    POST = "post", _("By post and e-mail")
    ONLINE = "online", _("Online")
    ON_SITE = "on_site", _("At the customer's place")


IN_PERSON = (Channel.COUNTER, Channel.ON_SITE)


class Segment(RegisterRow):
    """A group of customers who come for much the same; colleagues who depend on us are customers, too."""

    class Kind(models.TextChoices):
        EXTERNAL = "external", _("Customers")
        INTERNAL = "internal", _("Colleagues who depend on us")

    searched = ("name", "description", "come_for", "accessibility", "languages")

    name = models.CharField(_("name"), max_length=200, validators=[validate_text])
    kind = models.CharField(_("who they are"), max_length=10, choices=Kind, default=Kind.EXTERNAL)
    description = models.TextField(_("description"), max_length=2000, blank=True, validators=[validate_text])
    size = models.PositiveIntegerField(_("how many there are"), null=True, blank=True)
    size_source = models.CharField(
        _("where the number comes from"), max_length=200, blank=True, validators=[validate_text]
    )
    come_for = models.TextField(
        _("what they come for"), max_length=2000, blank=True, validators=[validate_text]
    )
    units = models.ManyToManyField(
        Unit, blank=True, related_name="+", verbose_name=_("units to which they come")
    )
    accessibility = models.TextField(
        _("what they need to reach us"), max_length=1000, blank=True, validators=[validate_text]
    )
    languages = models.CharField(
        _("languages that they need"), max_length=300, blank=True, validators=[validate_text]
    )

    objects = RegisterQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("customers:segment_detail", args=[self.reference])

    @property
    def channel_words(self) -> list[str]:
        """The channels in the order in which they are always named (prefetch `channels`)."""
        used = {row.channel for row in self.channels.all()}
        return [str(label) for value, label in Channel.choices if value in used]


class SegmentChannel(models.Model):
    """One way by which the segment comes to us."""

    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="channels")
    channel = models.CharField(max_length=20, choices=Channel)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["segment", "channel"], name="one_row_a_segment_and_channel")
        ]

    def __str__(self) -> str:
        return self.channel


class SegmentEvent(RegisterEvent):
    class What(models.TextChoices):
        ADDED = "added", _("Written")
        SAVED = "saved", _("Changed")
        ARCHIVED = "archived", _("Archived")
        RESTORED = "restored", _("Restored")

    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="events")
    what = models.CharField(max_length=20, choices=What)

    def __str__(self) -> str:
        return f"{self.what} {self.at}"
