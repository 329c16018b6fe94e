"""What forms say of addresses, in words that are not a programmer's."""

import pytest
from django import forms

from organisation.models import Unit
from organisation.tests.factories import UnitFactory

pytestmark = pytest.mark.django_db
UnitForm = forms.modelform_factory(Unit, fields=["slug"])


@pytest.mark.parametrize("form", [UnitForm, type("Plain", (forms.Form,), {"slug": forms.SlugField()})])
def test_an_address_with_other_signs_is_told_which_signs_may_be(form):
    errors = form({"slug": "Two words!"}).errors["slug"]
    assert errors == ["Only letters without accents, digits, hyphens and underscores, and no spaces."]


def test_an_address_that_is_taken_is_told_so():
    UnitFactory(slug="counter")
    assert UnitForm({"slug": "counter"}).errors["slug"] == ["This is taken already. Choose another."]
