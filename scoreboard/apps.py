from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScoreboardConfig(AppConfig):
    name = "scoreboard"
    verbose_name = _("Scoreboard")

    def ready(self) -> None:
        """Registers navigation, page slots and the age of the oldest work owed."""
        from scoreboard import registry  # noqa: F401, PLC0415
