"""What typed fields say."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from core.web.typed_fields import TypedMoneyField


def test_an_unusual_price_is_called_an_amount_of_money():
    with translation.override("vi"), pytest.raises(ValidationError) as asked:
        TypedMoneyField().clean("95")
    assert asked.value.messages[0].startswith("Số tiền có vẻ bất thường.")
