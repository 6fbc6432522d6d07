"""`manage.py fit_ruleset`: weights that what people answered speaks for, proposed to a person."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from matchmaking import selectors
from matchmaking.engine.fitting import Fitted, fit_rules
from matchmaking.engine.ruleset import CRITERIA, Ruleset


class Command(BaseCommand):
    help = (
        "Fits the weights to what buyers and producers answered, judges them by the later answers "
        "and writes rules for `rulesets compare` and `rulesets publish`. It publishes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--output", type=Path, help="where to write the proposed rules")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        rules = selectors.active_rules()
        try:
            found = fit_rules(selectors.answers(), rules=rules)
        except ValueError as error:
            raise CommandError(f"{error} The rules stay as they are.") from error
        if options["output"]:
            text = json.dumps(found.rules.to_json(), indent=2)
            options["output"].write_text(text + "\n", encoding="utf-8")
        if options["json"]:
            self.stdout.write(json.dumps({**asdict(found), "rules": found.rules.to_json()}))
        else:
            self.stdout.write("\n".join(_told(found, rules=rules, output=options["output"])))


def _told(found: Fitted, *, rules: Ruleset, output: Path | None) -> list[str]:
    weights = zip(CRITERIA, rules.weights, found.rules.weights, strict=True)
    next_step = (
        f"Try them: `manage.py rulesets compare {output}`; then a person may publish them."
        if output
        else "Write them with --output FILE to compare and publish them."
    )
    return [
        f"fitted to {found.trained} answers, judged by the {found.judged} later ones",
        *(f"  {code:9} {before:>6} -> {after:>6}" for code, before, after in weights),
        _figure("NDCG@5", found.before.ndcg_at_5, found.after.ndcg_at_5),
        _figure("calibration error", found.before.calibration_error, found.after.calibration_error),
        _figure("log loss", found.before.log_loss, found.after.log_loss),
        next_step,
    ]


def _figure(name: str, before: float, after: float) -> str:
    return f"{name:18} {before:.3f} -> {after:.3f}"
