"""The inbox: its search, and the answer to a customer."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from charter.models import Measure
from common.period import Period, resolve
from common.text import clean_text, search_form, validate_text
from feedback.envelope import MOST_CHARACTERS
from feedback.models import Answer, Collector, Response, Theme
from organisation.models import Tree, Unit, User

FIRST = ("q", "state", "rating", "theme")
BANDS = {"high": (75, 100), "middle": (26, 74), "low": (0, 25)}
ORDERS = {
    "newest": ("-received_at", "-pk"),
    "oldest": ("received_at", "pk"),
    "best": (F("rating").desc(nulls_last=True), "-received_at", "-pk"),
    "worst": (F("rating").asc(nulls_last=True), "-received_at", "-pk"),
}


class ResponseSearch(forms.Form):
    """What the inbox shows. Anything that is not understood is told, and left out of the search."""

    q = forms.CharField(label=_("Search"), required=False, max_length=200, validators=[validate_text])
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=_("Unit"), required=False, to_field_name="slug", empty_label=_("All units")
    )
    collector = forms.ModelChoiceField(
        Collector.objects.none(),
        label=_("Where we ask"),
        required=False,
        to_field_name="slug",
        empty_label=_("All places"),
    )
    rating = forms.ChoiceField(
        label=_("Rating"),
        required=False,
        choices=[
            ("", _("All ratings")),
            ("high", _("Good and very good")),
            ("middle", _("Middling")),
            ("low", _("Poor and very poor")),
        ],
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("New and answered")),
            ("new", _("Not answered yet")),
            ("answered", _("Answered")),
        ],
    )
    comment = forms.ChoiceField(
        label=_("Comment"),
        required=False,
        choices=[("", _("With or without")), ("yes", _("With a comment"))],
    )
    period = forms.CharField(
        label=_("Period"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"placeholder": "2026-11", "size": 12}),
    )
    language = forms.ChoiceField(label=_("Language"), required=False)
    theme = forms.ModelChoiceField(
        Theme.objects.active(),
        label=_("Theme"),
        required=False,
        to_field_name="reference",
        empty_label=_("All themes"),
    )
    hand = forms.ChoiceField(
        label=_("In hand of"),
        required=False,
        choices=[
            ("", _("Anybody or nobody")),
            ("mine", _("Me")),
            ("nobody", _("Nobody yet")),
            ("somebody", _("Somebody")),
        ],
    )
    sort = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[
            ("newest", _("Newest first")),
            ("oldest", _("Oldest first")),
            ("worst", _("Worst first")),
            ("best", _("Best first")),
        ],
    )
    measure = forms.ModelChoiceField(
        Measure.objects.all(), required=False, to_field_name="key", widget=forms.HiddenInput
    )
    value = forms.IntegerField(required=False, min_value=-1000, max_value=1000, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        mine = Unit.objects.active()
        self.fields["unit"].queryset = (  # type: ignore[attr-defined]
            mine if user.is_administrator else mine.filter(pk__in=user.unit_ids)
        )
        self.fields["collector"].queryset = Collector.objects.visible_to(user)  # type: ignore[attr-defined]
        self.fields["language"].choices = [("", _("All languages")), *settings.TEXT_LANGUAGES]  # type: ignore[attr-defined]
        if user.is_manager:
            self.fields["state"].choices += [  # type: ignore[attr-defined]
                ("spam", _("Suspected spam")),
                ("deleted", _("Deleted")),
            ]

    @property
    def query(self) -> str:
        """The filters as an address carries them, those that the search knows and nothing else."""
        return urlencode({name: self.data[name] for name in self.fields if self.data.get(name)})

    @property
    def first_fields(self) -> list[forms.BoundField]:
        """What is asked most: in sight at once."""
        return [self[name] for name in FIRST]

    @property
    def more_fields(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if field.name not in FIRST]

    @property
    def more_are_used(self) -> bool:
        return any(field.data for field in self.more_fields)

    def clean_period(self) -> Period | None:
        code = self.cleaned_data["period"].strip()
        return resolve(code, today=timezone.now().date()) if code else None

    def filter(self, responses: "QuerySet[Response]", *, on: Any) -> "QuerySet[Response]":
        """The responses asked for. `on` is the day whose tree says which units lie below the unit."""
        self.is_valid()
        asked = self.cleaned_data
        if asked.get("unit"):
            responses = responses.filter(unit__in=Tree.on(on).subtree(asked["unit"].pk))
        responses = self._behind_a_figure(self._in_hand(self._about(responses, asked), asked), asked)
        return self._searched(self._in_state(responses, asked), asked).order_by(
            *ORDERS[asked.get("sort") or "newest"]
        )

    def _about(self, responses: "QuerySet[Response]", asked: dict[str, Any]) -> "QuerySet[Response]":
        """By what is known of each response alone."""
        if asked.get("collector"):
            responses = responses.filter(collector=asked["collector"])
        if asked.get("rating"):
            responses = responses.filter(rating__range=BANDS[asked["rating"]])
        if asked.get("comment"):
            responses = responses.filter(has_comment=True)
        if period := asked.get("period"):
            responses = responses.filter(service_date__gte=period.start, service_date__lt=period.end)
        if asked.get("language"):
            responses = responses.filter(language=asked["language"])
        if asked.get("theme"):
            responses = responses.filter(pk__in=asked["theme"].matches.values("response"))
        return responses

    def _in_hand(self, responses: "QuerySet[Response]", asked: dict[str, Any]) -> "QuerySet[Response]":
        hand = asked.get("hand")
        if hand == "mine":
            return responses.filter(assigned_to=self.user)
        if hand:
            return responses.filter(assigned_to__isnull=hand == "nobody")
        return responses

    def _behind_a_figure(
        self, responses: "QuerySet[Response]", asked: dict[str, Any]
    ) -> "QuerySet[Response]":
        if asked.get("measure"):
            answers = Answer.objects.filter(measure=asked["measure"])
            if asked.get("value") is not None:
                answers = answers.filter(value=asked["value"], is_na=False)
            responses = responses.filter(pk__in=answers.values("response"))
        return responses

    def _in_state(self, responses: "QuerySet[Response]", asked: dict[str, Any]) -> "QuerySet[Response]":
        state = asked.get("state")
        if state == "deleted":
            return responses
        if state == "spam":
            return responses.filter(is_spam=True)
        responses = responses.filter(is_spam=False)
        if state in ("new", "answered"):
            return responses.filter(replied_at__isnull=state == "new")
        return responses

    def _searched(self, responses: "QuerySet[Response]", asked: dict[str, Any]) -> "QuerySet[Response]":
        """By words in the comment (case-folded, every word), or by the one code: ours, or the receipt code
        that a customer tells."""
        words = asked.get("q", "").split()
        if len(words) == 1:
            code = words[0].upper()
            named = responses.filter(Q(reference=code) | Q(receipt_code=code))
            if named.exists():
                return named
        for word in words:
            responses = responses.filter(search__contains=search_form(word))
        return responses


class ReplyForm(forms.Form):
    """What we answer to the customer."""

    text = forms.CharField(
        label=_("Your words to the customer"),
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("The customer reads it on the receipt page, and by e-mail where an address was left."),
    )

    def clean_text(self) -> str:
        text = clean_text(self.cleaned_data["text"], max_length=MOST_CHARACTERS)
        if not text:
            raise ValidationError(_("Please write an answer."))
        return text
