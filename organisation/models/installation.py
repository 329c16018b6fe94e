"""What is set once for the whole installation, and files."""

import hashlib

from django.core.files.base import File
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from common.reference import new_reference
from common.text import validate_text


class Attachment(models.Model):
    """A file that somebody uploaded or a job produced."""

    reference = models.CharField(max_length=20, unique=True, default=new_reference)
    name = models.CharField(_("file name"), max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(help_text="bytes")
    sha256 = models.CharField(max_length=64, db_index=True)
    file = models.FileField(upload_to="attachments/%Y/%m/")
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name

    @classmethod
    def store(cls, content: "File[bytes]", *, name: str, content_type: str) -> "Attachment":
        """Keep a file under a name of our own and remember its SHA-256."""
        digest = hashlib.sha256()
        for chunk in content.chunks():
            digest.update(chunk)
        content.seek(0)
        attachment = cls(
            name=name[:200],
            content_type=content_type[:100],
            size=content.size,
            sha256=digest.hexdigest(),
        )
        attachment.file.save(attachment.reference, content, save=False)
        attachment.save()
        return attachment

    def read(self, *, largest: int) -> bytes:
        """What is in it; nothing where it has more bytes than `largest`, or is not there any more."""
        if self.size > largest:
            return b""
        try:
            with self.file.open("rb") as content:
                return content.read()
        except FileNotFoundError:
            return b""


class Installation(models.Model):
    """Name and look of the organisation. One row; `Installation.current()` is its door."""

    name = models.CharField(_("name of the organisation"), max_length=150, validators=[validate_text])
    short_name = models.CharField(_("short name"), max_length=40, validators=[validate_text])
    logo = models.ForeignKey(Attachment, on_delete=models.PROTECT, null=True, blank=True)
    colour = models.CharField(
        _("colour"),
        max_length=7,
        default="#0f6b6b",
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Write the colour as #rrggbb."))],
    )
    language = models.CharField(_("language"), max_length=12, default="en")
    financial_year_starts = models.PositiveSmallIntegerField(
        _("the financial year begins in"), choices=list(MONTHS.items()), default=1
    )
    root = models.ForeignKey(
        "organisation.Unit", on_delete=models.PROTECT, related_name="+", verbose_name=_("whole organisation")
    )
    licence = models.CharField(
        _("licence of the open data"),
        max_length=300,
        blank=True,
        validators=[validate_text],
        help_text=_(
            "For example: Creative Commons Attribution 4.0. Stands on the open data page and in its files."
        ),
    )
    tree_version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="one_installation"),
            models.CheckConstraint(
                condition=models.Q(financial_year_starts__range=(1, 12)),
                name="financial_year_starts_in_a_month",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def current(cls) -> "Installation | None":
        """The installation's row; None before the first set-up."""
        return cls.objects.select_related("root", "logo").first()
