"""What rows would do: asked of the kind, completed by what concerns every list."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext as _

from core.imports.enums import RowOutcome, RowState
from core.imports.models import ImportRow
from core.imports.registry import Context, Kind, Planned, Row
from core.kernel.errors import DomainError, InvalidInputError
from core.sheets.cells import counted_from, from_wire, text_of

_LONGEST_KEY: Final = 400
_LONGEST_LABEL: Final = 200
_SHOWN: Final = 500
_BROKEN_CELLS: Final = frozenset(
    {"#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#FORMULA!", "#SPILL!"}
)


def plan_rows(rows: Sequence[ImportRow], *, kind: Kind, context: Context) -> dict[int, Planned]:
    """Return what each row would do, by its number.

    A row with a broken formula and a second row that speaks of the same thing are refused here,
    for every kind.
    """
    plans: dict[int, Planned] = {}
    asked: list[Row] = []
    for row in rows:
        broken = [str(c.header) for c in kind.columns if _is_broken(row.cells.get(c.key))]
        if broken:
            words = _("The formula under “%(column)s” has no result. Put the value in its place.")
            reasons = tuple(words % {"column": name} for name in broken)
            plans[row.number] = Planned(
                number=row.number, outcome=RowOutcome.REFUSED, reasons=reasons
            )
        else:
            asked.append(row_of(row))
    plans |= {plan.number: plan for plan in kind.plan(asked, context=context)} if asked else {}
    return _without_doubles(rows, _with_remarks(rows, plans, kind=kind))


def row_of(row: ImportRow) -> Row:
    """Return a stored row as kinds read it."""
    cells = {key: from_wire(wire) for key, wire in row.cells.items()}
    return Row(number=row.number, cells=cells)


def create_rows(rows: Sequence[ImportRow], plans: dict[int, Planned]) -> None:
    """Store rows with what each would do."""
    for row in rows:
        plan = plans[row.number]
        row.state, row.outcome = RowState.PLANNED, plan.outcome
        row.key, row.label = plan.key[:_LONGEST_KEY], plan.label[:_LONGEST_LABEL]
        row.reasons = list(plan.reasons)
        row.changes = [[c.key, c.old[:_SHOWN], c.new[:_SHOWN]] for c in plan.changes]
        row.ref, row.mark = plan.ref, plan.mark
    ImportRow.objects.bulk_create(rows)


def sentences_of(error: DomainError) -> tuple[str, ...]:
    """Return what an error says to a person."""
    if isinstance(error, InvalidInputError):
        return tuple(sentence for found in error.field_errors.values() for sentence in found)
    return (str(error),)


def _with_remarks(
    rows: Sequence[ImportRow], plans: dict[int, Planned], *, kind: Kind
) -> dict[int, Planned]:
    """Say which day was read where a cell holds the bare number of a day."""
    words = _("%(column)s: the number %(number)s was read as the day %(day)s.")
    remarked = dict(plans)
    for row in rows:
        said = tuple(
            words % {"column": column.header, "number": number, "day": text_of(from_wire(wire))}
            for column in kind.columns
            if column.is_day and (number := counted_from(wire := row.cells.get(column.key, "")))
        )
        if said:
            plan = plans[row.number]
            remarked[row.number] = dataclasses.replace(plan, reasons=(*plan.reasons, *said))
    return remarked


def _is_broken(wire: object) -> bool:
    return isinstance(wire, str) and wire in _BROKEN_CELLS


def _without_doubles(rows: Sequence[ImportRow], plans: dict[int, Planned]) -> dict[int, Planned]:
    """Refuse what an earlier row of the file says already."""
    keys = {plan.key[:_LONGEST_KEY] for plan in plans.values() if plan.key}
    of = rows[0].of_id if rows else 0
    earlier = ImportRow.objects.filter(of=of, key__in=keys)
    first = dict(earlier.order_by("-number").values_list("key", "number"))
    checked: dict[int, Planned] = {}
    for number in sorted(plans):
        plan = plans[number]
        key = plan.key[:_LONGEST_KEY]
        if key and first.setdefault(key, number) != number:
            words = _("Row %(number)d speaks of the same. Keep one of them.")
            reasons = (*plan.reasons, words % {"number": first[key]})
            plan = dataclasses.replace(plan, outcome=RowOutcome.REFUSED, reasons=reasons)
        checked[number] = plan
    return checked
