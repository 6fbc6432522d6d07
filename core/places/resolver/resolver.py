"""Reads addresses of any era and answers in units of the map of a day."""

from __future__ import annotations

import datetime as dt
from typing import Final

from core.places.resolver.deciding import Decider
from core.places.resolver.gazetteer import NEW_MAP_SINCE, Gazetteer
from core.places.resolver.kinds import DISTRICT, PROVINCE, WARD
from core.places.resolver.lookup import Lookup
from core.places.resolver.pieces import Cutter
from core.places.resolver.readings import Reader
from core.places.resolver.resolution import Resolution
from core.places.resolver.rows import Mention, Row

_COLUMNS: Final = (WARD, DISTRICT, PROVINCE)
_NOTHING: Final = Resolution(basis=("empty",))
_MOST_MENTIONS: Final = 12


class Resolver:
    """Resolves addresses against one gazetteer; safe to share, quick to ask again."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._cutter = Cutter(gazetteer)
        self._reader = Reader(Lookup(gazetteer))
        self._deciders = {
            is_new: Decider(gazetteer, is_new_map=is_new) for is_new in (True, False)
        }

    def resolve(
        self,
        text: str = "",
        *,
        ward: str = "",
        district: str = "",
        province: str = "",
        on: dt.date | None = None,
    ) -> Resolution:
        is_new = on is None or on >= NEW_MAP_SINCE
        if text:
            row = self._row_of_text(text)
        else:
            row = self._row_of_columns((ward, district, province))
        return self._resolve(row, is_new)

    def _resolve(self, row: Row, is_new_map: bool) -> Resolution:
        if not row.mentions:
            return _NOTHING
        decider = self._deciders[is_new_map]
        likely = decider.weigh(self._reader.interpretations(row, slips=False))
        if not decider.is_plain(likely):
            likely = decider.weigh(self._reader.interpretations(row, slips=True))
        return decider.answer(likely)

    def _row_of_text(self, text: str) -> Row:
        segments = self._cutter.segments(text)
        last = len(segments) - 1
        mentions = [
            Mention(piece, number, None, is_last=number == last)
            for number, pieces in enumerate(segments)
            for piece in pieces
        ]
        if len(mentions) > 3:  # noqa: PLR2004 -- three levels are seldom written twice
            mentions = _without_repeats(mentions)[-_MOST_MENTIONS:]
        return Row(mentions, n_segments=len(segments), are_columns=False)

    def _row_of_columns(self, columns: tuple[str, str, str]) -> Row:
        mentions: list[Mention] = []
        number = 0
        for column, text in zip(_COLUMNS, columns, strict=True):
            for pieces in self._cutter.segments(text) if text else ():
                mentions += [Mention(piece, number, column, is_last=False) for piece in pieces]
                number += 1
        return Row(mentions, n_segments=number, are_columns=True)


def _without_repeats(mentions: list[Mention]) -> list[Mention]:
    """Return the mentions without those that say the same again in another segment."""
    last: dict[tuple[object, ...], Mention] = {}
    for mention in mentions:
        first = mention.piece.readings[0]
        told = (first.kind, first.key, mention.piece.told)
        other = last.get(told)
        if other is None or not other.overlaps(mention) and other.segment != mention.segment:
            last[told] = mention
        else:
            last[(*told, mention.piece.start)] = mention
    return sorted(last.values(), key=lambda m: (m.segment, m.piece.start))
