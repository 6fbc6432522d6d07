"""Rules are looked at, tried on live data, and published by a person."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from core.outbox.models import OutboxMessage
from matchmaking.enums import MatchStatus
from matchmaking.models import Match, Ruleset
from matchmaking.services import refresh, rulesets
from tests.integration.matchmaking.working import work

pytestmark = pytest.mark.django_db


def said(*args: str) -> str:
    out = StringIO()
    call_command("rulesets", *args, stdout=out)
    return out.getvalue()


@pytest.fixture
def match(world) -> Match:
    refresh.refresh_matches_of_offer(offer_id=world.offer.pk)
    return Match.objects.get(offer=world.offer, request=world.request)


@pytest.fixture
def others(match, tmp_path):
    """A file of rules that differ from the active ones by what is given."""

    def write(**changes: object):
        path = tmp_path / "rules.json"
        path.write_text(json.dumps({**json.loads(said("show")), **changes}), encoding="utf-8")
        return str(path)

    return write


def test_publishing_scores_everything_anew_and_keeps_the_old_version(match, others):
    old = match.ruleset
    weights = {**old.rules["weights"], "product": 2_400, "papers": 600}
    last = OutboxMessage.objects.latest("pk").pk

    said("publish", others(weights=weights), "--note", "Papers count more.")
    work(start=last)

    match.refresh_from_db()
    assert (match.ruleset.version, match.ruleset.is_active) == (old.version + 1, True)
    assert match.parts["product"] <= 2_400
    old.refresh_from_db()
    assert not old.is_active
    assert "Papers count more." in said("list")
    assert json.loads(said("show", str(old.version))) == old.rules


def test_a_match_below_the_new_minimum_is_suspended_and_comes_back(match, others):
    last = OutboxMessage.objects.latest("pk").pk
    said("publish", others(minimum_score=10_000), "--note", "x")
    last = work(start=last)
    match.refresh_from_db()
    assert (match.status, match.refusals) == (MatchStatus.SUSPENDED, ["below_minimum"])

    said("publish", others(minimum_score=0), "--note", "y")
    work(start=last)

    match.refresh_from_db()
    assert match.status == MatchStatus.PROPOSED


def test_comparing_tells_who_gains_and_loses_and_changes_nothing(match, others, world):
    before = Ruleset.objects.count()
    found = json.loads(said("compare", others(minimum_score=10_000), "--json"))

    assert (found["found"]["pairs_lost"], found["found"]["places"]) == (1, 0)
    (only,) = found["by_organisation"]
    assert only == {"name": world.offer.producer.organisation.name, "before": 1.0, "after": 0.0}
    assert found["by_size"] == [{"name": "1 offer", "before": 1.0, "after": 0.0}]
    assert "pairs gained 0, lost 1" in said("compare", others(minimum_score=10_000))
    assert Ruleset.objects.count() == before
    assert Match.objects.get().status == MatchStatus.PROPOSED


@pytest.mark.parametrize(
    ("text", "why"),
    [("{", "cannot be read"), ("[]", "one object"), ('{"weights": {}}', "missing or unknown keys")],
)
def test_rules_that_cannot_be_read_are_refused_in_words(tmp_path, text, why):
    path = tmp_path / "rules.json"
    path.write_text(text, encoding="utf-8")
    for action in (("compare", str(path)), ("publish", str(path), "--note", "x")):
        with pytest.raises(CommandError, match=why):
            said(*action)
    assert not Ruleset.objects.exists()


def test_a_version_that_is_not_there_is_said_so():
    with pytest.raises(CommandError, match="no such version"):
        said("show", "9")


def test_the_first_rules_are_nobodys_decision_and_announce_nothing():
    rulesets.ensure_ruleset()
    assert not OutboxMessage.objects.exists()
