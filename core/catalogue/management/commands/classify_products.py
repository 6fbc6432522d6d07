"""Reads product names of a CSV file and says which kind each of them is."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from core.catalogue import selectors
from core.catalogue.classifier import (
    Verdict,
    Vocabulary,
    classify,
    extended,
    vocabulary_of_files,
    words_of,
)
from core.catalogue.management.tables import (
    Table,
    UnreadableTableError,
    read_table,
    with_cells,
    write_table,
)

ADDED: Final = ("category_code", "confidence", "alternatives", "basis")
_NAME: Final = "name"
_STEP: Final = 500
_SHOWN_FAULTS: Final = 20


class Command(BaseCommand):
    help = "classify product names: IN.csv with a column `name`, OUT.csv with the kinds added"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", metavar="IN.csv", type=Path)
        parser.add_argument("target", metavar="OUT.csv", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        source, target = options["source"], options["target"]
        try:
            table = read_table(source, needed=_NAME)
            column = table.column(_NAME)
        except (OSError, UnreadableTableError) as error:
            raise CommandError(f"{source}: {error}") from error
        self._refuse_overwriting(table, source, target)
        rows, faults, asserted = self._classified(table, column)
        try:
            write_table(target, rows=rows, delimiter=table.delimiter)
        except OSError as error:
            raise CommandError(f"{target}: {error}") from error
        self._report(faults, asserted, len(table.rows))

    def _refuse_overwriting(self, table: Table, source: Path, target: Path) -> None:
        if ADDED[0] in [head.strip() for head in table.header]:
            raise CommandError(f"{source} has a column {ADDED[0]} already. Rename it first.")
        if target.exists() and target.samefile(source):
            raise CommandError("IN and OUT are one file. Name another for the result.")

    def _vocabulary(self) -> Vocabulary:
        """Return the files' vocabulary, with what officers approved where a database answers."""
        try:
            terms = selectors.approved_terms()
        except DatabaseError:
            self.stderr.write("No database with synonyms: the reference files alone are used.")
            terms = {}
        vocabulary = vocabulary_of_files()
        return extended(vocabulary, terms=terms) if terms else vocabulary

    def _classified(self, table: Table, column: int) -> tuple[list[list[str]], list[str], int]:
        vocabulary = self._vocabulary()
        width = len(table.header)
        rows, faults, asserted = [[*table.header, *_headings(table)]], [], 0
        for done, (line, row) in enumerate(table.rows):
            if len(row) != width:
                faults.append(f"line {line}: {len(row)} cells instead of {width}")
            name = row[column] if column < len(row) else ""
            if words_of(name):
                verdict = classify(name, vocabulary=vocabulary)
                asserted += verdict.code is not None
                added = _cells(verdict)
            else:
                faults.append(f"line {line}: no name")
                added = ("", "0", "", "bad row: no name")
            delimiter = table.delimiter
            rows.append(with_cells(row, width=width, added=added, delimiter=delimiter))
            self._progress(done + 1, len(table.rows))
        return rows, faults, asserted

    def _progress(self, done: int, total: int) -> None:
        if done % _STEP and done != total:
            return
        text = f"{done:,} of {total:,} names"
        if sys.stderr.isatty():
            full = 30 * done // total
            bar = "█" * full + "░" * (30 - full)
            self.stderr.write(f"\r{bar} {text}", ending="\n" if done == total else "")
        elif done == total or not done % (_STEP * 20):
            self.stderr.write(text)

    def _report(self, faults: list[str], asserted: int, total: int) -> None:
        for fault in faults[:_SHOWN_FAULTS]:
            self.stderr.write(fault)
        if len(faults) > _SHOWN_FAULTS:
            self.stderr.write(f"… and {len(faults) - _SHOWN_FAULTS:,} more")
        self.stdout.write(
            f"{total:,} rows, {asserted:,} with a kind, {total - asserted:,} left to a person, "
            f"{len(faults):,} faults."
        )


def _headings(table: Table) -> list[str]:
    """Return the names of the added columns, told apart from those a list has already."""
    taken = {head.strip() for head in table.header}
    return [f"category_{name}" if name in taken else name for name in ADDED]


def _cells(verdict: Verdict) -> tuple[str, str, str, str]:
    best = verdict.best
    leaves = [candidate.code for candidate in verdict.candidates if candidate.is_leaf]
    others = [code for code in leaves if code != verdict.code]
    return (
        verdict.code or "",
        f"{verdict.confidence:.2f}",
        "|".join(others),
        best.why if best else "nothing known in it",
    )
