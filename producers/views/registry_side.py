"""An entry of a register beside what the portal knows: field by field, same or not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.accounts import taxcode
from core.accounts.models import Organisation
from core.kernel.text import fold
from producers import wording
from producers.enums import RegistrySubject
from producers.models import Paper, Product, RegistryCandidate, RegistryEntry
from producers.reconciling import decision_key
from producers.resources.registry_columns import PRODUCTS, SHOPS
from producers.selectors import registry as registers


@dataclass(frozen=True, slots=True)
class Line:
    """One field of both sides; `tone` is "ok" where they agree, "wait" where they differ."""

    label: wording.Words
    theirs: str
    ours: str
    tone: str


@dataclass(frozen=True, slots=True)
class Side:
    """Something of ours beside an entry."""

    candidate: RegistryCandidate | None
    organisation: Organisation
    product: Product | None
    basis: list[wording.Words]
    clashes: list[wording.Words]
    lines: list[Line]


def sides_of(entry: RegistryEntry, candidates: Sequence[RegistryCandidate]) -> list[Side]:
    """Return candidates beside the entry, in their order."""
    awards = registers.held_papers({one.product_id for one in candidates if one.product_id})
    shops = registers.storefronts_of({one.organisation_id for one in candidates})
    return [
        Side(
            candidate=one,
            organisation=one.organisation,
            product=one.product,
            basis=wording.words_of(one.basis, wording.BASIS),
            clashes=wording.words_of(one.clashes, wording.CLASHES),
            lines=_lines(
                entry,
                one.organisation,
                one.product,
                papers=[*awards.get(one.product_id or 0, ()), *shops.get(one.organisation_id, ())],
            ),
        )
        for one in candidates
    ]


def side_of(entry: RegistryEntry, organisation: Organisation, product: Product | None) -> Side:
    """Return what an entry was linked to, beside the entry."""
    papers: list[Paper] = []
    if product is not None:
        papers += registers.held_papers({product.pk}).get(product.pk, [])
    papers += registers.storefronts_of({organisation.pk}).get(organisation.pk, [])
    lines = _lines(entry, organisation, product, papers=papers)
    return Side(None, organisation, product, [], [], lines)


def said_of(entry: RegistryEntry) -> list[tuple[wording.Words, str]]:
    """Return what an entry says, without what it leaves out; a tax code is masked."""
    said = {
        "name": entry.name,
        "holder": entry.holder,
        "tax_code": shown_code(entry.tax_code),
        "gtin": entry.gtin,
        "stars": f"{entry.stars}★" if entry.stars else "",
        "decision_number": _decision(entry),
        "stage": str(entry.get_stage_display()),
        "address": entry.address,
        "commune": str(entry.commune or ""),
    }
    return [(wording.FIELDS[name], value) for name, value in said.items() if value]


def raw_of(entry: RegistryEntry) -> list[tuple[wording.Words, str]]:
    """Return the cells as they came; whatever holds a tax code is masked, also a wrong one."""
    is_shop = entry.list.registry.subject == RegistrySubject.SHOPS
    headers = {one.key: one.header for one in (SHOPS if is_shop else PRODUCTS)}
    return [(headers.get(name, name), _masked(name, str(v))) for name, v in entry.raw.items()]


def shown_code(code: str) -> str:
    """Return a tax code as a page shows it: a household's is a personal number."""
    return code if len(taxcode.parent_of(code)) == taxcode.COMPANY_LENGTH else taxcode.mask(code)


def _masked(name: str, value: str) -> str:
    if "thue" in fold(name) or fold(name) in {"mst", "tax code", "cccd", "cmnd"}:
        return taxcode.mask(value)
    return value


def _decision(entry: RegistryEntry) -> str:
    day = f"{entry.decided_on:%d/%m/%Y}" if entry.decided_on else ""
    return " · ".join(part for part in (entry.decision_number, day) if part)


def _lines(
    entry: RegistryEntry,
    organisation: Organisation,
    product: Product | None,
    *,
    papers: list[Paper],
) -> list[Line]:
    pairs = [
        ("holder", entry.holder, organisation.name),
        ("tax_code", entry.tax_code, organisation.tax_code),
        ("commune", str(entry.commune or ""), str(organisation.commune or "")),
    ]
    if product is not None:
        pairs = [("name", entry.name, product.name), *pairs, ("gtin", entry.gtin, product.gtin)]
    return [*(_line(*pair) for pair in pairs if any(pair[1:])), *_paper_lines(entry, papers)]


def _line(name: str, theirs: str, ours: str) -> Line:
    tone = "still" if not (theirs and ours) else "ok" if fold(theirs) == fold(ours) else "wait"
    if name == "tax_code":
        theirs, ours = shown_code(theirs), shown_code(ours)
    return Line(wording.FIELDS[name], theirs, ours, tone)


def _paper_lines(entry: RegistryEntry, papers: Iterable[Paper]) -> list[Line]:
    awards = [one for one in papers if one.stars]
    shops = [one for one in papers if one.stage]
    lines = []
    if entry.stars or awards:
        decision = decision_key(entry.decision_number)
        same = next((one for one in awards if decision_key(one.number) == decision), None)
        ours = same or next(iter(awards), None)
        tone = "still" if not (entry.stars and ours) else _tone(entry.stars, ours.stars)
        lines.append(Line(wording.FIELDS["stars"], _stars(entry), _award(ours), tone))
    if entry.stage:
        shop = next(iter(shops), None)
        tone = _tone(entry.stage, shop.stage) if shop else "still"
        ours_said = str(shop.get_stage_display()) if shop else ""
        lines.append(Line(wording.FIELDS["stage"], str(entry.get_stage_display()), ours_said, tone))
    return lines


def _tone(theirs: object, ours: object) -> str:
    return "ok" if theirs == ours else "wait"


def _stars(entry: RegistryEntry) -> str:
    stars = f"{entry.stars}★" if entry.stars else ""
    return " · ".join(part for part in (stars, entry.decision_number) if part)


def _award(paper: Paper | None) -> str:
    return f"{paper.stars}★ · {paper.number}" if paper else ""
