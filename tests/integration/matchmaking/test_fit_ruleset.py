"""Answers of people become rows to learn from, and a proposal nobody publishes by accident."""

from __future__ import annotations

import json
from io import StringIO

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from matchmaking import selectors
from matchmaking.engine import fitting
from matchmaking.engine.fitting import Answer
from matchmaking.engine.ruleset import CRITERIA
from matchmaking.enums import Channel, DeclineReason, Side
from matchmaking.models import Match, Ruleset
from matchmaking.services import decisions, refresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def match(world) -> Match:
    refresh.refresh_matches_of_offer(offer_id=world.offer.pk)
    return Match.objects.get(offer=world.offer, request=world.request)


def voice(side: Side) -> decisions.Voice:
    return decisions.Voice(side=side, channel=Channel.PORTAL)


def test_each_sides_last_word_counts_once_with_the_fits_it_was_scored_by(match):
    decisions.accept_match(match_id=match.pk, voice=voice(Side.PRODUCER))
    decisions.take_back_decision(match_id=match.pk, voice=voice(Side.PRODUCER))
    assert selectors.answers() == []

    decisions.accept_match(match_id=match.pk, voice=voice(Side.PRODUCER))
    decisions.decline_match(match_id=match.pk, voice=voice(Side.BUYER), reason=DeclineReason.PRICE)

    one, other = selectors.answers()
    assert (one.accepted, other.accepted) == (True, False)
    assert (one.list_id, one.chance) == (match.request_id, 1.0)
    weights = match.ruleset.rules["weights"]
    assert one.fits == tuple(match.parts[code] / weights[code] for code in CRITERIA)


def test_a_partner_somebody_has_already_says_nothing_of_the_match(match):
    decisions.decline_match(
        match_id=match.pk, voice=voice(Side.BUYER), reason=DeclineReason.KNOWN_PARTNER
    )
    assert selectors.answers() == []


def test_a_criterion_the_rules_of_then_did_not_know_is_unknown(match):
    old = {**match.ruleset.rules, "weights": {**match.ruleset.rules["weights"]}}
    del old["weights"]["margin"]
    Ruleset.objects.filter(pk=match.ruleset_id).update(rules=old)
    decisions.accept_match(match_id=match.pk, voice=voice(Side.BUYER))

    (one,) = selectors.answers()

    assert one.fits[CRITERIA.index("margin")] is None


def test_too_few_answers_leave_the_rules_alone():
    with pytest.raises(CommandError, match="The rules stay as they are"):
        call_command("fit_ruleset")


def test_fitted_rules_are_written_to_be_compared_and_published_by_a_person(
    match, monkeypatch, tmp_path
):
    draw = np.random.default_rng(3)
    fits = draw.uniform(0, 1, (fitting.FEWEST_ANSWERS, len(CRITERIA)))
    rows = [
        Answer(list_id=at // 5, chance=1.0, day=at, fits=tuple(row), accepted=bool(row[2] > 0.5))
        for at, row in enumerate(fits.tolist())
    ]
    monkeypatch.setattr(selectors, "answers", lambda: rows)
    path, out = tmp_path / "rules.json", StringIO()
    versions = Ruleset.objects.count()

    call_command("fit_ruleset", output=path, stdout=out)

    assert "NDCG@5" in out.getvalue()
    assert Ruleset.objects.count() == versions
    call_command("rulesets", "publish", str(path), note="Fitted to answers.", stdout=out)
    fitted = json.loads(path.read_text())["weights"]
    assert Ruleset.objects.get(is_active=True).rules["weights"] == fitted
    assert fitted["price"] > match.ruleset.rules["weights"]["price"]
