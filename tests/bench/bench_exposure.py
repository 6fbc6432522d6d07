"""Who is seen: shares of the first places by size of producer, before and after the exposure term.

`./dev bench exposure [--size OFFERS,REQUESTS] [--points N] [--json]`. Every buyer looks at the
first ten of every list once a day for four weeks, after four weeks in which the order settles: on
the labelled market of `tests/quality`, where grades of officers tell what the other order costs,
and on a drawn one with a few large producers. Before is the order by score alone, after that of
the default rules, or with N points.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests/bench")]

from exposure_market import (  # noqa: E402 -- the checkout comes first
    SIZES,
    Market,
    Seen,
    drawn,
    gini,
    labelled,
    watch,
)
from report import Aim, Measured, Row, publish  # noqa: E402 -- as above

from matchmaking.engine.ruleset import DEFAULT_RULESET, Ruleset  # noqa: E402 -- as above
from tests.quality.labelled import HALVES  # noqa: E402 -- as above

BY_SCORE = replace(DEFAULT_RULESET, exposure_points=0)
MOST_LOST = 0.005
"""What NDCG may lose; less than any change of rules was ever seen to bring."""


def main() -> int:
    """Measure all markets and print them as one result."""
    options = _options()
    offers, requests = map(int, options.size.split(","))
    markets = [*map(labelled, HALVES), drawn(offers, requests)]
    after = replace(DEFAULT_RULESET, exposure_points=options.points)
    parts = [_measured(market, after) for market in markets]
    return publish("exposure", parts, rounds=1, as_json=options.json)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", default="3000,600", metavar="OFFERS,REQUESTS")
    parser.add_argument("--points", type=int, default=DEFAULT_RULESET.exposure_points)
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def _measured(market: Market, after: Ruleset) -> Measured:
    seen = {"before": watch(market, BY_SCORE), "after": watch(market, after)}
    standing = np.bincount(market.owner, minlength=len(market.size))
    shares = zip(SIZES, _shares(market, standing), strict=True)
    rows = [Row(f"{market.name}: eligible, {name}", "both", share, "") for name, share in shares]
    rows += [row for when, one in seen.items() for row in _rows(market, when, one)]
    return Measured(rows, list(_aims(market, **seen)))


def _rows(market: Market, when: str, seen: Seen) -> Iterator[Row]:
    could = np.unique(market.owner)
    for most, places in seen.places.items():
        for name, share in zip(SIZES, _shares(market, places), strict=True):
            yield Row(f"{market.name}: first {most}, {name}", when, share, "")
        yield Row(
            f"{market.name}: never in the first {most}", when, _unseen(market, places), "producers"
        )
    for name, share in zip(SIZES, _shares(market, seen.attention), strict=True):
        yield Row(f"{market.name}: attention, {name}", when, share, "")
    yield Row(f"{market.name}: Gini of attention", when, gini(seen.attention[could]), "")
    yield Row(f"{market.name}: NDCG@5", when, seen.at_5, "")
    yield Row(f"{market.name}: NDCG@10", when, seen.at_10, "")


def _aims(market: Market, *, before: Seen, after: Seen) -> Iterator[Aim]:
    if market.ideal:
        for most, lost in ((5, before.at_5 - after.at_5), (10, before.at_10 - after.at_10)):
            yield Aim(f"exposure.ndcg_{most}_lost_{market.name}", lost, MOST_LOST, "lower")
        return
    could = np.unique(market.owner)
    small = [_shares(market, one.places[5])[0] for one in (before, after)]
    unseen = [_unseen(market, one.places[10]) for one in (before, after)]
    uneven = [gini(one.attention[could]) for one in (before, after)]
    yield Aim("exposure.share_small_after_vs_before", small[1] / small[0], 1.1)
    yield Aim("exposure.unseen_after_vs_before", unseen[1] / unseen[0], 0.8, "lower")
    yield Aim("exposure.gini_after_vs_before", uneven[1] / uneven[0], 0.97, "lower")


def _shares(market: Market, amounts: np.ndarray) -> list[float]:
    size = market.size
    groups = (size == 1, (size > 1) & (size <= 5), size > 5)
    return [float(amounts[group].sum() / amounts.sum()) for group in groups]


def _unseen(market: Market, places: np.ndarray) -> int:
    return int((places[np.unique(market.owner)] == 0).sum())


if __name__ == "__main__":
    sys.exit(main())
