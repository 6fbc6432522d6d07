"""Quality of matching: our ranking and refusals beside search and filtered lists.

`./dev bench quality [--set first|second|all] [--half dev|held_out|all] [--json]`. On the labelled
sets of `tests/quality`: NDCG of the first five and ten, precision and recall of who may trade, each
with the bounds of 2,000 resamples of the requests. Names are read by the classifier; where it asks,
the label answers. The aims hold for the halves that were never looked at while rules were improved.
The second set was judged by somebody who had seen neither the engine nor the first.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests/bench")]

from report import Aim, Measured, Row, publish  # noqa: E402 -- the checkout comes first

from tests.quality.engines import OURS, PEERS, Engine, gates_closed, ours  # noqa: E402 -- as above
from tests.quality.labelled import HALVES, SETS, Case, cases  # noqa: E402 -- as above
from tests.quality.market import nothing_read, read_kind  # noqa: E402 -- as above
from tests.quality.measures import bootstrapped, mean, ndcg  # noqa: E402 -- as above

# Chosen before the first run: who is called first is nearly always right, nobody is shown who
# cannot trade, few are hidden who can, and no filtered list comes as near.
AIMS = {
    "quality.ndcg_at_10": 0.92,
    "quality.ndcg_vs_best_baseline": 1.05,
    "quality.eligibility_precision": 0.97,
    "quality.eligibility_recall": 0.95,
}


class Outcome(NamedTuple):
    """One request as one engine answers it."""

    at_5: float
    at_10: float
    shown: int
    rightly_shown: int
    eligible: int


def main() -> int:
    """Measure the halves asked for and print them as one result."""
    options = _options()
    sets = tuple(SETS) if options.set == "all" else (options.set,)
    halves = HALVES if options.half == "all" else (options.half,)
    parts = [_half(half, labelled=name) for name in sets for half in halves]
    return publish("quality", parts, rounds=1, as_json=options.json)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", choices=[*SETS, "all"], default="all")
    parser.add_argument("--half", choices=[*HALVES, "all"], default="all")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def _half(name: str, *, labelled: str) -> Measured:
    requests = cases(name, labelled=labelled)
    half = name if labelled == "first" else f"{labelled} {name}"
    engines: dict[str, Engine] = {OURS: ours, **PEERS}
    chosen = f"{OURS}, every kind chosen by a person"
    engines[chosen] = partial(ours, kind_of=nothing_read)
    found = {
        at: [_outcome(case, engine(case)) for case in requests] for at, engine in engines.items()
    }
    rows = [row for at, outcomes in found.items() for row in _rows(half, at, outcomes)]
    rows += _rows_of_reading(half, requests)
    best = max(PEERS, key=lambda at: _at_10(found[at]))
    pairs = list(zip(found[OURS], found[best], strict=True))
    ratio = bootstrapped(pairs, _ratio)
    rows += _bounds(half, "NDCG@10 over the best", best, ratio, unit="×")
    figures = (_at_10(found[OURS]), ratio.value, _precision(found[OURS]), _recall(found[OURS]))
    titles = AIMS if labelled == "first" else {f"{labelled}_{at}": aim for at, aim in AIMS.items()}
    aims = [Aim(at, one, aim) for (at, aim), one in zip(titles.items(), figures, strict=True)]
    return Measured(rows, aims if name == HALVES[-1] else [])


def _outcome(case: Case, names: Sequence[str]) -> Outcome:
    grades = [case.judged[name].grade for name in names]
    ideal = [one.grade for one in case.judged.values()]
    return Outcome(
        at_5=ndcg(grades, ideal=ideal, at=5),
        at_10=ndcg(grades, ideal=ideal, at=10),
        shown=len(names),
        rightly_shown=sum(case.judged[name].is_eligible for name in names),
        eligible=sum(one.is_eligible for one in case.judged.values()),
    )


def _rows(half: str, name: str, outcomes: Sequence[Outcome]) -> list[Row]:
    measures = {
        "NDCG@5": lambda some: mean([one.at_5 for one in some]),
        "NDCG@10": _at_10,
        "may trade: precision": _precision,
        "may trade: recall": _recall,
    }
    return [
        row
        for title, measure in measures.items()
        for row in _bounds(half, title, name, bootstrapped(outcomes, measure))
    ]


def _bounds(half: str, title: str, engine: str, share: Any, *, unit: str = "") -> list[Row]:
    bounds = f"({share.low:.3f}-{share.high:.3f})"
    return [Row(f"{half}: {title}", engine, share.value, f"{unit} {bounds}".strip())]


def _rows_of_reading(half: str, requests: Sequence[Case]) -> list[Row]:
    names = {row["product"]: row["kind"] for case in requests for row in case.offers}
    names |= {
        case.request["words"]: case.request["kind"]
        for case in requests
        if case.request["kind_is_chosen"] == "no"
    }
    read = {name: read_kind(name) for name in names}
    wrong = [name for name, code in read.items() if code and code != names[name]]
    gates = [
        (judged.gates, closed[offer])
        for case in requests
        for closed in [gates_closed(case)]
        for offer, judged in case.judged.items()
        if judged.gates and closed[offer]
    ]
    return [
        Row(
            f"{half}: names read",
            OURS,
            sum(code is not None for code in read.values()),
            f"of {len(read)}",
        ),
        Row(f"{half}: names read wrongly", OURS, len(wrong), "; ".join(wrong)),
        Row(f"{half}: refusals named alike", OURS, mean([bool(a & b) for a, b in gates]), ""),
    ]


def _at_10(outcomes: Sequence[Outcome]) -> float:
    return mean([one.at_10 for one in outcomes])


def _precision(outcomes: Sequence[Outcome]) -> float:
    shown = sum(one.shown for one in outcomes)
    return sum(one.rightly_shown for one in outcomes) / shown if shown else 0.0


def _recall(outcomes: Sequence[Outcome]) -> float:
    return sum(one.rightly_shown for one in outcomes) / sum(one.eligible for one in outcomes)


def _ratio(pairs: Sequence[tuple[Outcome, Outcome]]) -> float:
    return mean([one.at_10 for one, _ in pairs]) / mean([other.at_10 for _, other in pairs])


if __name__ == "__main__":
    sys.exit(main())
