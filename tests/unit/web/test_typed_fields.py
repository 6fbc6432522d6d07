"""What typed fields say, and that none is made without the means to read."""

from __future__ import annotations

import re

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from buyers.forms.requests import RequestForm
from core.catalogue.typed.outcomes import Understood
from core.catalogue.typed.quantities import read_quantity
from core.web import typed_words
from core.web.typed_api import TypedDay
from core.web.typed_fields import TypedField, TypedMoneyField
from producers.forms.offers import OfferForm
from producers.forms.papers import PaperForm


def test_an_unusual_price_is_called_an_amount_of_money():
    with translation.override("vi"), pytest.raises(ValidationError) as asked:
        TypedMoneyField().clean("95")
    assert asked.value.messages[0].startswith("Số tiền có vẻ bất thường.")


def test_a_typed_field_that_cannot_read_is_not_made():
    class Speechless(TypedField):
        def write(self, value):
            return str(value)

    class Unread(TypedDay):
        plain = TypedDay.__base__.plain

    with pytest.raises(TypeError, match="read"):
        Speechless()
    with pytest.raises(TypeError, match="plain"):
        Unread()


EXAMPLES = (
    *typed_words._EXAMPLES.values(),
    *typed_words._REFUSED.values(),
    *(
        field.help_text
        for form in (OfferForm, PaperForm, RequestForm)
        for field in form.base_fields.values()
        if isinstance(field, TypedField)
    ),
)
FIGURE = re.compile(r"(?<![\d/])\d[\d.,]*\d(?![\d/])")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_examples_are_written_so_that_their_reader_may_copy_them(language):
    with translation.override(language):
        figures = [found for said in EXAMPLES for found in FIGURE.findall(str(said))]
    asked = [one for one in figures if not is_exact(read_quantity(one, language=language))]
    assert len(figures) > 10
    assert asked == []


def is_exact(outcome) -> bool:
    return isinstance(outcome, Understood) and outcome.is_exact
