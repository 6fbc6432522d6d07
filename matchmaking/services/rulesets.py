"""Publishing the rules that scores are made by."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Max

from core.outbox import outbox
from matchmaking.engine.ruleset import DEFAULT_RULESET
from matchmaking.engine.ruleset import Ruleset as Rules
from matchmaking.events import RulesetPublished
from matchmaking.models import Ruleset


@transaction.atomic
def publish_ruleset(*, rules: dict[str, Any], note: str) -> Ruleset:
    """Store a new version of the rules and score by it from now on.

    Args:
        rules: As `engine.ruleset.Ruleset.to_json`; its `version` is replaced by the next one.
        note: Why it was changed.

    Raises:
        ValueError: The rules cannot give a score between 0 and 10,000.

    Emits:
        RulesetPublished, after which everything is scored again.
    """
    published = _store(rules, note=note)
    outbox.append(RulesetPublished(ruleset_id=published.pk, version=published.version))
    return published


def _store(rules: dict[str, Any], *, note: str) -> Ruleset:
    last = Ruleset.objects.aggregate(last=Max("version"))["last"] or 0
    checked = Rules.from_json({**rules, "version": last + 1})
    Ruleset.objects.filter(is_active=True).update(is_active=False)
    return Ruleset.objects.create(
        version=checked.version, rules=checked.to_json(), note=note, is_active=True
    )


def ensure_ruleset() -> Ruleset:
    """Return the active rules, publishing the default ones where there are none yet."""
    active = Ruleset.objects.filter(is_active=True).first()
    if active is not None:
        return active
    return _store(DEFAULT_RULESET.to_json(), note="Defaults of docs/decisions/0007, 0032, 0035.")
