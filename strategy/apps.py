from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StrategyConfig(AppConfig):
    name = "strategy"
    verbose_name = _("Strategy")

    def ready(self) -> None:
        """Registers navigation, page slots and jobs."""
        from strategy import registry  # noqa: F401, PLC0415
