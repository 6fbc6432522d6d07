"""Reads addresses of any era and answers in units of the map of a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

from core.places.resolver.cutting import LONGEST_TEXT, Cutter
from core.places.resolver.deciding import Decider, Weighed
from core.places.resolver.garbled import ungarbled
from core.places.resolver.gazetteer import NEW_MAP_SINCE, Gazetteer, WardName
from core.places.resolver.kinds import DISTRICT, PROVINCE, WARD
from core.places.resolver.lookup import Lookup
from core.places.resolver.readings import Reader
from core.places.resolver.resolution import Resolution
from core.places.resolver.rows import MOST_LEVELS, Mention, Row
from core.places.resolver.shortcut import Shortcut

_COLUMNS: Final = (WARD, DISTRICT, PROVINCE)
_NOTHING: Final = Resolution(basis=("empty",))
_GARBLED: Final = Resolution(basis=("garbled",))
_FEWEST_PARTS: Final = 2
_MOST_FRAMED: Final = 2
_MOST_KEPT: Final = 2_000
_MOST_MENTIONS: Final = 12


class Resolver:
    """Resolves addresses against one gazetteer; safe to share, quick to ask again."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._cutter = Cutter(gazetteer)
        lookup = Lookup(gazetteer)
        self._reader = Reader(lookup)
        self._shortcut = Shortcut(self._reader, lookup)
        self._answers: dict[tuple[object, ...], Resolution] = {}
        self._deciders = {is_new: Decider(gazetteer, is_new_map=is_new) for is_new in (True, False)}

    def resolve(
        self,
        text: str = "",
        *,
        ward: str = "",
        district: str = "",
        province: str = "",
        on: dt.date | None = None,
    ) -> Resolution:
        """Return where an address lies: given as one text, or as the columns of a list.

        Any text is read, none is refused; what a day before 2025-07-01 is asked for is answered
        in units of the map of 2025-06-30.
        """
        is_new = on is None or on >= NEW_MAP_SINCE
        columns = (
            None if text and not (ward or district or province) else (ward, district, province)
        )
        key = (text, columns, is_new)
        known = self._answers.get(key)
        if known is None:
            if len(self._answers) >= _MOST_KEPT:
                self._answers.clear()
            known = self._answers[key] = self._answer(text, columns, is_new_map=is_new)
        return known

    def _answer(
        self, text: str, columns: tuple[str, str, str] | None, *, is_new_map: bool
    ) -> Resolution:
        meant = [ungarbled(part) for part in columns or (text,)]
        if None in meant:
            return _GARBLED
        parts = [part or "" for part in meant]
        if is_new_map:
            plain = self._plain_text(parts[0]) if columns is None else self._plain_columns(*parts)
            if plain is not None:
                return plain
        code = _code_in(parts[0])
        if columns is None:
            row = self._row_of_text("" if code else parts[0])
        else:
            row = self._row_of_columns("" if code else parts[0], *parts[1:])
        answer = self._resolve(row, is_new_map=is_new_map)
        return answer if code is None else self._of_code(code, answer, is_new_map=is_new_map)

    def _plain_text(self, text: str) -> Resolution | None:
        """Answer "…, ward, district, province" or the reverse where the frame was read before."""
        parts = text.split(",")
        if len(parts) < _FEWEST_PARTS or len(text) > LONGEST_TEXT:
            return None
        n_framed = min(len(parts) - 1, _MOST_FRAMED)
        frames = (
            (parts[-n_framed:], parts[:-n_framed]),
            (parts[:n_framed][::-1], parts[n_framed:]),
        )
        for frame, rest in frames:
            key = tuple(frame)
            if not self._shortcut.knows(key):
                self._learn(key, frame, are_columns=False)
            segments = self._cutter.segments(",".join(rest), is_front=True)
            pieces = [piece for segment in segments for piece in segment]
            answer = self._shortcut.answer(key, pieces, column=None)
            if answer is not None:
                return answer
        return None

    def _plain_columns(self, ward: str, district: str, province: str) -> Resolution | None:
        """Answer a row of three columns whose last two were read before."""
        if not (ward and district and province):
            return None
        key = (district, province, WARD)
        if not self._shortcut.knows(key):
            self._learn(key, [district, province], are_columns=True)
        pieces = [piece for segment in self._cutter.segments(ward) for piece in segment]
        return self._shortcut.answer(key, pieces, column=WARD)

    def _learn(self, key: tuple[str, ...], frame: Sequence[str], *, are_columns: bool) -> None:
        """Keep what one or two segments mean, if they are names to the letter."""
        cut = [self._cutter.pieces(part) for part in frame]
        pieces = [each[0] for each in cut if len(each) == 1]
        levels = (DISTRICT, PROVINCE)[-len(frame) :]
        if [p for p, level in zip(pieces, levels, strict=False) if level not in p.levels] or (
            len(pieces) < len(frame)
        ):
            self._shortcut.learn(key, None)
        elif len(pieces) == 1:
            self._shortcut.learn_province(key, pieces[0])
        elif not self._shortcut.learn_named(key, district=pieces[0], province=pieces[1]):
            row = self._row_of_columns("", *frame) if are_columns else None
            self._shortcut.learn(key, row or self._row_of_text(",".join(frame)))

    def _of_code(self, code: str, rest: Resolution, *, is_new_map: bool) -> Resolution:
        """Answer a bare code: it may be of either map, so that it only chooses candidates."""
        found = [
            name
            for name in self._gazetteer.codes.get(code, ())
            if rest.province_code in {None, self._province_code(name, is_new_map=is_new_map)}
        ]
        codes = {
            each for name in found for each in (name.on_new_map if is_new_map else name.on_old_map)
        }
        return Resolution(
            province_code=rest.province_code,
            candidates=tuple(sorted(codes)),
            confidence=rest.confidence,
            basis=("code", *(rest.basis if rest.province_code else ())),
        )

    def _province_code(self, name: WardName, *, is_new_map: bool) -> str | None:
        if is_new_map:
            return name.province.code
        return next(iter(name.old_provinces)) if len(name.old_provinces) == 1 else None

    def _resolve(self, row: Row, *, is_new_map: bool) -> Resolution:
        if not row.mentions:
            return _NOTHING
        decider = self._deciders[is_new_map]
        likely: list[Weighed] = []
        if not row.has_unknown:
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
        if len(mentions) > MOST_LEVELS:
            mentions = _without_repeats(mentions)[-_MOST_MENTIONS:]
        return Row(mentions, n_segments=len(segments), are_columns=False)

    def _row_of_columns(self, *columns: str) -> Row:
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
        if first.kind is None:  # a town and its district or province share many a name
            told: tuple[object, ...] = (mention.segment, mention.piece.start, mention.piece.end)
        else:
            told = (first.kind, first.key, mention.piece.told)
        other = last.get(told)
        if other is None or (not other.overlaps(mention) and other.segment != mention.segment):
            last[told] = mention
        else:
            last[(*told, mention.piece.start)] = mention
    return sorted(last.values(), key=lambda m: (m.segment, m.piece.start))


def _code_in(text: str) -> str | None:
    """Return the commune code that is all the text; spreadsheets drop its leading zero."""
    bare = text.strip()
    return bare.zfill(5) if bare.isascii() and bare.isdigit() and len(bare) in {4, 5} else None
