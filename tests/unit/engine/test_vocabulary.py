"""The engine is pure, so it spells the catalogue's codes out again; here the two are held equal."""

from __future__ import annotations

from core.catalogue.enums import Market, PaperKind, StorageClass
from matchmaking.engine.records import MARKETS, PLAIN_KINDS, STORAGE_CLASSES


def test_every_paper_kind_but_the_award_is_known_to_the_engine() -> None:
    assert set(PaperKind.values) - {PaperKind.OCOP_AWARD} <= set(PLAIN_KINDS)


def test_every_market_is_known_to_the_engine() -> None:
    assert set(Market.values) <= set(MARKETS)


def test_every_storage_class_of_goods_is_known_to_the_engine() -> None:
    assert set(StorageClass.values) - {StorageClass.SERVICE} == set(STORAGE_CLASSES)
