from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrainingConfig(AppConfig):
    name = "training"
    verbose_name = _("Training")

    def ready(self) -> None:
        """Registers navigation, jobs and what is due on My work."""
        from training import registry  # noqa: F401, PLC0415
