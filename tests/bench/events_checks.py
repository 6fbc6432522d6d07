"""What is in the database when all is quiet: when things were committed, and that none is missing.

Imported once Django is set up for the scratch database. Times of commits are the server's own.
"""

from __future__ import annotations

import time
from typing import Any, Final

import numpy as np
from django.db import connection

RANK: Final = "matchmaking.rank"
GIVEN_UP: Final = "duties given up"
_TIMES: Final = """
SELECT extract(epoch FROM pg_xact_commit_timestamp(offer.xmin))::float8,
  extract(epoch FROM pg_xact_commit_timestamp(list.xmin))::float8
FROM producers_supplyoffer offer
LEFT JOIN matchmaking_offerranking list
  ON list.offer_id = offer.id AND list.version = offer.version
WHERE offer.id = ANY(%s)
"""
_MISSING: Final = """
SELECT count(*) FROM producers_supplyoffer offer
LEFT JOIN matchmaking_offerranking list
  ON list.offer_id = offer.id AND list.version = offer.version
WHERE offer.id = ANY(%s) AND list.offer_id IS NULL
"""
_OPEN: Final = """
SELECT (SELECT count(*) FROM outbox_outboxmessage WHERE relayed_at IS NULL)
  + (SELECT count(*) FROM outbox_inboxmessage WHERE status = 'pending')
"""
_TO_RANK: Final = (
    "SELECT count(*) FROM outbox_inboxmessage WHERE status = 'pending' AND consumer = %s"
)
_FAULTS: Final = {
    "events without exactly one duty to rank them": """
        SELECT count(*) FROM (
          SELECT message.id FROM outbox_outboxmessage message
          LEFT JOIN outbox_inboxmessage duty
            ON duty.message_id = message.id AND duty.consumer = %(rank)s
          WHERE message.type = %(published)s
          GROUP BY message.id HAVING count(duty.id) <> 1) wrong""",
    "duties to rank that were not done in one start": """
        SELECT count(*) FROM outbox_inboxmessage
        WHERE consumer = %(rank)s AND (status <> 'done' OR start_count <> 1)""",
    GIVEN_UP: "SELECT count(*) FROM outbox_inboxmessage WHERE status = 'dead'",
    "offers without a ranking of their version": """
        SELECT count(*) FROM producers_supplyoffer offer
        LEFT JOIN matchmaking_offerranking list
          ON list.offer_id = offer.id AND list.version = offer.version
        WHERE offer.status = 'published' AND list.offer_id IS NULL""",
    "facts of one match and version told twice": """
        SELECT count(*) FROM (
          SELECT 1 FROM outbox_outboxmessage WHERE type LIKE 'matchmaking.match.%%'
          GROUP BY type, aggregate_id, aggregate_version HAVING count(*) > 1) twice""",
}


def times(offer_ids: list[int]) -> np.ndarray:
    """When each offer and its ranking were committed, (n, 2) in seconds; NaN where not yet."""
    rows = _rows(_TIMES, [offer_ids])
    return np.array(rows, dtype=np.float64).reshape(-1, 2)


def wait_until_stored(
    offer_ids: list[int], *, at_most_s: float = 600, often_s: float = 0.2
) -> None:
    """Wait until every offer has its ranking."""
    _wait(lambda: _rows(_MISSING, [offer_ids])[0][0] == 0, at_most_s, often_s, "are not ranked")


def wait_until_ranked(*, at_most_s: float = 60) -> None:
    """Wait until no duty to rank is left; its end is written just after the ranking."""
    _wait(lambda: _rows(_TO_RANK, [RANK])[0][0] == 0, at_most_s, 0.1, "has offers to rank")


def wait_until_quiet(*, at_most_s: float = 1_800) -> float:
    """Wait until no event and no duty is left, the matches' too; return how long it took."""
    return _wait(lambda: _rows(_OPEN, [])[0][0] == 0, at_most_s, 0.5, "left duties behind")


def faults() -> list[str]:
    """What was lost, done twice, or given up."""
    from producers.events import SupplyOfferPublished

    named = {"rank": RANK, "published": SupplyOfferPublished.type}
    found = {words: _rows(query, named)[0][0] for words, query in _FAULTS.items()}
    return [f"{number} {words}" for words, number in found.items() if number]


def unlike_scratch(offer_ids: list[int]) -> list[str]:
    """Whether stored lists of offers are those that ranking them from scratch gives."""
    from buyers import selectors as buyers
    from core.kernel import clock
    from matchmaking import columns, rankings
    from matchmaking.engine.ranking import top_k_per_supply
    from matchmaking.engine.ruleset import Ruleset
    from matchmaking.engine.values import DemandColumns, SupplyColumns
    from matchmaking.services.rulesets import ensure_ruleset
    from producers import selectors as producers

    ground = columns.ground_on(clock.today())
    supply = SupplyColumns.from_records(
        columns.supplies(producers.offer_facts(offer_ids), ground=ground)
    )
    demand = DemandColumns.from_records(columns.demands(buyers.request_facts(None), ground=ground))
    rules = Ruleset.from_json(ensure_ruleset().rules)
    ranked = top_k_per_supply(supply, demand, ground.terrain, rules)
    ids = supply.offer_id[ranked.supply], demand.request_id[ranked.demand], ranked.score
    wanted = sorted(zip(*(column.tolist() for column in ids), strict=True))
    listed = rankings.partners_of_offers(offer_ids)
    stored = sorted((one.owner_id, one.partner_id, one.score) for one in listed)
    return [] if stored == wanted else ["stored lists are not those of a ranking from scratch"]


def matches() -> int:
    """How many matches are stored."""
    return int(_rows("SELECT count(*) FROM matchmaking_match", [])[0][0])


def unmatched() -> int:
    """How many pairs of stored lists have no match."""
    from matchmaking import rankings

    return len(rankings.pairs_listed(offer_ids=None, request_ids=None, unmatched=True))


def forget_events() -> None:
    """Empty outbox and inbox."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE outbox_outboxmessage, outbox_inboxmessage")


def open_message_ids(offer_ids: list[int]) -> list[int]:
    """Ids of the events that published these offers."""
    query = "SELECT id FROM outbox_outboxmessage WHERE type = %s AND aggregate_id = ANY(%s)"
    from producers.events import SupplyOfferPublished

    return [pk for (pk,) in _rows(query, [SupplyOfferPublished.type, offer_ids])]


def _wait(is_so: Any, at_most_s: float, often_s: float, otherwise: str) -> float:
    began = time.monotonic()
    while not is_so():
        if _rows(_FAULTS[GIVEN_UP], [])[0][0]:
            raise SystemExit("duties were given up; the workers' logs say why.")
        if time.monotonic() - began > at_most_s:
            raise SystemExit(f"after {at_most_s:.0f} s the chain still {otherwise}.")
        time.sleep(often_s)
    return time.monotonic() - began


def _rows(query: str, values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchall()
