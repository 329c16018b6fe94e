from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FeedbackConfig(AppConfig):
    name = "feedback"
    verbose_name = _("Feedback")

    def ready(self) -> None:
        """Registers the navigation, the source of answers, and what the audit trail follows."""
        from feedback import registry  # noqa: F401, PLC0415
