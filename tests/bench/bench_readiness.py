"""Readiness of all products at all chains, and after one revocation.

`./dev bench readiness [--products 14642] [--chains 40] [--requests 1000] [--rounds 3] [--json]`.
Readiness is not stored: *full* reads and judges every product, *one revocation* only those of the
paper's holder. Both read profiles and requests anew. The run fails unless the products judged
again agree with a second full pass, and the full pass agrees with a plain reading of each pair.
"""

from __future__ import annotations

import argparse
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
AIM_RATIO = 50.0
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
    """Fill a scratch database, judge everything, revoke one paper, judge what it touches."""
    options = _options()
    _set_up()
    import readiness_world
    from readiness_world import all_products, holders_products, judge, plain_reading, revoke_one

    readiness_world.fill(
        products=options.products,
        chains=options.chains,
        requests=options.requests,
        rng=random.Random(SEED),
    )
    full_s, before = _timed(lambda: judge(all_products()), options.rounds)
    holder = revoke_one()
    one_s, again = _timed(lambda: judge(holders_products(holder)), options.rounds)
    _seconds, after = _timed(lambda: judge(all_products()), 1)
    pairs = sum(map(len, before.values()))
    case = f"{len(before)} products, {options.chains} chains"
    rows = (
        Row(case, "full", full_s),
        Row(case, "pairs judged", pairs, "pairs"),
        Row(f"{len(again)} of one holder", "one revocation", one_s),
    )
    rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    aims = (
        Aim("readiness.incremental_vs_full", full_s / one_s, AIM_RATIO),
        Aim("readiness.rss_mb", rss, 600, "lower"),
    )
    wrong = []
    if {**before, **again} != after:
        wrong.append("judging what one revocation touches is not judging everything again")
    if before == after:
        wrong.append("the revocation changed nothing, so this measures nothing")
    if plain_reading(CHECKED) != {pk: after[pk] for pk in sorted(after)[:CHECKED]}:
        wrong.append("a plain reading of profiles and papers finds other gaps")
    part = Measured(rows, aims, wrong)
    return publish("readiness", [part], rounds=options.rounds, as_json=options.json)


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
    parser.add_argument("--products", type=int, default=14_642)
    parser.add_argument("--chains", type=int, default=40)
    parser.add_argument("--requests", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
