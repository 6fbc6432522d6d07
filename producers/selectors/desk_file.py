"""What an officer compares a paper with: its earlier version, and its number elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import F
from django.db.models.functions import Upper

from core.accounts.actors import Actor
from producers.enums import PaperKind, PaperStatus
from producers.models import Paper
from producers.selectors.deadlines import desk_facts
from producers.selectors.revisions import paper_revisions, states_of_papers

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


def said_of_paper(paper: Paper) -> tuple[Any, ...]:
    """Return what the holder says of a paper, to compare it with what was said before."""
    return tuple(getattr(paper, field.attname) for field in said_fields())


def version_before(paper: Paper) -> Any | None:  # noqa: ANN401 -- pghistory's models have no types
    """Return the stored state to compare a paper with: as last decided on, else as last changed."""
    states = paper_revisions(paper.pk).exclude(status=PaperStatus.SUBMITTED)
    decided = states.filter(version__lt=paper.version).first()
    if decided is not None:
        return decided
    earlier = paper_revisions(paper.pk).filter(version__lt=paper.version)
    return earlier.first()


def states_before(papers: Iterable[Paper]) -> dict[int, Any]:
    """Return the state each paper had one version ago, where history knows it; one query."""
    stored = states_of_papers().filter(
        pgh_obj_id__in=[paper.pk for paper in papers], version=F("pgh_obj__version") - 1
    )
    return {one.pgh_obj_id: one for one in stored.order_by("pgh_id")}


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
