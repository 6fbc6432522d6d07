"""What typed fields say, and that none is made without the means to read."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from core.web.typed_api import TypedDay
from core.web.typed_fields import TypedField, TypedMoneyField


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
