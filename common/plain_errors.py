"""What forms and models say of addresses and keys, in place of Django's words for programmers.

In one place for every form. “This field is required.” and the like are plain enough and stay Django's,
which has them in every language.
"""

from typing import Any

from django.core import validators
from django.db import models
from django.utils.translation import gettext_lazy as _

slugs: Any = validators.validate_slug
slugs.message = _("Only letters without accents, digits, hyphens and underscores, and no spaces.")
models.Field.default_error_messages["unique"] = _("This is taken already. Choose another.")  # type: ignore[index]
