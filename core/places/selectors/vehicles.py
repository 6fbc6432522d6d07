"""The vehicles ways are computed for, from their reference file."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from core.kernel.reference import read_rows
from core.places.distance import Vehicle
from core.places.enums import VehicleKind

_FILE: Final = Path(__file__).resolve().parents[1] / "data" / "vehicles.csv"
_SPEED: Final = "speed_"


def vehicle(kind: VehicleKind) -> Vehicle:
    """Return what a vehicle may use and how fast it is there."""
    return vehicles()[kind]


@cache
def vehicles() -> dict[VehicleKind, Vehicle]:
    """Return all vehicles; an empty speed in the file closes that road class to one."""
    return {VehicleKind(row["code"]): _vehicle(row) for row in read_rows(_FILE)}


def _vehicle(row: dict[str, str]) -> Vehicle:
    return Vehicle(
        code=row["code"],
        payload_t=float(row["payload_t"]),
        gross_t=float(row["gross_t"]),
        loading_hours=float(row["loading_hours"]),
        speed_factors={
            name.removeprefix(_SPEED): float(cell)
            for name, cell in row.items()
            if name.startswith(_SPEED) and cell
        },
    )
