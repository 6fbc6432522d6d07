"""Making a table say what a reference file says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from django.db.models import Model

from core.kernel import clock
from core.kernel.reference import Tally, Values, compare

M = TypeVar("M", bound=Model)


def sync(
    model: type[M],
    wanted: Mapping[tuple[Any, ...], Values],
    *,
    key: tuple[str, ...],
    kind: str,
) -> Tally:
    """Create, change and delete rows until the table says what is wanted.

    Rows entered by hand are left alone; versions grow with what changes.
    """
    manager = model._default_manager  # noqa: SLF001 -- Django's documented way for any model
    rows = {tuple(getattr(row, name) for name in key): row for row in manager.all()}
    by_hand = {k for k, row in rows.items() if getattr(row, "by_hand", False)}
    stored = {k: row for k, row in rows.items() if k not in by_hand}
    difference = compare(stored, wanted={k: v for k, v in wanted.items() if k not in by_hand})
    for row in difference.changed:
        if hasattr(row, "version"):
            row.version += 1
    manager.filter(pk__in=[row.pk for row in difference.gone]).delete()
    update(difference.changed, fields={f for values in wanted.values() for f in values})
    manager.bulk_create(
        [model(**dict(zip(key, k, strict=True)), **v) for k, v in difference.created.items()]
    )
    return Tally(
        kind,
        created=len(difference.created),
        changed=len(difference.changed),
        closed=len(difference.gone),
        unchanged=difference.unchanged,
    )


def update(rows: list[M], *, fields: Iterable[str]) -> None:
    """Write changed rows in one statement, with their time of change where they keep one."""
    if not rows:
        return
    names = {name.removesuffix("_id") for name in fields}
    if hasattr(rows[0], "version"):
        names.add("version")
    if hasattr(rows[0], "updated_at"):
        names.add("updated_at")
        now = clock.now()
        for row in rows:
            setattr(row, "updated_at", now)  # noqa: B010 -- only some of the models have it
    model = type(rows[0])
    model._default_manager.bulk_update(rows, sorted(names))  # noqa: SLF001 -- as above
