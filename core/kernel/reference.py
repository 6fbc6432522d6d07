"""Reference data as files: read, compared with what is stored, and reported as a difference."""

from __future__ import annotations

import csv
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, Protocol, TypeVar

K = TypeVar("K", bound=Hashable)
Values = dict[str, object]


class Row(Protocol):
    """Anything stored whose fields can be read and set."""


R = TypeVar("R", bound=Row)


def read_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a reference file: UTF-8, comma-separated, with a header."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def split_list(cell: str) -> list[str]:
    """Return the parts of a cell that holds a list, divided by semicolons."""
    return [part.strip() for part in cell.split(";") if part.strip()]


@dataclass(slots=True)
class Difference(Generic[K, R]):
    """What has to be done so that the stored rows say what the file says."""

    created: dict[K, Values] = field(default_factory=dict)
    changed: list[R] = field(default_factory=list)
    gone: list[R] = field(default_factory=list)
    unchanged: int = 0


def compare(stored: Mapping[K, R], *, wanted: Mapping[K, Values]) -> Difference[K, R]:
    """Return the difference, with the new values already set on the changed rows."""
    difference: Difference[K, R] = Difference()
    for key, values in wanted.items():
        row = stored.get(key)
        if row is None:
            difference.created[key] = values
        elif _set_differing(row, values):
            difference.changed.append(row)
        else:
            difference.unchanged += 1
    difference.gone = [row for key, row in stored.items() if key not in wanted]
    return difference


def _set_differing(row: object, values: Values) -> bool:
    differing = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in differing.items():
        setattr(row, name, value)
    return bool(differing)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many rows of one kind a load created, changed, closed and left alone."""

    kind: str
    created: int = 0
    changed: int = 0
    closed: int = 0
    unchanged: int = 0

    @property
    def is_quiet(self) -> bool:
        """Whether the load found everything as it should be."""
        return not (self.created or self.changed or self.closed)


def as_table(tallies: Iterable[Tally]) -> str:
    """Return the tallies as aligned text, one kind a line."""
    heads = ("", "created", "changed", "closed", "unchanged")
    lines = [heads] + [
        (t.kind, str(t.created), str(t.changed), str(t.closed), str(t.unchanged)) for t in tallies
    ]
    width = max(len(line[0]) for line in lines)
    return "\n".join(
        line[0].ljust(width) + "".join(cell.rjust(11) for cell in line[1:]) for line in lines
    )
