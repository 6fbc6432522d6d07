"""Looking at the rules of scoring, trying others on live data, and publishing them."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError

from matchmaking import selectors
from matchmaking.models import Ruleset
from matchmaking.selectors import Gainer, RulesCompared
from matchmaking.services import rulesets as services

_NAMED: Final = 5


class Command(BaseCommand):
    help = "list · show · compare · publish"

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("list", help="all versions, the newest first")
        show = actions.add_parser("show", help="one version as JSON, to be edited and compared")
        show.add_argument("version", type=int, nargs="?", help="default: the active one")
        compare = actions.add_parser("compare", help="who gains and who loses; changes nothing")
        compare.add_argument("file", type=Path, help="rules as `show` prints them")
        compare.add_argument("--json", action="store_true")
        publish = actions.add_parser("publish", help="score everything by these rules from now on")
        publish.add_argument("file", type=Path)
        publish.add_argument("--note", required=True, help="why; kept with the version")

    def handle(self, *args: Any, **options: Any) -> None:
        getattr(self, f"_{options['action']}")(options)

    def _list(self, _options: dict[str, Any]) -> None:
        for one, scored in selectors.rulesets():
            mark = "active" if one.is_active else ""
            self.stdout.write(f"v{one.version}  {scored:>8} matches  {mark:6}  {one.note}")

    def _show(self, options: dict[str, Any]) -> None:
        asked = {"version": options["version"]} if options["version"] else {"is_active": True}
        found = Ruleset.objects.filter(**asked).first()
        if found is None:
            raise CommandError("There is no such version; `rulesets list` shows all.")
        self.stdout.write(json.dumps(found.rules, indent=2))

    def _compare(self, options: dict[str, Any]) -> None:
        try:
            found = selectors.compare_rules(_read(options["file"]))
        except ValueError as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(asdict(found), ensure_ascii=False))
        else:
            self.stdout.write("\n".join(_told(found)))

    def _publish(self, options: dict[str, Any]) -> None:
        try:
            published = services.publish_ruleset(rules=_read(options["file"]), note=options["note"])
        except ValueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"v{published.version} is active; the workers score everything by it.")


def _read(path: Path) -> dict[str, Any]:
    try:
        rules = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CommandError(f"{path} cannot be read as JSON: {error}") from error
    if not isinstance(rules, dict):
        raise CommandError(f"{path} does not hold one object; `rulesets show` prints one.")
    return rules


def _told(compared: RulesCompared) -> list[str]:
    found = compared.found
    named = compared.by_organisation
    losers = [one for one in reversed(named) if one.change < 0][:_NAMED]
    return [
        f"{compared.offers} open offers, {found.requests} open requests with partners",
        f"lists whose first five differ: {found.changed_lists}",
        f"places among the first five taken anew: {found.changed_places} of {found.places}",
        f"pairs gained {found.pairs_gained}, lost {found.pairs_lost}",
        "share of the buyers' attention, by kind of producer:",
        *map(_line, compared.by_kind),
        "the same, by size of producer:",
        *map(_line, compared.by_size),
        "who gains most:",
        *map(_line, [one for one in named if one.change > 0][:_NAMED]),
        "who loses most:",
        *map(_line, losers),
    ]


def _line(one: Gainer) -> str:
    return f"  {one.before:7.2%} -> {one.after:7.2%}  {one.name}"
