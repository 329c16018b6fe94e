"""What the organisation room adds to the pages of the product."""

from django.utils.translation import gettext_lazy as _

from common.navigation import register_entry

register_entry(90, _("Settings"), "organisation:settings", "organisation.see_settings")
