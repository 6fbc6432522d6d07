"""Who is shown where: a bounded step from the score, so that no producer stays unseen.

A score says how well a match fits and never changes here. The order of a buyer's list adds two
things to it, each at most `exposure_points` of the rules:

* a **lift** for a producer buyers were shown little: the share it lacks to the average;
* a **step back** for the second, third and every further offer of one producer for one request:
  ½, ⅔, ¾ … of the points.

All in whole numbers, so that every order can be worked out again to the point.

Source:
    Exposure as a matter of merit, evened out over many lists instead of within one: Singh &
    Joachims, KDD 2018; Biega, Gummadi, Weikum, SIGIR 2018. Attention by place: Järvelin &
    Kekäläinen, ACM TOIS 20(4), 2002.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from math import log2, prod
from typing import Final, NamedTuple

import numpy as np

from matchmaking.engine.ruleset import Ruleset
from matchmaking.engine.values import Ints

WHOLE: Final = 10_000
"""Attention of one first place; also what a producer lacks that nobody was shown."""
LATELY_DAYS: Final = 28
"""How far back impressions count for the order."""


class Move(StrEnum):
    """Why a match does not stand where its score alone would put it."""

    LIFTED = "lifted"
    """Above a better one for the same request, since its producer was shown less."""
    STEPPED_BACK = "stepped_back"
    """Below a worse one for the same request, where its producer has another offer above it."""


class Standing(NamedTuple):
    """One match, as an order needs it."""

    match_id: int
    request_id: int
    organisation_id: int
    """The producer."""
    score: int


@dataclass(frozen=True, slots=True)
class Shortfalls:
    """How far producers lie below the average of what buyers were shown, in 1/10,000 of it."""

    of_organisation: Mapping[int, int]
    unseen: int = WHOLE
    """What everybody else lacks: all, or nothing where buyers were shown nobody at all."""

    @classmethod
    def counted(cls, attention: Mapping[int, int], *, organisations: int) -> Shortfalls:
        """Compare everybody's attention with the average.

        Args:
            attention: Sums of `attention_of` over the impressions of each organisation.
            organisations: How many could have been shown, those included.
        """
        whole = sum(attention.values())
        lacking = {
            one: max(0, WHOLE - WHOLE * seen * organisations // whole)
            for one, seen in attention.items()
            if seen
        }
        return cls(lacking, unseen=WHOLE if lacking else 0)

    def of(self, organisation_ids: Iterable[int]) -> Ints:
        """Return what each lacks."""
        found = (self.of_organisation.get(one, self.unseen) for one in organisation_ids)
        return np.fromiter(found, dtype=np.int64)


_NONE: Final = np.zeros(0, dtype=np.int64)
NOBODY_SHOWN: Final = Shortfalls({}, unseen=0)


@dataclass(frozen=True, eq=False, kw_only=True)
class Placed:
    """Matches of any number of requests, row for row, with what moves each in the order."""

    points: int
    """What each of the two moves is at most."""
    ids: Ints
    request_id: Ints
    score: Ints
    lift: Ints
    """Points added for a producer that was shown little."""
    step_back: Ints
    """Points taken from a further offer of one producer for one request."""

    @cached_property
    def order(self) -> Ints:
        """Rows as they are shown; equals by score, then the lowest id."""
        return np.lexsort((self.ids, -self.score, -self._shown))

    @property
    def shown_scores(self) -> dict[int, int]:
        """What the order goes by, by id."""
        return dict(zip(self.ids.tolist(), self._shown.tolist(), strict=True))

    @property
    def ids_in_order(self) -> list[int]:
        """Ids as they are shown."""
        in_order: list[int] = self.ids[self.order].tolist()
        return in_order

    @property
    def _shown(self) -> Ints:
        return self.score + self.lift - self.step_back

    def moves(self, ids: Iterable[int]) -> dict[int, Move]:
        """Tell of some matches why they passed a better one or were passed by a worse one."""
        place = np.empty(len(self.ids), dtype=np.int64)
        place[self.order] = np.arange(len(place))
        row_of = {one: row for row, one in enumerate(self.ids.tolist())}
        found = ((one, self._move(row_of[one], place)) for one in ids if one in row_of)
        return {one: move for one, move in found if move}

    def _move(self, row: int, place: Ints) -> Move | None:
        rivals = self.request_id == self.request_id[row]
        passed = rivals & (self.score > self.score[row]) & (place > place[row])
        if np.any(passed & (self.lift < self.lift[row])):
            return Move.LIFTED
        passing = rivals & (self.score < self.score[row]) & (place < place[row])
        if np.any(passing & (self.step_back < self.step_back[row])):
            return Move.STEPPED_BACK
        return None


def attention_of(place: int) -> int:
    """Attention a place gets from who reads from the top: the first all, the third half of it.

    Args:
        place: From 1.
    """
    return round(WHOLE / log2(1 + place))


def chance_of_being_read(places: Iterable[int]) -> float:
    """Chance that a match was read at least once, shown at these places one after the other."""
    return 1 - prod(1 - 1 / log2(1 + place) for place in places)


def place(
    standings: Sequence[Standing] | Ints, *, shortfalls: Shortfalls, rules: Ruleset
) -> Placed:
    """Work out what moves each of the matches that people may still answer.

    Args:
        standings: Eligible ones only, the others' order is not ours to change; or such columns.
        shortfalls: Of their producers.
        rules: Whose `exposure_points` bound both moves; 0 leaves the order to the score.
    """
    table = np.asarray(standings, dtype=np.int64).reshape(-1, len(Standing._fields))
    ids, request_id, organisation_id, score = table.T
    points = int(rules.exposure_points)
    before = _own_before(ids, request_id, organisation_id, score)
    return Placed(
        points=points,
        ids=ids,
        request_id=request_id,
        score=score,
        lift=points * shortfalls.of(organisation_id.tolist()) // WHOLE,
        step_back=points * before // (before + 1),
    )


NOTHING_PLACED: Final = Placed(
    points=0, ids=_NONE, request_id=_NONE, score=_NONE, lift=_NONE, step_back=_NONE
)


def _own_before(ids: Ints, request_id: Ints, organisation_id: Ints, score: Ints) -> Ints:
    """How many better offers each one's producer has for the same request."""
    by_producer = np.lexsort((ids, -score, organisation_id, request_id))
    owners = np.stack([request_id, organisation_id])[:, by_producer]
    row = np.arange(len(ids))
    is_best = np.append(True, np.any(owners[:, 1:] != owners[:, :-1], axis=0))[: len(ids)]
    before = np.empty(len(ids), dtype=np.int64)
    before[by_producer] = row - np.maximum.accumulate(np.where(is_best, row, 0))
    return before
