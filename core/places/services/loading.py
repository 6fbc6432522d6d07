"""Loading the geography's reference files; a second load finds nothing to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction

from core.kernel.reference import Tally, Values, split_list
from core.places.enums import AdminLevel
from core.places.models import ProvinceBorder, UnitGroup
from core.places.services.freight_files import load_freight
from core.places.services.reading import COMMUNES_SINCE, rows_of
from core.places.services.syncing import sync
from core.places.services.unit_files import ids_on, load_units

_LOAD_LOCK = 2_026_001


@transaction.atomic
def load_places() -> list[Tally]:
    """Make the tables say what the reference files say; return what changed, kind by kind.

    A link whose status somebody changed by hand keeps that status, and a grouping that
    somebody edited stays as it is. Units that left the files are closed, not deleted: figures
    hang on them.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOAD_LOCK])
    units = load_units()
    provinces = ids_on(COMMUNES_SINCE, AdminLevel.PROVINCE)
    return [*units, _load_borders(provinces), _load_groups(provinces), *load_freight(provinces)]


def _load_borders(provinces: Mapping[str, int]) -> Tally:
    wanted: dict[tuple[Any, ...], Values] = {
        (provinces[row["a"]], provinces[row["b"]]): {} for row in rows_of("borders")
    }
    return sync(ProvinceBorder, wanted, key=("a_id", "b_id"), kind="borders")


def _load_groups(provinces: Mapping[str, int]) -> Tally:
    rows = {row["code"]: row for row in rows_of("unit_groups")}
    wanted: dict[tuple[Any, ...], Values] = {
        (code,): {
            "name_vi": row["name_vi"],
            "name_en": row["name_en"],
            "is_region": row["is_region"] == "1",
            "source": row["source"],
        }
        for code, row in rows.items()
    }
    tally = sync(UnitGroup, wanted, key=("code",), kind="groups")
    for group in UnitGroup.objects.filter(code__in=rows, by_hand=False):
        members = split_list(rows[group.code]["members"])
        group.members.set([provinces[code] for code in members])
    return tally
