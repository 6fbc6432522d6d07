"""Keeping matches true to the roads and pacts they were scored on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from django.db import connection, transaction

from buyers import selectors as buyers
from core.kernel import clock
from core.places import selectors as places
from core.places.distance import Link
from matchmaking import columns, selectors
from matchmaking.engine.ruleset import Ruleset as Rules
from matchmaking.models import Match, ScoredGround
from matchmaking.services.changes import Changes
from matchmaking.services.judging import judge
from matchmaking.services.rulesets import ensure_ruleset
from producers import selectors as producers

log = structlog.get_logger(__name__)

_LOCK = 0x4E43_4D41  # "NCMA": matches are written by one hand at a time, so no two rows collide


@dataclass(frozen=True, slots=True)
class Rescored:
    """How many pairs a change of roads or pacts touched, and how many of their matches changed."""

    pairs: int = 0
    changed: int = 0


def one_hand() -> None:
    """Wait until nobody else writes matches; needs a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def is_one_hand() -> bool:
    """Be the one who writes matches if nobody else is, without waiting; needs a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        return bool(cursor.fetchone()[0])


def follow_ground() -> Rescored:
    """Score again exactly the pairs between which roads or pacts differ from those last scored on.

    However many links changed since, one call makes all of it good, and the next finds nothing
    to do.

    Emits:
        MatchProposed, MatchResumed, MatchSuspended, in the same transaction.
    """
    with transaction.atomic():
        one_hand()
        return _follow(_today())


def follow() -> columns.Ground:
    """Return today's ground after making every match true to it; needs the one hand."""
    ground = _today()
    _follow(ground)
    return ground


def note_all_scored() -> None:
    """Note today's ground as the one everything is about to be scored on."""
    _note(_today(), clock.today())


def _today() -> columns.Ground:
    return columns.ground_on(clock.today())


def _follow(ground: columns.Ground) -> Rescored:
    scored = ScoredGround.objects.first()
    if scored is not None and scored.name == ground.name:
        return Rescored()
    touched = _touched(scored, ground)
    _note(ground, clock.today())
    if touched is None or touched.is_nothing:
        return Rescored()
    done = _rescore(ground, touched)
    log.info("matchmaking.ground_followed", pairs=done.pairs, changed=done.changed)
    return done


def _touched(scored: ScoredGround | None, ground: columns.Ground) -> columns.Touched | None:
    """Return what differs; None where nothing was scored before."""
    if scored is None:
        return columns.everything(ground) if Match.objects.exists() else None
    links = [Link(*row) for row in scored.links]
    matrix = places.matrix_of(links, nodes=scored.nodes)
    before = columns.ground_of(matrix, pacts=[(a, b) for a, b in scored.pacts])
    return columns.touched(before, after=ground)


def _note(ground: columns.Ground, day: dt.date) -> None:
    ScoredGround.objects.update_or_create(
        pk=ScoredGround.ONLY,
        defaults={
            "name": ground.name,
            "nodes": list(ground.row_of_node),
            "links": [list(link) for link in places.links_in_use(day)],
            "pacts": [list(pair) for pair in ground.pacts],
            "scored_at": clock.now(),
        },
    )


def _rescore(ground: columns.Ground, touched: columns.Touched) -> Rescored:
    ruleset = ensure_ruleset()
    changes = Changes(ruleset=ruleset)
    blocks = selectors.meetings_on(ground, touched=touched)
    for block in blocks:
        _rescore_block(block, ground=ground, rules=Rules.from_json(ruleset.rules), changes=changes)
    changes.write(announce=True)
    return Rescored(sum(block.pairs for block in blocks), changes.count)


def _rescore_block(
    block: columns.Meetings, *, ground: columns.Ground, rules: Rules, changes: Changes
) -> None:
    stored = _stored(block.offer_ids, block.request_ids)
    found = judge(
        producers.offer_facts(block.offer_ids),
        buyers.request_facts(block.request_ids),
        pairs=stored.keys(),
        ground=ground,
        rules=rules,
    )
    for pair, judged in found.items():
        changes.apply(stored.get(pair), judged)


def _stored(offer_ids: Sequence[int], request_ids: Sequence[int]) -> dict[tuple[int, int], Match]:
    matches = Match.objects.filter(offer__in=offer_ids, request__in=request_ids)
    locked = matches.select_for_update(no_key=True).order_by("pk")
    return {(match.offer_id, match.request_id): match for match in locked}
