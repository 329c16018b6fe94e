"""Themes of comments, found by keyword rules in each language."""

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.reference import new_reference
from common.text import validate_text
from feedback.models.response import Response
from feedback.theming import Rules
from organisation.models import User


class ThemeQuerySet(models.QuerySet["Theme"]):
    def active(self) -> "ThemeQuerySet":
        return self.filter(archived_at__isnull=True)

    def visible_to(self, user: Any) -> "ThemeQuerySet":
        """Themes hold for the whole organisation: everybody who is signed in sees them."""
        return self if user.is_authenticated else self.none()

    def rules(self) -> dict[int, dict[str, Rules]]:
        """Theme → language → rules of the themes in use. One query."""
        found: dict[int, dict[str, Rules]] = {}
        for rule in ThemeRule.objects.filter(theme__in=self.active()):
            found.setdefault(rule.theme_id, {})[rule.language] = Rules.parse(rule.lines)
        return found


class Theme(models.Model):
    """What comments are about. `version` counts its changes, so that nobody overwrites unseen ones."""

    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    name = models.CharField(_("theme"), max_length=60, unique=True, validators=[validate_text])
    version = models.PositiveIntegerField(default=1)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ThemeQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("feedback:theme_edit", args=[self.reference])


class ThemeRule(models.Model):
    """The keywords of a theme in one language, a rule a line (see `feedback.theming`)."""

    theme = models.ForeignKey(Theme, on_delete=models.CASCADE, related_name="rules")
    language = models.CharField(max_length=12)
    lines = models.TextField(_("keywords"), max_length=5000, validators=[validate_text])

    class Meta:
        ordering = ["language"]
        constraints = [models.UniqueConstraint(fields=["theme", "language"], name="one_rule_a_language")]

    def __str__(self) -> str:
        return f"{self.theme_id} {self.language}"


class ThemeMatchQuerySet(models.QuerySet["ThemeMatch"]):
    def about(self) -> "ThemeMatchQuerySet":
        """Those of themes in use, by name, with the theme."""
        return self.filter(theme__archived_at__isnull=True).select_related("theme").order_by("theme__name")


class ThemeMatch(models.Model):
    """A comment is about a theme: what the job finds by the rules, with what was set by hand."""

    theme = models.ForeignKey(Theme, on_delete=models.CASCADE, related_name="matches")
    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="themes")

    objects = ThemeMatchQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["theme", "response"], name="one_match_a_theme")]

    def __str__(self) -> str:
        return f"{self.theme_id} {self.response_id}"


class ThemeByHand(models.Model):
    """Somebody has read the comment: it is about the theme, or it is not, whatever the rules find."""

    theme = models.ForeignKey(Theme, on_delete=models.CASCADE, related_name="+")
    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="themes_by_hand")
    is_about = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["theme", "response"], name="one_word_by_hand_a_theme")]

    def __str__(self) -> str:
        return f"{self.theme_id} {self.response_id} {self.is_about}"


class ThemeEvent(models.Model):
    """History of a theme. Append-only."""

    class What(models.TextChoices):
        WRITTEN = "written", _("Written")
        CHANGED = "changed", _("Changed")
        ARCHIVED = "archived", _("Archived")
        RESTORED = "restored", _("Restored")

    theme = models.ForeignKey(Theme, on_delete=models.CASCADE, related_name="events")
    what = models.CharField(max_length=20, choices=What)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.what} {self.at}"
