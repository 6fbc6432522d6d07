"""Laws of the resolver: whatever is typed, and for every unit of either map."""

from __future__ import annotations

import random
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests/bench"))

import address_lists  # noqa: E402 -- the lists of the bench stand beside it

from core.places.resolver import Resolution, Resolver, load  # noqa: E402 -- as above
from core.places.resolver.letters import words_of  # noqa: E402 -- as above

RESOLVER = Resolver(load())
TRIPLES = address_lists.old_triples()
PAIRS = address_lists.new_pairs()
FILES = ("communes", "districts_closed", "provinces", "provinces_closed")
NAMES = sorted({row["name"] for file in FILES for row in address_lists.rows_of(file)})
NOISE = st.sampled_from(
    [",", ";", " - ", "/", "(", ")", "(cũ)", "nay là", "trước đây là", "xã", "P.", "TP", "q",
     "Việt Nam", "thôn", "số 4", "\n", "\x00", "\u0301", "06652", "tỉnh", "H.", "ð", "½", "٣"]
)  # fmt: skip
PIECES = st.lists(st.one_of(NOISE, st.sampled_from(NAMES), st.text(max_size=6)), max_size=9)
SOME = st.sampled_from(random.Random(4).sample(TRIPLES, 400) + random.Random(4).sample(PAIRS, 200))


def _is_right(answer: Resolution, truth: address_lists.Truth) -> bool:
    if answer.province_code != truth.province_code:
        return False
    if answer.commune_code is not None:
        return truth.codes == {answer.commune_code}
    return truth.codes <= set(answer.candidates)


@pytest.mark.parametrize("truths", [TRIPLES, PAIRS], ids=["before 2025-07", "since"])
def test_every_unit_of_either_map_is_found_by_its_own_label(
    truths: list[address_lists.Truth],
) -> None:
    rng = random.Random(0)
    cases = [address_lists.clean(truth, rng) for truth in truths]
    answers = [RESOLVER.resolve(ward=w, district=d, province=p) for (w, d, p), _, _ in cases]
    wrong = [
        case.text
        for case, answer in zip(cases, answers, strict=True)
        if not _is_right(answer, case.truth)
    ]
    assert len(wrong) <= len(cases) // 1000, wrong[:10]
    assert sum(answer.is_certain for answer in answers) > 0.9 * len(answers)


@pytest.mark.parametrize("kind", address_lists.NOISES)
def test_lists_as_people_write_them_are_right_or_covered(kind: str) -> None:
    rng = random.Random(kind)
    cases = [address_lists.NOISES[kind](truth, rng) for truth in rng.sample(TRIPLES, 250)]
    answers = [RESOLVER.resolve(case.text) for case in cases]
    right = sum(_is_right(a, c.truth) for a, c in zip(answers, cases, strict=True))
    assert right >= 0.97 * len(cases)
    asserted_wrongly = [
        case.text
        for answer, case in zip(answers, cases, strict=True)
        if answer.commune_code and case.truth.codes != {answer.commune_code}
    ]
    assert len(asserted_wrongly) <= 1, asserted_wrongly
    assert all(
        answer.province_code in {None, case.truth.province_code}
        for answer, case in zip(answers, cases, strict=True)
    )


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=60), PIECES.map(" ".join)), st.sampled_from(["ward", "text"]))
def test_any_text_is_answered(text: str, place: str) -> None:
    answer = RESOLVER.resolve(**{place: text})
    assert 0 <= answer.confidence <= 1
    assert answer.commune_code is None or (not answer.candidates and answer.province_code)
    assert list(answer.candidates) == sorted(set(answer.candidates))


@settings(max_examples=100, deadline=None)
@given(PIECES.map(" ".join))
def test_the_normal_form_makes_no_difference(text: str) -> None:
    forms = [unicodedata.normalize(form, text) for form in ("NFC", "NFD")]
    assert RESOLVER.resolve(forms[0])[:6] == RESOLVER.resolve(forms[1])[:6]


@settings(max_examples=100, deadline=None)
@given(SOME, st.sampled_from(list(address_lists.NOISES)), st.integers(0, 1000))
def test_without_accents_it_is_the_same_or_less_sure(
    truth: address_lists.Truth, kind: str, seed: int
) -> None:
    case = address_lists.NOISES[kind](truth, random.Random(seed))
    typed = RESOLVER.resolve(case.text)
    bare = RESOLVER.resolve(address_lists.bare(case.text))
    if bare.commune_code is not None and typed.commune_code is not None:
        assert bare.commune_code == typed.commune_code
    if bare.province_code is not None and typed.province_code is not None:
        assert bare.province_code == typed.province_code


@settings(max_examples=100, deadline=None)
@given(PIECES.map(", ".join))
def test_a_province_is_written_or_implied_by_ward_and_district(text: str) -> None:
    answer = RESOLVER.resolve(text)
    if answer.province_code is None:
        return
    levels = {part.level: part for part in answer.understood}
    assert "province" in levels or "district" in levels
    typed = "".join(word.bare for word in words_of(text))
    read = levels.get("province")
    if read is not None and not read.flaws:
        assert "".join(word.bare for word in words_of(read.label)) in typed or len(typed) < 9


@pytest.mark.parametrize("kind", ["clean", *address_lists.NOISES])
def test_the_short_way_answers_like_the_long_one(kind: str, monkeypatch) -> None:
    rng = random.Random(kind)
    write = address_lists.NOISES.get(kind, address_lists.clean)
    cases = [write(truth, rng) for truth in rng.sample(TRIPLES, 80) + rng.sample(PAIRS, 40)]
    short, long = Resolver(load()), Resolver(load())
    monkeypatch.setattr(long, "_plain_text", lambda text: None)
    monkeypatch.setattr(long, "_plain_columns", lambda *parts: None)
    for case in cases:
        parts = dict(zip(("ward", "district", "province"), case.columns, strict=True))
        assert short.resolve(case.text)[:6] == long.resolve(case.text)[:6], case.text
        assert short.resolve(**parts)[:6] == long.resolve(**parts)[:6], parts
