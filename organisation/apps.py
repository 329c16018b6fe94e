from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganisationConfig(AppConfig):
    name = "organisation"
    verbose_name = _("Organisation")

    def ready(self) -> None:
        """Registers the navigation and the models that the audit trail follows."""
        from organisation import audit, registry  # noqa: F401, PLC0415

        audit.follow_models()
