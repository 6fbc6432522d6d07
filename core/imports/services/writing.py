"""Doing and undoing some rows: all at once, and by halves where one of them is at fault."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, TypeVar

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.imports.enums import RowOutcome, RowState
from core.imports.models import Import, ImportRow
from core.imports.registry import Applied, Context, Kind
from core.imports.services.planning import row_of, sentences_of
from core.imports.services.stored import update_rows
from core.kernel.errors import DomainError

_APPLIED: Final = ("state", "outcome", "reasons", "ref", "mark", "before")
_UNDONE: Final = ("state", "reasons")
R = TypeVar("R")
T = TypeVar("T")


def apply_rows(found: Import, rows: Sequence[ImportRow], *, kind: Kind, context: Context) -> None:
    """Do planned rows; one that moved since the check is refused instead."""
    fresh = {plan.number: plan for plan in kind.plan([row_of(r) for r in rows], context=context)}
    able: list[ImportRow] = []
    for row in rows:
        plan = fresh[row.number]
        if (plan.outcome, plan.ref, plan.mark) == (row.outcome, row.ref, row.mark):
            able.append(row)
        else:
            moved = _("This changed since the list was checked. Upload the list again.")
            _refuse(found, row, plan.reasons or (moved,))
    plans = [fresh[row.number] for row in able]
    done = _in_halves(plans, partial(kind.apply_all, context=context))
    for row, said in zip(able, done, strict=True):
        if isinstance(said, DomainError):
            _refuse(found, row, sentences_of(said))
        else:
            row.state, row.ref, row.mark = RowState.APPLIED, said.ref, said.mark
            row.before = dict(said.before)
            found.applied_count += 1
    update_rows(rows, names=_APPLIED)


def undo_rows(found: Import, rows: Sequence[ImportRow], *, kind: Kind, context: Context) -> None:
    """Take applied rows back; one that moved since stays as it is."""
    asked = [Applied(ref=row.ref or 0, mark=row.mark, before=row.before or {}) for row in rows]
    done = _in_halves(asked, partial(_undone, kind=kind, context=context))
    for row, said in zip(rows, done, strict=True):
        if isinstance(said, DomainError):
            row.state, row.reasons = RowState.KEPT, list(sentences_of(said))
            found.kept_count += 1
        else:
            row.state = RowState.UNDONE
            found.undone_count += 1
    update_rows(rows, names=_UNDONE)


def _undone(applied: Sequence[Applied], *, kind: Kind, context: Context) -> list[None]:
    kind.undo_all(applied, context=context)
    return [None] * len(applied)


def _in_halves(asked: Sequence[T], work: Callable[[Sequence[T]], list[R]]) -> list[R | DomainError]:
    """Do all at once; where one is at fault each half, until it stands alone with its error."""
    if not asked:
        return []
    try:
        with transaction.atomic():
            return [*work(asked)]
    except DomainError as error:
        if len(asked) == 1:
            return [error]
    except IntegrityError:
        if len(asked) == 1:
            raise
    middle = len(asked) // 2
    return [*_in_halves(asked[:middle], work), *_in_halves(asked[middle:], work)]


def _refuse(found: Import, row: ImportRow, reasons: tuple[str, ...]) -> None:
    name = f"{row.outcome}_count"
    setattr(found, name, getattr(found, name) - 1)
    found.refused_count += 1
    row.outcome, row.reasons = RowOutcome.REFUSED, list(reasons)
