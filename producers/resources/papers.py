"""The lists of papers: a producer's own, and those an officer hands in for producers."""

from __future__ import annotations

import dataclasses
from collections.abc import Container, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.accounts.actors import Actor
from core.accounts.enums import OrganisationStatus
from core.accounts.models import Organisation
from core.accounts.taxcode import COMPANY_LENGTH, TaxCodeError, parse
from core.catalogue.typed.outcomes import Quantity
from core.imports.enums import RowOutcome
from core.imports.lookups import PAPER_NAMES, Categories, Communes
from core.imports.reading import AsOfDateField, RowReader, changes_between
from core.imports.registry import Applied, Column, Context, Planned, Row, Text
from core.kernel.errors import IllegalTransitionError, InvalidInputError, NotAllowedError
from core.sheets.cells import Cell
from core.web.typed_fields import TypedQuantityField
from producers import rules, selectors, services
from producers.enums import Market, PaperKind, Platform, StorefrontStage
from producers.models import Paper, Product
from producers.resources.columns import (
    HOLDER,
    MOVED,
    PAPERS,
    PAPERS_HELP,
    PAPERS_NAME,
    PROVINCE_HELP,
    PROVINCE_NAME,
)
from producers.resources.paper_cells import (
    PACKING,
    Key,
    from_plain,
    in_columns,
    input_of,
    key_of,
    mark_of_paper,
    shown,
    to_plain,
    written_key,
)
from producers.resources.products import folded_name
from producers.services import PaperInput

_HECTARES: Final = TypedQuantityField(unit="ha", required=False)
_KILOGRAMS: Final = TypedQuantityField(unit="kg", required=False)
_LONGEST_NAME: Final = 100


class PaperList:
    """A producer's own papers."""

    code = "papers"
    name: Text = PAPERS_NAME
    help: Text = PAPERS_HELP
    columns: Sequence[Column] = PAPERS
    is_for_officers = False
    home = "producers:paper_list"

    def may_use(self, actor: Actor) -> bool:
        """Owners and editors of a producer."""
        return rules.can_sell(actor)

    def plan(self, rows: Sequence[Row], *, context: Context) -> list[Planned]:
        """Compare rows with the papers of the same kind, number, product and first day."""
        readers = [RowReader(row, columns=self.columns) for row in rows]
        batch = _Batch(context, self.holders(readers, context=context))
        return [batch.planned(reader) for reader in readers]

    def holders(self, readers: Sequence[RowReader], *, context: Context) -> dict[int, int]:
        """Return the producer of each row's paper by row number; others are refused."""
        return {reader.row.number: context.organisation_id or 0 for reader in readers}

    def producers(self, context: Context) -> Container[int]:
        """Return for whom papers may be handed in."""
        return {context.organisation_id or 0}

    def apply_all(self, planned: Sequence[Planned], *, context: Context) -> list[Applied]:
        """Hand papers in, and changed ones in again; they wait for an officer."""
        mine = self.producers(context)
        if any(plan.values[0] not in mine for plan in planned):
            raise NotAllowedError(_("This producer is not yours to write for."))
        changes = {plan.ref: plan.values[1] for plan in planned if plan.ref is not None}
        stored = Paper.objects.in_bulk(changes)
        before = {ref: to_plain(input_of(paper)) for ref, paper in stored.items()}
        new = iter(
            services.submit_papers(said=[plan.values for plan in planned if plan.ref is None])
        )
        again = {paper.pk: paper for paper in services.resubmit_papers(changes=changes)}
        papers = [next(new) if plan.ref is None else again[plan.ref] for plan in planned]
        return [
            Applied(ref=paper.pk, mark=mark_of_paper(paper), before=before.get(paper.pk, {}))
            for paper in papers
        ]

    def undo_all(self, applied: Sequence[Applied], *, context: Context) -> None:
        """Take back what was handed in, hand the former papers in again."""
        mine = self.producers(context)
        stored = Paper.objects.in_bulk([one.ref for one in applied])
        for one in applied:
            paper = stored.get(one.ref)
            if paper is None or paper.producer_id not in mine or mark_of_paper(paper) != one.mark:
                raise IllegalTransitionError(str(MOVED))
        services.remove_papers(paper_ids=[one.ref for one in applied if not one.before])
        services.resubmit_papers(
            changes={one.ref: from_plain(one.before) for one in applied if one.before}
        )

    def export(self, *, context: Context) -> Iterator[Mapping[str, Cell]]:
        """Yield the producer's papers."""
        for paper in selectors.papers_of(context.organisation_id or 0).iterator(2000):
            yield shown(paper)


class ProvincePaperList(PaperList):
    """What an officer hands in for the producers of the province."""

    code = "papers_of_province"
    name: Text = PROVINCE_NAME
    help: Text = PROVINCE_HELP
    columns: Sequence[Column] = (HOLDER, *PAPERS)
    is_for_officers = True
    home = "producers:officer_papers"

    def may_use(self, actor: Actor) -> bool:
        """Officers with a second factor."""
        return actor.is_officer and actor.has_second_factor

    def plan(self, rows: Sequence[Row], *, context: Context) -> list[Planned]:
        """Compare as for one producer, and say of each row whose paper it is."""
        plans = super().plan(rows, context=context)
        codes = {row.number: _tax_code(RowReader(row, columns=self.columns)) for row in rows}
        found = _producers_of(context.province_id).filter(tax_code__in=set(codes.values()) - {""})
        names = dict(found.values_list("tax_code", "name"))
        return [_with_holder(plan, code=codes[plan.number], names=names) for plan in plans]

    def holders(self, readers: Sequence[RowReader], *, context: Context) -> dict[int, int]:
        """Find the producers of the province by tax code."""
        codes = {reader.row.number: _tax_code(reader) for reader in readers}
        known = dict(
            _producers_of(context.province_id)
            .filter(tax_code__in=[code for code in codes.values() if code])
            .values_list("tax_code", "pk")
        )
        for reader in readers:
            code = codes[reader.row.number]
            if code and code not in known:
                words = _("No producer of your province has this tax code in the portal.")
                reader.refuse("tax_code", words)
        return {number: known[code] for number, code in codes.items() if code in known}

    def producers(self, context: Context) -> Container[int]:
        """Return the approved producers of the province."""
        return set(_producers_of(context.province_id).values_list("pk", flat=True))

    def export(self, *, context: Context) -> Iterator[Mapping[str, Cell]]:
        """Yield the papers of the province's producers."""
        holders = _producers_of(context.province_id)
        papers = (
            Paper.objects.filter(producer__organisation__in=holders)
            .select_related("product", "crop", "commune", "producer__organisation")
            .order_by("pk")
        )
        for paper in papers.iterator(2000):
            yield {"tax_code": paper.producer.organisation.tax_code, **shown(paper)}


class _Batch:
    """What the rows of one batch have in common."""

    def __init__(self, context: Context, holders: Mapping[int, int]) -> None:
        self.context, self.holders = context, holders
        self.categories, self.communes = Categories(with_sets=True), Communes()
        ids = set(holders.values())
        products = Product.objects.filter(producer__in=ids, is_archived=False)
        self.products = {(p.producer_id, p.name_folded): p for p in products}
        self.lookups = services.PaperLookups(products=[(p.producer_id, p.pk) for p in products])
        papers = Paper.objects.filter(producer__in=ids).select_related("crop", "commune", "product")
        self.papers = {key_of(paper.producer_id, input_of(paper)): paper for paper in papers}

    def planned(self, reader: RowReader) -> Planned:
        """Say what one row would do."""
        holder = self.holders.get(reader.row.number)
        label = f"{reader.text('kind')} {reader.code('number')}".strip()
        values = self._values(reader, holder) if holder is not None else None
        if holder is None or values is None:
            return reader.planned_refusal(label=label)
        key = key_of(holder, values)
        stored = self._stored(key, reader)
        values = self._completed(reader, values, stored, holder=holder)
        if stored is None or values != input_of(stored):
            _check(reader, values, holder=holder, stored=stored, lookups=self.lookups)
        if reader.is_refused:
            return reader.planned_refusal(key=written_key(key), label=label)
        changes = changes_between(
            shown(stored) if stored else {}, self._shown(values, reader.text("product"))
        )
        same = RowOutcome.CHANGED if changes else RowOutcome.UNCHANGED
        return Planned(
            number=reader.row.number,
            outcome=same if stored else RowOutcome.NEW,
            key=written_key(key),
            label=label,
            changes=changes,
            ref=stored.pk if stored else None,
            mark=mark_of_paper(stored) if stored else "",
            values=(holder, values),
        )

    def _values(self, reader: RowReader, holder: int) -> PaperInput | None:
        """Read what a paper is recognised by."""
        kind = reader.choice("kind", PaperKind, known_as=PAPER_NAMES)
        first = reader.typed("valid_from", AsOfDateField(today=self.context.as_of, end="first"))
        product = None
        if name := reader.text("product"):
            product = self.products.get((holder, folded_name(name)))
            if product is None:
                words = _("The producer has no product “%(name)s”. Add the product first.")
                reader.refuse("product", words % {"name": name[:60]})
        if not kind or first is None:
            return None
        named = reader.text("crop")
        crop = self.categories.read(reader, key="crop", name="") if named else None
        return PaperInput(
            kind=kind,
            number=reader.code("number"),
            issuer=reader.text("issuer"),
            valid_from=first,
            product_id=product.pk if product else None,
            crop_id=crop.pk if crop else None,
        )

    def _stored(self, key: Key, reader: RowReader) -> Paper | None:
        """Return the paper a row means; a list without crops may mean a facility's only one."""
        if key in self.papers or key[1] != PACKING or reader.has("crop"):
            return self.papers.get(key)
        alike = [paper for known, paper in self.papers.items() if known[:-1] == key[:-1]]
        return alike[0] if len(alike) == 1 else None

    def _completed(
        self, reader: RowReader, values: PaperInput, stored: Paper | None, *, holder: int
    ) -> PaperInput:
        """Read the rest; what the file does not have stays as stored."""
        kept = input_of(stored) if stored else values
        day = AsOfDateField(today=self.context.as_of, end="last", required=False)
        full = dataclasses.replace(
            values,
            valid_to=reader.typed("valid_to", day, otherwise=kept.valid_to),
            stars=reader.whole("stars", otherwise=kept.stars),
            score=_decimal(reader, "score", kept.score),
            market=reader.choice("market", Market, otherwise=kept.market),
            area_ha=reader.typed("area_ha", _HECTARES, otherwise=kept.area_ha),
            daily_capacity_kg=reader.typed(
                "daily_capacity_kg", _KILOGRAMS, otherwise=kept.daily_capacity_kg
            ),
            crop_id=values.crop_id if reader.has("crop") else kept.crop_id,
            lot=reader.code("lot", otherwise=kept.lot),
            households=reader.whole("households", otherwise=kept.households),
            commune_id=self._commune(reader, kept, holder=holder),
            platform=reader.choice("platform", Platform, otherwise=kept.platform),
            stage=reader.choice("stage", StorefrontStage, otherwise=kept.stage),
            test_report_on=reader.typed("test_report_on", day, otherwise=kept.test_report_on),
            test_lab=reader.text("test_lab", otherwise=kept.test_lab),
            evidence_url=reader.text("evidence_url", otherwise=kept.evidence_url),
        )
        return dataclasses.replace(full, valid_to=services.last_day_of(full))

    def _commune(self, reader: RowReader, kept: PaperInput, *, holder: int) -> int | None:
        """Return the commune of a commitment; empty is the holder's own."""
        if not reader.has("commune"):
            return kept.commune_id
        near = self.lookups.province_of(holder)
        named = self.communes.read(reader, key="commune", province_id=near)
        is_own = named is None and kept.kind == PaperKind.SAFE_COMMITMENT
        return self.lookups.commune_of(holder) if is_own else named.pk if named else None

    def _shown(self, values: PaperInput, product: str) -> dict[str, Cell]:
        crop = self.categories.name_of(values.crop_id)
        commune = self.communes.name_of(values.commune_id)
        return in_columns(values, product=product, crop=crop, commune=commune)


def _check(
    reader: RowReader,
    values: PaperInput,
    *,
    holder: int,
    stored: Paper | None,
    lookups: services.PaperLookups,
) -> None:
    if stored is not None and not services.can_be_changed(stored):
        words = _("This paper was decided on, so it stays. A new one has another first day.")
        reader.refuse("number", words)
    try:
        services.check_paper(producer_id=holder, values=values, lookups=lookups)
    except InvalidInputError as error:
        reader.refuse_all(error)


def _decimal(reader: RowReader, key: str, otherwise: Decimal | None) -> Decimal | None:
    field = TypedQuantityField(required=False)
    found = reader.typed(key, field, otherwise=otherwise)
    return found.amount if isinstance(found, Quantity) else otherwise if found else None


def _tax_code(reader: RowReader) -> str:
    """Return a tax code; one that a spreadsheet kept as a number gets its zeros back."""
    written = reader.code("tax_code", digits=COMPANY_LENGTH)
    if not written:
        return ""
    try:
        return parse(written).value
    except TaxCodeError as error:
        reader.refuse("tax_code", str(error.message))
        return ""


def _with_holder(plan: Planned, *, code: str, names: Mapping[str, str]) -> Planned:
    """Say whose paper it is; a code that is nobody's is shown as it stands."""
    said = (names.get(code, "")[:_LONGEST_NAME], code, plan.label)
    return dataclasses.replace(plan, label=" · ".join(one for one in said if one))


def _producers_of(province_id: int | None) -> QuerySet[Organisation]:
    return Organisation.objects.filter(
        province=province_id or 0, is_producer=True, status=OrganisationStatus.APPROVED
    )
