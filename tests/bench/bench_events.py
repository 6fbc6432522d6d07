"""Offers committed to rankings stored, through outbox, relay, inbox and Celery as processes.

`./dev bench events [--size 2k,2k] [--rounds 2] [--writers 1] [--rate 0] [--matches] [--json]`:
OFFERS a round against a market of REQUESTS. Writers commit a hundred offers in a transaction; relay
and workers are those of `./dev run`. *Flat out* says how many offers a second the chain carries;
*paced* how long one takes from its commit to that of its ranking, at RATE offers a second or seven
tenths of what it carried. Beside them stand the idle chain, an empty Celery task, one task per
event, and the chain alone with a consumer that does nothing. Matches follow from the rankings in
a queue of their own meanwhile; `--matches` waits for all of them. The run fails where an event was
lost, done twice or given up, where a list is not what a ranking from scratch says, or, waited for,
where a listed pair has no match.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests/bench")]

import events_chain  # noqa: E402 -- the checkout comes first
import scratch  # noqa: E402 -- as above
from events_crew import Crew, Writers  # noqa: E402 -- as above
from report import Aim, Measured, Row, publish  # noqa: E402 -- as above

SEED, PACE = 20261122, 0.7
IDLE_OFFERS, EMPTY_TASKS, ALONE_OFFERS, CHECKED = 30, 200, 100, 200
OFFERS_PER_PRODUCER, MATCHES_FOR_S = 5, 5


class Wave(NamedTuple):
    """One round of offers: how fast, and how long each took."""

    offers_per_second: float
    waits_ms: np.ndarray
    written_per_second: float
    cpu: dict[str, float]


def main() -> int:
    """Fill the market, start the processes, send offers in waves, look whether all are there."""
    options = _options()
    scratch.set_up("events_bench", DJANGO_SETTINGS_MODULE=events_chain.SETTINGS)
    import events_world

    offers, requests = options.size
    events_world.fill(
        requests=requests, producers=max(offers // OFFERS_PER_PRODUCER, 50), seed=SEED
    )
    with Crew() as crew:
        parts = [_chain(options, crew), _one_task_per_event()]
    parts.append(_chain_alone(options))
    return publish("events", parts, rounds=options.rounds, as_json=options.json)


def _chain(options: argparse.Namespace, crew: Crew) -> Measured:
    import events_checks

    offers, requests = options.size
    case = f"{offers} offers, {requests} requests"
    started_s = _first_offer()
    idle = np.concatenate([_idle_offer(number) for number in range(IDLE_OFFERS)])
    empty = _empty_tasks()
    flat = [_wave(options, crew, seed=SEED + 100 * at) for at in range(1, options.rounds + 1)]
    carried = statistics.median(one.offers_per_second for one in flat)
    rate = options.rate or int(carried * PACE)
    paced = [_wave(options, crew, seed=SEED - 100 * at, rate=rate)
             for at in range(1, options.rounds + 1)]  # fmt: skip
    events_checks.wait_until_ranked()
    crew.check()
    rows = [
        Row("start", "first offer to its ranking", started_s),
        Row("idle", "commit to stored, p50", _percentile(idle, 50), "ms"),
        Row("idle", "commit to stored, p99", _percentile(idle, 99), "ms"),
        Row("idle", "empty Celery task, p50", _percentile(empty, 50), "ms"),
        Row("idle", "empty Celery task, p99", _percentile(empty, 99), "ms"),
        Row(case, "load average", os.getloadavg()[0], ""),
        *_rows("flat out", flat),
        *_rows(f"paced {rate}/s", paced),
        *_matches(options),
    ]
    p99 = statistics.median(_percentile(one.waits_ms, 99) for one in paced)
    aims = [
        Aim("events.offers_per_second", carried, 2_000),
        Aim("events.p99_ms", p99, 1_000, "lower"),
    ]
    return Measured(rows, aims, _wrong(options))


def _matches(options: argparse.Namespace) -> list[Row]:
    """How far the matches are that follow from the rankings; when asked, wait for all."""
    import events_checks

    began, before = time.monotonic(), events_checks.matches()
    if options.matches:
        events_checks.wait_until_quiet()
    else:
        time.sleep(MATCHES_FOR_S)
    seconds, made = time.monotonic() - began, events_checks.matches() - before
    return [
        Row("after all waves", "matches made already", before, "matches"),
        Row("after all waves", "matches from rankings", made / seconds, "matches/s"),
        Row("after all waves", "listed pairs without one", events_checks.unmatched(), "pairs"),
    ]


def _wrong(options: argparse.Namespace) -> list[str]:
    import events_checks

    from producers.models import SupplyOffer

    some = list(SupplyOffer.objects.order_by("?").values_list("pk", flat=True)[:CHECKED])
    wrong = [*events_checks.faults(), *events_checks.unlike_scratch(some)]
    if options.matches and events_checks.unmatched():
        wrong.append("listed pairs are left without a match")
    return wrong


def _chain_alone(options: argparse.Namespace) -> Measured:
    """The ceiling: the same chain, where nobody ranks and nothing else waits."""
    import events_checks

    events_checks.forget_events()
    events = max(2 * options.size[0], 2_000)
    return events_chain.measure(events=events, alone=200, idle=IDLE_OFFERS, rounds=options.rounds)


def _one_task_per_event() -> Measured:
    """As many would build it: every event its own task and transaction."""
    import events_checks
    import events_tasks

    from producers.models import SupplyOffer

    ids = list(SupplyOffer.objects.order_by("-pk").values_list("pk", flat=True)[:ALONE_OFFERS])
    messages = events_checks.open_message_ids(ids)
    began = time.perf_counter()
    for message_id in messages:
        events_tasks.one_event.apply_async((message_id,), queue="matching")
    _round_trip("one task per event")
    seconds = time.perf_counter() - began
    case = f"{len(messages)} offers again"
    return Measured([Row(case, "one task per event", len(messages) / seconds, "offers/s")])


def _wave(options: argparse.Namespace, crew: Crew, *, seed: int, rate: int = 0) -> Wave:
    import events_checks

    writers = Writers(options.writers, offers=options.size[0], seed=seed, rate=rate)
    before = crew.cpu_seconds()
    written = writers.write()
    events_checks.wait_until_stored(written.ids)
    crew.check()
    after = crew.cpu_seconds()
    committed, stored = events_checks.times(written.ids).T
    return Wave(
        len(written.ids) / (stored.max() - committed.min()),
        (stored - committed) * 1_000,
        len(written.ids) / (committed.max() - committed.min()),
        {**written.cpu_seconds, **{name: after[name] - before[name] for name in after}},
    )


def _first_offer() -> float:
    """How long the first offer waits, for whom workers load the market."""
    return float(_idle_offer(-1)[0]) / 1_000


def _idle_offer(number: int) -> np.ndarray:
    import events_checks
    from events_world import drawn_offers
    from events_world import publish as publish_offers

    time.sleep(0.05 * (number % 5))  # at no fixed moment of anybody's pause
    ids = publish_offers(drawn_offers(1, seed=number))
    events_checks.wait_until_stored(ids, often_s=0.02)
    committed, stored = events_checks.times(ids).T
    return (stored - committed) * 1_000


def _empty_tasks() -> np.ndarray:
    """From sending an empty task to its end, one at a time."""
    return np.array([_timed(lambda: _round_trip("empty")) for _ in range(EMPTY_TASKS)]) * 1_000


def _round_trip(key: str) -> None:
    import events_tasks
    import redis

    events_tasks.nothing.apply_async((key,), queue="matching")
    redis.Redis.from_url(os.environ["REDIS_URL"], socket_timeout=None).blpop([key], timeout=600)


def _timed(run: Callable[[], None]) -> float:
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def _rows(case: str, waves: list[Wave]) -> list[Row]:
    def median(figure: Callable[[Wave], float]) -> float:
        return statistics.median(figure(one) for one in waves)

    written = median(lambda one: one.written_per_second)
    return [
        Row(case, "commit to stored", median(lambda one: one.offers_per_second), "offers/s"),
        Row(case, "committed by the writers", written, "offers/s"),
        Row(case, "commit to stored, p50", median(lambda one: _percentile(one.waits_ms, 50)), "ms"),
        Row(case, "commit to stored, p99", median(lambda one: _percentile(one.waits_ms, 99)), "ms"),
        *(Row(case, f"processor of {name}", median(lambda one, name=name: one.cpu[name]))
          for name in waves[0].cpu),
    ]  # fmt: skip


def _percentile(values: np.ndarray, share: float) -> float:
    return float(np.percentile(values, share))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=_size, default=_size("2k,2k"), metavar="OFFERS,REQUESTS")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--writers", type=int, default=1)
    parser.add_argument("--rate", type=int, default=0, help="offers a second of the paced rounds")
    parser.add_argument("--matches", action="store_true", help="wait until all matches stand")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def _size(text: str) -> tuple[int, int]:
    offers, requests = (int(part.lower().replace("k", "000")) for part in text.split(","))
    return offers, requests


if __name__ == "__main__":
    sys.exit(main())
