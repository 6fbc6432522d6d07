"""What an officer compares a paper with: its earlier version, and its number elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.apps import apps
from django.db.models import QuerySet
from django.db.models.functions import Upper

from core.accounts.actors import Actor
from producers.enums import PaperKind, PaperStatus
from producers.models import Paper
from producers.selectors.deadlines import desk_facts

_BOOKKEEPING: Final = frozenset(
    {
        "id", "producer", "kind", "status", "status_reason", "grade", "submitted_at",
        "decided_at", "decided_by", "confirmed_by", "version",
    }
)  # fmt: skip
_SHOWN: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class SameNumber:
    """Others who handed in the number: in full where the reader may, else only how many where."""

    here: list[Paper]
    elsewhere: dict[str, int]

    @property
    def is_any(self) -> bool:
        """Whether anybody else has the number."""
        return bool(self.here or self.elsewhere)


def said_fields() -> list[Any]:
    """Return the fields of a paper that its holder fills in."""
    fields = Paper._meta.concrete_fields  # Django's public model API
    return [field for field in fields if field.name not in _BOOKKEEPING]


def version_before(paper: Paper) -> Any | None:  # noqa: ANN401 -- pghistory's models have no types
    """Return the stored state to compare a paper with: as last decided on, else as last changed."""
    states = _states(paper.pk).exclude(status=PaperStatus.SUBMITTED)
    decided = states.filter(version__lt=paper.version).first()
    if decided is not None:
        return decided
    earlier = _states(paper.pk).filter(version__lt=paper.version)
    return earlier.first()


def state_at(paper_id: int, *, version: int) -> Any | None:  # noqa: ANN401 -- as above
    """Return the stored state of a paper at a version; None where history does not know it."""
    return _states(paper_id).filter(version=version).first()


def same_number(paper: Paper, *, actor: Actor) -> SameNumber:
    """Return papers of others with the same number, where a number names one paper only."""
    if not desk_facts()[PaperKind(paper.kind)].is_unique:
        return SameNumber(here=[], elsewhere={})
    others = (
        Paper.objects.filter(kind=paper.kind, number__iexact=paper.number)
        .exclude(producer=paper.producer_id)
        .select_related("producer__organisation__province")
        .order_by("pk")
    )
    here: list[Paper] = []
    elsewhere: dict[str, int] = {}
    for other in others[:_SHOWN]:
        province = other.producer.organisation.province
        if actor.is_administrator or province.pk in actor.province_ids:
            here.append(other)
        else:
            elsewhere[str(province)] = elsewhere.get(str(province), 0) + 1
    return SameNumber(here=here, elsewhere=elsewhere)


def numbers_elsewhere(papers: list[Paper]) -> set[int]:
    """Return the papers, by id, whose number somebody else handed in too; one query."""
    asked = [one for one in papers if desk_facts()[PaperKind(one.kind)].is_unique]
    if not asked:
        return set()
    rows = Paper.objects.annotate(upper=Upper("number")).filter(
        kind__in={one.kind for one in asked}, upper__in={one.number.upper() for one in asked}
    )
    holders: dict[tuple[str, str], set[int]] = {}
    for kind, number, producer_id in rows.values_list("kind", "upper", "producer_id"):
        holders.setdefault((kind, number), set()).add(producer_id)
    return {
        one.pk
        for one in asked
        if holders.get((one.kind, one.number.upper()), set()) - {one.producer_id}
    }


def _states(paper_id: int) -> QuerySet[Any]:
    revisions: QuerySet[Any] = QuerySet(apps.get_model("producers", "PaperRevision"))
    return revisions.filter(pgh_obj_id=paper_id).order_by("-pgh_id")
