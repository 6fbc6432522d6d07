"""Reads a CSV list of addresses and writes it again with province and commune of today."""

from __future__ import annotations

import csv
import datetime as dt
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final, TextIO

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.places.resolver import ADDED, Resolver, Table, TableError, load, open_table
from core.places.resolver.tables import added_cells, cells_of_bad_row

_SHOWN_PROBLEMS: Final = 20
_BAR_WIDTH: Final = 30
_BAR_EVERY_ROWS: Final = 2_000


class Command(BaseCommand):
    help = (
        "Add province_code, commune_code, candidates, confidence and basis to a CSV list with "
        "the columns ward, district, province or address."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", type=Path, metavar="IN.csv")
        parser.add_argument("target", type=Path, metavar="OUT.csv")
        parser.add_argument(
            "--on",
            type=dt.date.fromisoformat,
            default=None,
            metavar="YYYY-MM-DD",
            help="answer in units of the map of this day; today's by default",
        )

    def handle(self, *args: Any, source: Path, target: Path, **options: Any) -> None:
        if not source.is_file():
            raise CommandError(f"There is no file {source}.")
        if target.exists() and target.samefile(source):
            raise CommandError("IN and OUT are the same file: name another file for the result.")
        if not target.parent.is_dir():
            raise CommandError(f"There is no folder {target.parent} to write to.")
        started = time.monotonic()
        with source.open("rb") as file:
            try:
                table = open_table(file)
            except TableError as error:
                raise CommandError(f"{source}: {error}") from error
            self._tell_what_is_odd(table)
            with _written_whole(target) as result:
                n_rows, n_bad, n_certain = self._resolve(table, file, result, on=options["on"])
        seconds = time.monotonic() - started
        self.stderr.write(
            f"{n_rows} rows in {seconds:.1f} s: {n_certain} with a commune, "
            f"{n_rows - n_certain - n_bad} to choose or unknown, {n_bad} bad rows kept unread. "
            f"Written to {target}."
        )

    def _tell_what_is_odd(self, table: Table) -> None:
        if not table.encoding.startswith("utf-8"):
            self.stderr.write(f"Read as {table.encoding}; the result is UTF-8.")
        if not table.names_communes:
            columns = ", ".join(table.header[place] for place in table.places.values())
            self.stderr.write(
                f"Only {columns} can be read: no column is called ward or address, "
                "so that no commune will be found."
            )
        if table.shadowed:
            names = ", ".join(table.shadowed)
            self.stderr.write(f"The input has {names} already: the new ones stand behind them.")

    def _resolve(
        self, table: Table, file: BinaryIO, result: TextIO, *, on: dt.date | None
    ) -> tuple[int, int, int]:
        resolver = Resolver(load())
        writer = csv.writer(result, delimiter=table.delimiter, lineterminator="\n")
        writer.writerow([*table.header, *ADDED])
        n_rows = n_bad = n_certain = 0
        bar = _Bar(file)
        for line in table.lines:
            n_rows += 1
            if line.problem:
                n_bad += 1
                self._report(line.number, line.problem, n_bad)
                writer.writerow([*line.cells, *cells_of_bad_row(line.problem)])
                continue
            resolution = table.resolve(line.cells, resolver, on=on)
            n_certain += resolution.is_certain
            writer.writerow([*line.cells, *added_cells(resolution)])
            if not n_rows % _BAR_EVERY_ROWS:
                bar.show(n_rows)
        bar.end()
        return n_rows, n_bad, n_certain

    def _report(self, number: int, problem: str, n_bad: int) -> None:
        if n_bad <= _SHOWN_PROBLEMS:
            self.stderr.write(f"Line {number}: {problem}; kept unread.")
        elif n_bad == _SHOWN_PROBLEMS + 1:
            self.stderr.write("More bad rows follow; the column basis tells each.")


class _Bar:
    """A progress bar on a terminal, nothing elsewhere; how far is told by the bytes read."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._size = max(os.fstat(file.fileno()).st_size, 1)
        self._is_shown = sys.stderr.isatty()

    def show(self, n_rows: int) -> None:
        """Draw the bar anew."""
        if self._is_shown:
            share = min(self._file.tell() / self._size, 1.0)
            filled = "#" * round(share * _BAR_WIDTH)
            sys.stderr.write(f"\r[{filled:<{_BAR_WIDTH}}] {share:4.0%} {n_rows:,} rows")
            sys.stderr.flush()

    def end(self) -> None:
        """Clear the line."""
        if self._is_shown:
            sys.stderr.write("\r" + " " * (_BAR_WIDTH + 30) + "\r")


@contextmanager
def _written_whole(target: Path) -> Iterator[TextIO]:
    """Open a file beside the target that takes its place when all is written."""
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="surrogateescape", newline="") as file:
            yield file
        mask = os.umask(0)
        os.umask(mask)
        Path(name).chmod(0o666 & ~mask)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
