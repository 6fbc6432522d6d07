"""Readiness of all products at all chains, and after one revocation.

`./dev bench readiness [--sizes 1000 10000] [--chains 40] [--requests 1000] [--rounds 3] [--json]`.
Readiness is not stored: *all* reads and judges every product, *one revocation* only those of the
paper's holder. Both read profiles and requests anew, one revocation only requests for the kinds of
goods it touches. Beside it runs one SQL query for the same gaps. How the time grows with what is
touched is told for 1 to 1,000 products, as the slope of its logarithm: 1 is proportional, 0 does
not grow. The run fails unless the products judged again agree with a second full pass, the full
pass with a plain reading of each pair, and the query with both.
"""

from __future__ import annotations

import argparse
import functools
import math
import os
import random
import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests/bench")]

import psycopg  # noqa: E402 -- the checkout comes first
from report import Aim, Measured, Row, publish  # noqa: E402 -- as above

DATABASE = "readiness_bench"
AIM_RATIOS = {1_000: 5.0, 10_000: 50.0}
TOUCHED = (1, 10, 100, 1_000)
CHECKED = 400
SEED = 20261122
HARMLESS = {
    "DJANGO_SETTINGS_MODULE": "config.settings",
    "SECRET_KEY": "only-for-benches-never-deployed-0123456789-abcdef",
    "REDIS_URL": "unix:///nonexistent",
    "EMAIL_URL": "memorymail://",
}
Gaps = dict[int, tuple[int, ...]]


def main() -> int:
    """Fill a scratch database by size, judge all, revoke one paper, judge what it touches."""
    options = _options()
    _set_up()
    parts, touched_s = [], []
    for size in options.sizes:
        part, one_s = _measure(size, options)
        parts.append(part)
        touched_s.append(one_s)
    grown = Aim("readiness.one_revocation_most_vs_fewest", touched_s[-1] / touched_s[0], 2, "lower")
    parts.append(Measured((), (grown,), []))
    return publish("readiness", parts, rounds=options.rounds, as_json=options.json)


def _measure(size: int, options: argparse.Namespace) -> tuple[Measured, float]:
    import readiness_world
    from readiness_sql import judge_in_sql
    from readiness_world import holders_products, judge, judge_all, plain_reading, revoke_one

    readiness_world.fill(
        products=size, chains=options.chains, requests=options.requests, rng=random.Random(SEED)
    )
    full_s, before = _timed(judge_all, options.rounds)
    sql_s, in_sql = _timed(judge_in_sql, options.rounds)
    holder = revoke_one()
    one_s, again = _timed(lambda: judge(holders_products(holder)), options.rounds)
    sql_one_s, sql_again = _timed(lambda: judge_in_sql(holder), options.rounds)
    _seconds, after = _timed(judge_all, 1)
    grown, some = _grow(sorted(after), options.rounds)
    case, touched = f"{len(before)} products, {options.chains} chains", f"{len(again)} touched"
    rows = (
        Row(case, "all", full_s),
        Row(case, "all, one SQL query", sql_s),
        Row(case, "pairs judged", sum(map(len, before.values())), "pairs"),
        Row(touched, "one revocation", one_s),
        Row(touched, "one revocation, one SQL query", sql_one_s),
        Row(touched, "all again in SQL ÷ one revocation", sql_s / one_s, "×"),
        *(Row(f"{number} touched", "judged again", seconds) for number, seconds in grown),
    )
    rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    aims = (
        Aim(f"readiness.incremental_vs_full_{size}", full_s / one_s, AIM_RATIOS.get(size, 1.0)),
        Aim(f"readiness.growth_exponent_{size}", _slope(grown), 1.1, "lower"),
        Aim(f"readiness.rss_mb_{size}", rss, 600, "lower"),
    )
    found = {
        "judging what one revocation touches is not judging everything again": {**before, **again}
        != after,
        "products judged in a few do not agree with all of them": some
        != {pk: after[pk] for pk in some},
        "the revocation changed nothing, so this measures nothing": before == after,
        "a plain reading of profiles and papers finds other gaps": plain_reading(CHECKED)
        != {pk: after[pk] for pk in sorted(after)[:CHECKED]},
        "one SQL query finds other gaps": (in_sql, sql_again) != (before, again),
    }
    wrong = [words for words, is_wrong in found.items() if is_wrong]
    return Measured(rows, aims, wrong), one_s


def _grow(products: list[int], rounds: int) -> tuple[list[tuple[int, float]], Gaps]:
    """Judge ever more products; return how long each number took, and what was found last."""
    from readiness_world import all_products, judge

    grown, found = [], {}
    for number in (one for one in TOUCHED if one <= len(products)):
        chosen = all_products().filter(pk__in=products[:: len(products) // number][:number])
        seconds, found = _timed(functools.partial(judge, chosen), rounds)
        grown.append((len(found), seconds))
    return grown, found


def _slope(grown: list[tuple[int, float]]) -> float:
    """Return the exponent of growth between the fewest and the most."""
    (fewest, short_s), (most, long_s) = grown[0], grown[-1]
    return math.log(long_s / short_s) / math.log(most / fewest)


def _timed(run: Callable[[], Gaps], rounds: int) -> tuple[float, Gaps]:
    seconds, found = [], {}
    for _round in range(rounds):
        began = time.perf_counter()
        found = run()
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds), found


def _set_up() -> None:
    url = os.environ["DATABASE_URL"]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {DATABASE}")
        connection.execute(f"CREATE DATABASE {DATABASE}")
    scratch = urlunsplit(urlsplit(url)._replace(path=f"/{DATABASE}"))
    os.environ.update(HARMLESS, DATABASE_URL=scratch)
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000])
    parser.add_argument("--chains", type=int, default=40)
    parser.add_argument("--requests", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
