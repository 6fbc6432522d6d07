"""Kinds of papers are known by the names that people's lists use."""

from __future__ import annotations

import pytest

from core.catalogue.enums import PaperKind
from core.imports.lookups import PAPER_NAMES
from core.imports.reading import RowReader
from core.imports.registry import Row
from producers.resources.columns import PAPERS


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("OCOP", PaperKind.OCOP_AWARD),
        ("Giấy chứng nhận ATTP", PaperKind.FOOD_SAFETY),
        ("mã vùng trồng", PaperKind.GROWING_AREA_CODE),
        ("GlobalGAP", PaperKind.GLOBALGAP),
        ("Chứng nhận VIETGAP", PaperKind.VIETGAP),
    ],
)
def test_common_names_are_read(typed, kind):
    reader = RowReader(Row(number=2, cells={"kind": typed}), columns=PAPERS[:1])
    assert reader.choice("kind", PaperKind, known_as=PAPER_NAMES) == kind
    assert not reader.is_refused


def test_what_nobody_knows_is_refused_with_the_kinds_there_are():
    reader = RowReader(Row(number=2, cells={"kind": "Bằng lái"}), columns=PAPERS[:1])
    assert reader.choice("kind", PaperKind, known_as=PAPER_NAMES) == ""
    assert reader.is_refused
