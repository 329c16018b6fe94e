"""What the home room offers to the pages of all rooms."""

from django.utils.translation import gettext_lazy as _

from common.navigation import register_entry

register_entry(5, _("My work"), "home:my", "home.my")
