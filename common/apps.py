from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommonConfig(AppConfig):
    name = "common"
    verbose_name = _("Common")

    def ready(self) -> None:
        """Registers the system check that no view starts without a declared policy, and plain words for
        what forms refuse."""
        from common import plain_errors, policy  # noqa: F401, PLC0415
