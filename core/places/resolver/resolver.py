"""Reads addresses of any era and answers in units of the map of a day."""

from __future__ import annotations

import datetime as dt
from typing import Final

from core.places.resolver.deciding import Decider
from core.places.resolver.gazetteer import NEW_MAP_SINCE, Gazetteer
from core.places.resolver.kinds import DISTRICT, PROVINCE, WARD
from core.places.resolver.matching import Mention
from core.places.resolver.pieces import Cutter
from core.places.resolver.readings import Reader, Row
from core.places.resolver.resolution import Resolution

_COLUMNS: Final = (WARD, DISTRICT, PROVINCE)
_NOTHING: Final = Resolution(basis=("empty",))
_MOST_MENTIONS: Final = 12


class Resolver:
    """Resolves addresses against one gazetteer; safe to share, quick to ask again."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._cutter = Cutter(gazetteer)
        self._reader = Reader(gazetteer)
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
        if not likely or likely[0].conflicts or likely[0].one.ward is None:
            likely = decider.weigh(self._reader.interpretations(row, slips=True))
        return decider.answer(likely)

    def _row_of_text(self, text: str) -> Row:
        segments = self._cutter.segments(text)
        mentions = [
            Mention(piece, number, None)
            for number, pieces in enumerate(segments)
            for piece in pieces
        ]
        return _row(mentions, len(segments), are_columns=False)

    def _row_of_columns(self, columns: tuple[str, str, str]) -> Row:
        mentions: list[Mention] = []
        number = 0
        for column, text in zip(_COLUMNS, columns, strict=True):
            segments = self._cutter.segments(text) if text else []
            for pieces in segments:
                mentions += [Mention(piece, number, column) for piece in pieces]
                number += 1
        return _row(mentions, number, are_columns=True)


def _row(mentions: list[Mention], n_segments: int, *, are_columns: bool) -> Row:
    seen: dict[object, Mention] = {}
    for mention in mentions:
        same = (mention.piece.readings, mention.column, mention.piece.start if n_segments == 1 else 0)
        seen[same] = mention
    kept = tuple(seen.values())[-_MOST_MENTIONS:] if not are_columns else tuple(seen.values())
    has_marks = any(r.has_marks for m in kept for r in m.piece.readings)
    return Row(kept, has_marks, n_segments, are_columns)
