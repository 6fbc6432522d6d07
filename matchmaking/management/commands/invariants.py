"""`manage.py invariants`: ask the database itself whether what must always hold does."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError

from core.kernel import clock
from matchmaking import selectors


class Command(BaseCommand):
    """Name the active matches that rest on a paper which does not count; exit 1 where any does."""

    help = "Checks that no active match rests on a paper that does not count on a delivery day."

    def handle(self, *_args: object, **_options: object) -> None:
        """Look once; a match that is named while duties are open may be mended by them."""
        found = selectors.matches_without_papers(day=clock.today())
        if found:
            named = ", ".join(str(one) for one in found)
            raise CommandError(f"{len(found)} active matches rest on no valid paper: {named}")
        self.stdout.write("No active match rests on a paper that does not count.")
