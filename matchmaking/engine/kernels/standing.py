"""Lists that stand: compiled steps that let one partner in or out and tell whose list changed."""

from __future__ import annotations

from typing import NamedTuple

from matchmaking.engine.kernels.jit import compiled, entry
from matchmaking.engine.kernels.layout import Int32s
from matchmaking.engine.values import Ints

NO_CUT = -1


class Standing(NamedTuple):
    """Lists of one side, each longer than what is shown of it, so that it outlasts departures.

    A list that was full knows nobody beyond its last place. It holds everybody better than its
    *cut*: the last of the list when it was full before it lost one.
    """

    rows: Int32s
    """(owners, room): partners, best first."""
    scores: Int32s
    counts: Int32s
    cut_scores: Int32s
    """`NO_CUT` where the list was never full since it was ranked."""
    cut_ids: Ints
    ids: Ints
    """Of the partners by their rows: of equal scores the lower id comes first."""
    is_due: Int32s
    """1 where an owner's own walk makes the list, so that nobody else's may add to it."""
    notes: Int32s
    """Where each owner's list was noted before it was first touched; -1 where it was not."""
    noted: Int32s
    """Owners in the order they were noted; behind the last place, how many."""
    noted_rows: Int32s
    """(owners, at least as many as are shown)"""
    noted_scores: Int32s
    noted_counts: Int32s


@compiled
def least_of(lists: Standing, owner: int, minimum: int) -> int:
    """The least score with which somebody may still enter."""
    room = lists.rows.shape[1]
    if lists.counts[owner] == room:
        return max(minimum, lists.scores[owner, room - 1])
    return max(minimum, lists.cut_scores[owner])


@compiled
def note(lists: Standing, owner: int, shown: int) -> None:
    """Remember what is shown of a list that is about to change."""
    if lists.notes[owner] >= 0:
        return
    at = lists.noted[-1]
    lists.noted[-1] += 1
    lists.noted[at], lists.notes[owner] = owner, at
    count = min(lists.counts[owner], shown)
    lists.noted_counts[at] = count
    for place in range(count):
        lists.noted_rows[at, place] = lists.rows[owner, place]
        lists.noted_scores[at, place] = lists.scores[owner, place]


@compiled
def _is_better(score: int, pk: int, other_score: int, other_pk: int) -> bool:
    return score > other_score or (score == other_score and pk < other_pk)


@compiled
def enter(lists: Standing, owner: int, partner: int, score: int) -> None:
    """Let a partner in at his place, unless the list knows nobody so low."""
    rows, scores, pk = lists.rows[owner], lists.scores[owner], lists.ids[partner]
    count = lists.counts[owner]
    if count == len(rows):
        count -= 1
        if not _is_better(score, pk, scores[count], lists.ids[rows[count]]):
            return
    elif _is_better(lists.cut_scores[owner], lists.cut_ids[owner], score, pk):
        return
    at = count
    while at > 0 and _is_better(score, pk, scores[at - 1], lists.ids[rows[at - 1]]):
        rows[at], scores[at] = rows[at - 1], scores[at - 1]
        at -= 1
    rows[at], scores[at] = partner, score
    lists.counts[owner] = count + 1


@compiled
def _leave(lists: Standing, owner: int, place: int) -> None:
    count, rows, scores = lists.counts[owner] - 1, lists.rows[owner], lists.scores[owner]
    if count + 1 == len(rows):
        lists.cut_scores[owner] = scores[count]
        lists.cut_ids[owner] = lists.ids[rows[count]]
    for at in range(place, count):
        rows[at], scores[at] = rows[at + 1], scores[at + 1]
    lists.counts[owner] = count


@compiled
def _place_of(rows: Int32s, partner: int) -> int:
    found = -1
    for at in range(len(rows)):  # to the end: without a way out it is vectorised
        found = at if rows[at] == partner else found
    return found


@compiled
def leave(lists: Standing, owner: int, partner: int, shown: int) -> None:
    """Take a partner off a list if he is on it."""
    if lists.is_due[owner]:
        return
    place = _place_of(lists.rows[owner, : lists.counts[owner]], partner)
    if place >= 0:
        note(lists, owner, shown)
        _leave(lists, owner, place)


@entry
def begin(lists: Standing, owners: Ints, shown: int) -> None:
    """Empty lists for the walks of their owners."""
    for owner in owners:
        note(lists, owner, shown)
        lists.counts[owner], lists.cut_scores[owner] = 0, NO_CUT
        lists.is_due[owner] = 1


@entry
def short(lists: Standing, shown: int, into: Ints) -> int:
    """Write the noted owners whose lists must be ranked anew, and return how many."""
    count = 0
    for at in range(lists.noted[-1]):
        owner = lists.noted[at]
        if lists.counts[owner] < shown and lists.cut_scores[owner] != NO_CUT:
            into[count] = owner
            count += 1
    return count


@compiled
def _is_as_noted(lists: Standing, owner: int, at: int, shown: int) -> bool:
    count = min(lists.counts[owner], shown)
    if count != lists.noted_counts[at]:
        return False
    for place in range(count):
        if lists.rows[owner, place] != lists.noted_rows[at, place]:
            return False
        if lists.scores[owner, place] != lists.noted_scores[at, place]:
            return False
    return True


@entry
def changed(lists: Standing, shown: int, into: Ints) -> int:
    """Write the noted owners whose lists are others now, forget all notes; return how many."""
    count = 0
    for at in range(lists.noted[-1]):
        owner = lists.noted[at]
        lists.notes[owner], lists.is_due[owner] = -1, 0
        if not _is_as_noted(lists, owner, at, shown):
            into[count] = owner
            count += 1
    lists.noted[-1] = 0
    return count
