"""Loads the reference data of places and catalogue; doing it again changes nothing."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from core.catalogue.services import load_catalogue
from core.kernel.reference import as_table
from core.places.services import load_places


class Command(BaseCommand):
    help = "Load provinces, communes, roads, categories and units from the reference files."

    def handle(self, *args: Any, **options: Any) -> None:
        tallies = [*load_places(), *load_catalogue()]
        if all(tally.is_quiet for tally in tallies):
            rows = sum(tally.unchanged for tally in tallies)
            self.stdout.write(f"Reference data unchanged ({rows} rows).")
            return
        self.stdout.write(as_table(tallies))
