"""What a holder changed since an officer last decided on a paper, field by field, in words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import FileField
from django.utils import formats
from django.utils.translation import gettext as _

from producers.models import Paper
from producers.selectors import desk_file


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that says something else than before."""

    label: str
    before: str
    after: str


def changes_of(paper: Paper) -> list[Difference]:
    """Return what differs from the version decided on before, or from the one handed in before."""
    before = desk_file.version_before(paper)
    if before is None:
        return []
    fields = desk_file.said_fields()
    differing = [one for one in fields if _raw(before, one) != _raw(paper, one)]
    return [
        Difference(
            label=str(field.verbose_name).capitalize(),
            before=_written(before, field, is_new=False),
            after=_written(paper, field, is_new=True),
        )
        for field in differing
    ]


def _raw(state: Any, field: Any) -> Any:  # noqa: ANN401 -- any field of any type
    value = getattr(state, field.attname)
    return str(value) if isinstance(field, FileField) else value


def _written(state: Any, field: Any, *, is_new: bool) -> str:  # noqa: ANN401 -- as above
    if isinstance(field, FileField):
        return _file(bool(getattr(state, field.attname)), is_new=is_new)
    value = getattr(state, field.name)
    if value in {None, ""}:
        return "–"
    if field.choices:
        return str(getattr(state, f"get_{field.name}_display")())
    if isinstance(value, dt.date):
        return f"{value:%d/%m/%Y}"
    return formats.localize(value) if not hasattr(value, "pk") else str(value)


def _file(is_there: bool, *, is_new: bool) -> str:  # noqa: FBT001 -- a private helper of two
    if not is_there:
        return "–"
    return _("A new file") if is_new else _("Another file")
