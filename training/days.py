"""The days that the training room goes by: those of the organisation and of its people."""

from organisation.days import end_of_day, local_day, organisation_day, organisation_zone

__all__ = ["end_of_day", "local_day", "organisation_day", "organisation_zone"]
