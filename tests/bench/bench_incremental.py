"""One new offer against all open requests, to its best fifty and to its stored best fifty.

`./dev bench incremental [--size 5k,10k] [--offers 200] [--rounds 3] [--explain] [--json]`: a market
of OFFERS and REQUESTS, and new offers that come to it one at a time or a hundred together. Engines
take turns, round by round, and must list the same requests with the same scores, or the run fails.
PostgreSQL answers in four forms of its index and stores rows or arrays; the quickest counts, for
each figure on its own. *Keep* lets the offer join the market as well, so that all lists of requests
follow, which nobody asks of the others; *both sides* stores those as well. Last, the store alone
beside the ways people store pairs.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests/bench")]

import scratch  # noqa: E402 -- the checkout comes first
from incremental_numpy import Numpy  # noqa: E402 -- as above
from incremental_postgres import FORMS, Postgres  # noqa: E402 -- as above
from incremental_turns import Waits  # noqa: E402 -- as above
from matching_world import build_world  # noqa: E402 -- as above
from report import Aim, Measured, Row, publish  # noqa: E402 -- as above

from matchmaking.engine.ruleset import DEFAULT_RULESET  # noqa: E402 -- as above

SEED, AT_ONCE, MOST_LISTS = 20261121, 100, 10_000


def main() -> int:
    """Build the market, let all engines take turns, compare, print."""
    options = _options()
    url = scratch.set_up("incremental_bench")
    standing, requests = options.size
    world = build_world(standing + options.offers, requests, seed=SEED)
    order = np.random.default_rng(SEED).permutation(len(world.supply))
    new = order[: options.offers]
    postgres = Postgres(url, world=world, rules=DEFAULT_RULESET, offers=new)
    engine = _engine(world, new=new, standing=np.sort(order[options.offers :]))
    bench = _Bench(options, postgres, engine, Numpy(world, DEFAULT_RULESET), new)
    parts = [bench.asked()]
    parts.append(bench.stored())
    if options.explain:
        ids = world.supply.offer_id[new]
        sys.stdout.write("\n".join(postgres.explain(form, int(ids[0])) for form in FORMS) + "\n")
    postgres.close()
    parts.append(_store(options))
    return publish("incremental", parts, rounds=options.rounds, as_json=options.json)


def _engine(world: Any, *, new: np.ndarray, standing: np.ndarray) -> Any:
    from incremental_engine import Engine, stand_in

    offer_ids = np.sort(world.supply.offer_id[new])
    stand_in(offer_ids=offer_ids, request_ids=world.demand.request_id)
    return Engine(world, DEFAULT_RULESET, standing=standing)


def _store(options: argparse.Namespace) -> Measured:
    """The store alone, whole lists at a time, beside the ways people store pairs."""
    import incremental_store

    lists = min(max(options.size) // 5, MOST_LISTS)
    return incremental_store.measure(size=lists, top_k=DEFAULT_RULESET.top_k, rounds=options.rounds)


class _Bench:
    """The engines, and the new offers in the shape each takes them."""

    def __init__(
        self, options: argparse.Namespace, postgres: Postgres, engine: Any, numpy: Numpy, new: Any
    ) -> None:
        from incremental_engine import one_by_one, together

        self.rounds, self.postgres, self.engine, self.numpy = (
            options.rounds, postgres, engine, numpy,
        )  # fmt: skip
        self.rows, self.ids = new.tolist(), engine.world.supply.offer_id[new].tolist()
        self.sessions = (postgres.session, engine.session)
        self.alone = one_by_one(engine.world, new)
        self.batches = together(engine.world, new, size=AT_ONCE)
        self.case = "{}x{}".format(*options.size)

    def asked(self) -> Measured:
        """Time every engine's answer to each new offer."""
        from incremental_engine import as_best

        waits = Waits(self.rounds, sessions=self.sessions)
        answers: dict[str, list[Any]] = {}
        for _ in waits.rounds():
            found = waits.each("engine", self.engine.answer, self.alone)
            answers["engine"] = [as_best(lists)[0] for lists in found]
            answers["engine, keep"] = [self._kept(waits, one) for one in self.alone]
            answers["numpy"] = waits.each("numpy", self.numpy.best, self.rows)
            for form in FORMS:
                ask = _bound(self.postgres.best, form)
                answers[form] = waits.each(form, ask, self.ids)
        wrong = [
            f"{name} lists other requests than the engine"
            for name, found in answers.items()
            if found != answers["engine"]
        ]
        rows = [
            Row(self.case, f"{_named(name)}, p{share}", waits.percentile(name, share) * 1e3, "ms")
            for name in answers
            for share in (50, 99)
        ]
        rows += [
            Row(self.case, f"{_named(name)}, processor", waits.processor(name) * 1e3, "ms")
            for name in answers
        ]
        rows.append(Row(self.case, "pairs listed", sum(map(len, answers["engine"])), "pairs"))
        aims = [
            Aim(f"incremental.p{share}_vs_postgresql", self._ratio(waits, share), aim)
            for share, aim in ((50, 30), (99, 40))
        ]
        return Measured(rows, aims, wrong)

    def stored(self) -> Measured:
        """Time the way from a new offer to its committed list, alone and a hundred at once."""
        waits, wrong = Waits(self.rounds, sessions=self.sessions), []
        rows, aims = [Row(self.case, "load average", os.getloadavg()[0], "")], []
        for _ in waits.rounds():
            wanted, *others = self._stored_by_us(waits)
            if any(one != wanted for one in others):
                wrong.append("the engine stored other lists in another way")
            wrong += self._stored_by_postgres(waits, wanted)
        for what, aim in (("single", 8), ("batched", 15)):
            names = [name for name in waits.names() if name.endswith(what)]
            each = {name: len(self.ids) / waits.total(name) for name in names}
            best = max(each[name] for name in names if not name.startswith("engine"))
            rows += [Row(self.case, _named(name), each[name], "offers/s") for name in names]
            steps = len(self.alone if what == "single" else self.batches) / len(self.ids)
            rows += [
                Row(
                    self.case,
                    f"{_named(name)}, processor",
                    waits.processor(name) * steps * 1e3,
                    "ms",
                )
                for name in names
            ]
            ratio = each[f"engine {what}"] / best
            aims.append(Aim(f"incremental.stored_{what}_vs_postgresql", ratio, aim))
        return Measured(rows, aims, sorted(set(wrong)))

    def _kept(self, waits: Waits, offer: Any) -> Any:
        from incremental_engine import as_best

        (lists,) = waits.each("engine, keep", self.engine.keep, [offer])
        found = as_best(lists)[0]
        self.engine.take_back(offer)
        return found

    def _stored_by_us(self, waits: Waits) -> list[dict[int, Any]]:
        found = []
        for what, offers in (("single", self.alone), ("batched", self.batches)):
            for name, store in (
                ("engine", self.engine.store),
                ("engine, keep", self.engine.keep_and_store),
                ("engine, keep, both sides", self.engine.keep_and_store_both),
            ):
                waits.each(f"{name} {what}", store, offers)
                found.append(self.engine.stored())
                self.engine.forget(offers)
        return found

    def _stored_by_postgres(self, waits: Waits, wanted: dict[int, Any]) -> list[str]:
        wrong = []
        some = [self.ids[at : at + AT_ONCE] for at in range(0, len(self.ids), AT_ONCE)]
        for what, batches in (("single", [[one] for one in self.ids]), ("batched", some)):
            for form in ("leaf", "sets"):
                for kind, store, read in (
                    ("rows", self.postgres.store_rows, self.postgres.stored),
                    ("arrays", self.postgres.store_packed, self.postgres.stored_packed),
                ):
                    waits.each(f"{form} as {kind} {what}", _bound(store, form), batches)
                    if read() != wanted:
                        wrong.append(f"{form} stored {kind} that differ from the engine's")
                    self.postgres.forget()
        return wrong

    @staticmethod
    def _ratio(waits: Waits, share: int) -> float:
        best = min(waits.percentile(form, share) for form in FORMS)
        return best / waits.percentile("engine", share)


def _bound(run: Callable[..., Any], form: str) -> Callable[[Any], Any]:
    return lambda one: run(form, one)


def _named(name: str) -> str:
    return name if name.startswith(("engine", "numpy")) else f"postgresql {name}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=_size, default=_size("5k,10k"), metavar="OFFERS,REQUESTS")
    parser.add_argument("--offers", type=int, default=200, help="new ones, each round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--explain", action="store_true", help="print PostgreSQL's plans")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def _size(text: str) -> tuple[int, int]:
    offers, requests = (int(part.lower().replace("k", "000")) for part in text.split(","))
    return offers, requests


if __name__ == "__main__":
    sys.exit(main())
