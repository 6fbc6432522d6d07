"""Addresses: how many a second, and how many right, beside `vietnamadminunits`.

Truth comes from the reference files, noise from `address_lists` with a fixed seed. A row is
right when the one commune is asserted, or when all its communes are among the candidates; a
guess asserts one part of a divided commune. The library has no candidates: it is right when it
names the commune, and guesses when the commune was divided.
"""

from __future__ import annotations

import gc
import random
import time
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

import address_lists
from address_lists import Case
from report import Aim, Measured, Row

from core.places.resolver import Resolver, load

VERDICTS = ("right", "covered", "guessed", "wrong", "missed", "province wrong")
OURS, PEER = "nhip-cau", "vietnamadminunits 1.0.4"
_SEED = 2025


class Said(NamedTuple):
    """What an engine says of one row."""

    province: str | None
    commune: str | None
    candidates: tuple[str, ...] = ()


def measure(*, size: int, rounds: int) -> Measured:
    """Measure clean triples, noisy rows and today's addresses of `size` rows in all."""
    lists = _lists(size)
    mixed = [case for cases in lists.values() for case in cases]
    random.Random(_SEED).shuffle(mixed)
    rows, judged = [], {}
    for name, cases in lists.items():
        judged[name] = {OURS: _judge(_ours(cases), cases), PEER: _judge(_peer(cases), cases)}
        for engine, found in judged[name].items():
            rows += _shares(name, engine, found)
    speeds = {OURS: 0.0, PEER: 0.0}
    for _ in range(rounds):
        speeds[OURS] = max(speeds[OURS], _speed(_ours, mixed))
        speeds[PEER] = max(speeds[PEER], _speed(_peer, mixed))
    rows += [Row("addresses: all mixed", e, speed, "rows/s") for e, speed in speeds.items()]
    return Measured(rows, _aims(judged, speeds[OURS] / speeds[PEER]))


def _lists(size: int) -> dict[str, list[Case]]:
    """Return the same lists in every run: a third clean, two thirds noisy."""
    rng = random.Random(_SEED)
    olds, news = address_lists.old_triples(), address_lists.new_pairs()
    each = max(size // (len(address_lists.NOISES) + 5), 20)
    lists = {
        "clean": [address_lists.clean(truth, rng) for truth in rng.choices(olds, k=4 * each)],
        "of today": [address_lists.clean(truth, rng) for truth in rng.choices(news, k=each)],
    }
    for name, noise in address_lists.NOISES.items():
        lists[name] = [noise(truth, rng) for truth in rng.choices(olds, k=each)]
    return lists


def _ours(cases: Sequence[Case]) -> list[Said]:
    resolver = Resolver(load())  # a fresh one: nothing is remembered from the last round
    return [Said(*resolver.resolve(case.text)[:3]) for case in cases]


def _peer(cases: Sequence[Case]) -> list[Said]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from vietnamadminunits import convert_address, parse_address

    said = []
    for case in cases:
        read = convert_address if case.truth.district else parse_address
        try:
            unit = read(case.text)
        except Exception:  # noqa: BLE001 -- the peer raises on some rows: that is its answer
            said.append(Said(None, None))
        else:
            said.append(Said(unit.province_code, unit.ward_code))
    return said


def _judge(said: Sequence[Said], cases: Sequence[Case]) -> dict[str, float]:
    counts: Counter[str] = Counter()
    for one, case in zip(said, cases, strict=True):
        counts[_verdict(one, case)] += 1
        counts["province wrong"] += one.province not in {None, case.truth.province_code}
    return {name: 100 * counts[name] / len(cases) for name in VERDICTS}


def _verdict(said: Said, case: Case) -> str:
    codes = case.truth.codes
    if said.commune is None:
        return "covered" if codes <= set(said.candidates) else "missed"
    if said.commune not in codes:
        return "wrong"
    return "right" if len(codes) == 1 else "guessed"


def _shares(case: str, engine: str, found: dict[str, float]) -> list[Row]:
    """Return what matters of a list: how much is right or covered, how much said wrongly."""
    return [
        Row(f"{case}: right or covered", engine, found["right"] + found["covered"], "%"),
        Row(f"{case}: said wrongly", engine, found["wrong"] + found["guessed"], "%"),
    ]


def _speed(engine: Callable[[Sequence[Case]], object], cases: Sequence[Case]) -> float:
    """Return rows a second of processor time, without the garbage collector, as timeit does."""
    gc.collect()
    gc.disable()
    try:
        started = time.process_time()
        engine(cases)
        return len(cases) / (time.process_time() - started)
    finally:
        gc.enable()


def _aims(judged: dict[str, dict[str, dict[str, float]]], ratio: float) -> list[Aim]:
    ours = {name: found[OURS] for name, found in judged.items()}
    noisy = [ours[name] for name in address_lists.NOISES]
    said_wrongly = [found["wrong"] + found["guessed"] for found in ours.values()]
    covered = [found["right"] + found["covered"] for found in noisy]
    clean = ours["clean"]["right"] + ours["clean"]["covered"]
    wrong_provinces = [found["province wrong"] for found in ours.values()]
    return [
        Aim("places.addresses_vs_library", ratio, 10),
        Aim("places.addresses_clean_right", clean, 99.9),
        Aim("places.addresses_lists_right", sum(covered) / len(covered), 97),
        Aim("places.addresses_asserted_wrongly", sum(said_wrongly) / len(said_wrongly), 0.3,
            better="lower"),
        Aim("places.province_wrong", sum(wrong_provinces) / len(wrong_provinces), 0.05,
            better="lower"),
    ]  # fmt: skip
