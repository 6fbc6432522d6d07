"""The list of a buyer's demand requests: drafts, and those on the market."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from buyers import rules, services
from buyers.enums import QuantityPeriod, RequestStatus
from buyers.models import DemandRequest
from buyers.resources.columns import REQUESTS
from buyers.services import RequestTerms
from core.accounts.actors import Actor
from core.accounts.models import Organisation
from core.catalogue.enums import Market, PaperKind, StorageClass
from core.catalogue.models import Unit
from core.imports.enums import RowOutcome
from core.imports.lookups import PAPER_NAMES, Categories, Provinces, Units
from core.imports.reading import AsOfDateField, RowReader, changes_between, yes_or_no
from core.imports.registry import Applied, Context, Planned, Row, Text, mark_of
from core.kernel.errors import IllegalTransitionError, InvalidInputError
from core.kernel.quantity import Dimension
from core.kernel.text import clean_lines, fold
from core.sheets.cells import Cell
from core.web.typed_fields import TypedMoneyField, TypedQuantityField
from core.web.typed_settling import Settler

_OPEN: Final = (RequestStatus.DRAFT, RequestStatus.PUBLISHED)
_COUNTED: Final = (
    Dimension.MASS, Dimension.VOLUME, Dimension.COUNT, Dimension.PACK, Dimension.LOAD,
)  # fmt: skip
_MOVED: Final = gettext_lazy("It was changed after the import, so it stays as it is now.")
Key = tuple[str, dt.date, int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRow:
    """A request as a row says it; `publish` asks for a draft to go on the market."""

    terms: RequestTerms
    publish: bool


class RequestList:
    """Requests by words, first day and province of delivery."""

    code = "requests"
    name: Text = gettext_lazy("My requests")
    help: Text = gettext_lazy(
        "One row is one request. It is recognised by its words, its first day and the province of "
        "delivery; requests that are closed or past are left alone."
    )
    columns = REQUESTS
    is_for_officers = False
    home = "buyers:request_list"

    def may_use(self, actor: Actor) -> bool:
        """Owners and editors of a buyer."""
        return rules.can_prepare(actor)

    def plan(self, rows: Sequence[Row], *, context: Context) -> list[Planned]:
        """Compare rows with the open requests of the same words, day and province."""
        batch = _Batch(context)
        readers = [RowReader(row, columns=REQUESTS) for row in rows]
        batch.load({fold(reader.text("words")) for reader in readers})
        return [batch.planned(reader) for reader in readers]

    def apply_all(self, planned: Sequence[Planned], *, context: Context) -> list[Applied]:
        """Write drafts and revise requests; put on the market what the rows want there."""
        changes = {plan.ref: plan.values.terms for plan in planned if plan.ref is not None}
        before = {
            ref: _plain(services.terms_of(stored)) | {"status": stored.status}
            for ref, stored in _stored(changes).items()
        }
        drafts = services.add_request_drafts(
            group_id=context.organisation_id or 0,
            terms=[plan.values.terms for plan in planned if plan.ref is None],
        )
        services.revise_demand_requests(changes=changes)
        new = iter(drafts)
        ids = [next(new).pk if plan.ref is None else plan.ref for plan in planned]
        wanted = [pk for pk, plan in zip(ids, planned, strict=True) if plan.values.publish]
        services.publish_demand_requests(request_ids=wanted)
        now = _stored(ids)
        return [Applied(ref=pk, mark=_mark(now[pk]), before=before.get(pk, {})) for pk in ids]

    def undo_all(self, applied: Sequence[Applied], *, context: Context) -> None:
        """Close what was put on the market, discard drafts, revise changes back."""
        stored = _stored([one.ref for one in applied], group_id=context.organisation_id or 0)
        if any(one.ref not in stored or _mark(stored[one.ref]) != one.mark for one in applied):
            raise IllegalTransitionError(str(_MOVED))
        to_close: list[int] = []
        to_discard: list[int] = []
        changes: dict[int, RequestTerms] = {}
        for one in applied:
            was = dict(one.before)
            status = was.pop("status", "")
            is_on = stored[one.ref].status == RequestStatus.PUBLISHED
            if is_on and status != RequestStatus.PUBLISHED:
                to_close.append(one.ref)
            elif was:
                changes[one.ref] = _from_plain(was)
            else:
                to_discard.append(one.ref)
        services.close_demand_requests(request_ids=to_close)
        services.discard_request_drafts(request_ids=to_discard)
        services.revise_demand_requests(changes=changes)

    def export(self, *, context: Context) -> Iterator[Mapping[str, Cell]]:
        """Yield the open requests, newest first."""
        batch = _Batch(context)
        for request in _open_of(context.organisation_id or 0).order_by("-pk").iterator(2000):
            is_on = request.status == RequestStatus.PUBLISHED
            yield batch.shown(RequestRow(terms=services.terms_of(request), publish=is_on))


class _Batch:
    """What the rows of one batch have in common: kinds, units, places, stored requests."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.group_id = context.organisation_id or 0
        self.categories, self.provinces = Categories(), Provinces()
        self.units = Units(Unit.objects.filter(dimension__in=_COUNTED))
        self.organisation = Organisation.objects.get(pk=self.group_id)
        self.lookups = services.RequestLookups(category_ids=self.categories.by_id)
        self.stored: dict[Key, list[DemandRequest]] = {}

    def load(self, words: set[str]) -> None:
        """Read the open requests of these folded words."""
        for request in _open_of(self.group_id).filter(words_folded__in=words):
            key = (request.words_folded, request.needed_from, request.delivery_province_id)
            self.stored.setdefault(key, []).append(request)

    def planned(self, reader: RowReader) -> Planned:
        """Say what one row would do."""
        label = reader.text("words")
        first = reader.typed("needed_from", AsOfDateField(today=self.context.as_of, end="first"))
        province_id = self.provinces.read(reader, key="delivery_province")
        if not reader.text("delivery_province"):
            province_id = self.organisation.province_id
        if first is None or province_id is None or reader.is_refused:
            return reader.planned_refusal(label=label)
        key = (fold(label), first, province_id)
        written = " ".join(str(part) for part in key)
        found = self.stored.get(key, [])
        if len(found) > 1:
            words = _("Several open requests say the same from this day. Change them one by one.")
            reader.refuse("words", words)
        stored = found[0] if found else None
        row = self._row(reader, key, stored)
        if row is None or reader.is_refused:
            return reader.planned_refusal(key=written, label=label)
        return self._outcome(reader, row, stored, key=written)

    def _outcome(
        self, reader: RowReader, row: RequestRow, stored: DemandRequest | None, *, key: str
    ) -> Planned:
        is_on = stored is not None and stored.status == RequestStatus.PUBLISHED
        row = dataclasses.replace(row, publish=row.publish or is_on)
        old = RequestRow(terms=services.terms_of(stored), publish=is_on) if stored else None
        if row != old:
            self._check(reader, row, stored)
        if reader.is_refused:
            return reader.planned_refusal(key=key, label=row.terms.words)
        changes = changes_between(self.shown(old) if old else {}, self.shown(row))
        same = RowOutcome.CHANGED if changes else RowOutcome.UNCHANGED
        return Planned(
            number=reader.row.number,
            outcome=same if stored else RowOutcome.NEW,
            key=key,
            label=row.terms.words,
            changes=changes,
            ref=stored.pk if stored else None,
            mark=_mark(stored) if stored else "",
            values=row,
        )

    def _check(self, reader: RowReader, row: RequestRow, stored: DemandRequest | None) -> None:
        if row.publish and not self.organisation.is_approved:
            words = _("Your organisation waits for approval. Write no here; publish it after that.")
            reader.refuse("publish", words)
        known = stored.needed_from if stored else None
        try:
            services.check_terms(
                row.terms, group_id=self.group_id, known_first=known, lookups=self.lookups
            )
        except InvalidInputError as error:
            reader.refuse_all(error)

    def _row(self, reader: RowReader, key: Key, stored: DemandRequest | None) -> RequestRow | None:
        kept = services.terms_of(stored) if stored else None
        category_id = kept.category_id if kept and not reader.text("category") else None
        if category_id is None:
            category = self.categories.read(reader, key="category", name=reader.text("words"))
            category_id = category.pk if category else None
        said: dict[str, Any] = self._amounts(reader, kept) | self._conditions(reader, kept)
        publish = reader.flag("publish")
        last = reader.typed(
            "needed_to",
            AsOfDateField(today=self.context.as_of, end="last"),
            otherwise=kept.needed_to if kept else None,
        )
        if reader.is_refused or last is None or category_id is None or not said["unit_id"]:
            return None
        terms = RequestTerms(
            words=reader.text("words"),
            category_id=category_id,
            needed_from=key[1],
            needed_to=last,
            delivery_province_id=key[2] or 0,
            banner_id=kept.banner_id if kept else None,
            outlet_ids=kept.outlet_ids if kept else (),
            preferred_papers=kept.preferred_papers if kept else (),
            **said,
        )
        return RequestRow(terms=terms, publish=publish)

    def _amounts(self, reader: RowReader, kept: RequestTerms | None) -> dict[str, Any]:
        data: dict[str, Any] = {
            name: reader.typed(
                name,
                TypedQuantityField(required=name == "quantity"),
                otherwise=getattr(kept, name, None),
            )
            for name in ("quantity", "pack_size")
        }
        price = TypedMoneyField(required=False)
        data["price_ceiling_vnd"] = reader.typed(
            "price_ceiling_vnd", price, otherwise=getattr(kept, "price_ceiling_vnd", None)
        )
        for name in ("unit", "pack_unit"):
            data[name] = self.units.read(reader, key=name)
            if not reader.has(name) and kept is not None:
                data[name] = self.units.by_id.get(getattr(kept, f"{name}_id") or 0)
        Settler(
            lots=(),
            price="price_ceiling_vnd",
            row=lambda _name, code: self.units.of_code(code),
            refuse=reader.refuse,
            is_refused=lambda name: name in reader.refused,
        ).settle(data)
        unit, content = data.pop("unit"), data.pop("pack_unit")
        is_packed = unit is not None and unit.to_base is None and data["pack_size"] is not None
        data["pack_size"] = data["pack_size"] if is_packed else None
        data["unit_id"] = unit.pk if unit else None
        data["pack_unit_id"] = content.pk if content and is_packed else None
        return data

    def _conditions(self, reader: RowReader, kept: RequestTerms | None) -> dict[str, Any]:
        period = reader.choice("period", QuantityPeriod, otherwise=kept.period if kept else "")
        market = reader.choice("market", Market, otherwise=kept.market if kept else "")
        stars = reader.whole("minimum_stars", otherwise=kept.minimum_stars if kept else 0)
        return {
            "period": period or QuantityPeriod.TOTAL.value,
            "market": market or Market.DOMESTIC.value,
            "minimum_stars": stars or 0,
            "required_papers": _papers(reader, kept),
            "storage": reader.choice(
                "storage", StorageClass, otherwise=kept.storage if kept else ""
            ),
            "needs_invoice": reader.flag(
                "needs_invoice", otherwise=bool(kept and kept.needs_invoice)
            ),
            "needs_barcode": reader.flag(
                "needs_barcode", otherwise=bool(kept and kept.needs_barcode)
            ),
            "note": clean_lines(reader.lines("note", otherwise=kept.note if kept else "")),
        }

    def shown(self, row: RequestRow) -> dict[str, Cell]:
        """Return a request in the template's columns."""
        terms = row.terms
        unit = self.units.by_id.get(terms.unit_id)
        content = self.units.by_id.get(terms.pack_unit_id or 0)
        category = self.categories.by_id.get(terms.category_id)
        price = terms.price_ceiling_vnd
        return {
            "words": terms.words,
            "category": category.name if category else "",
            "quantity": terms.quantity.normalize(),
            "unit": unit.name if unit else "",
            "pack_size": "" if terms.pack_size is None else terms.pack_size.normalize(),
            "pack_unit": content.name if content else "",
            "period": str(QuantityPeriod(terms.period).label),
            "price_ceiling_vnd": "" if price is None else Decimal(price),
            "needed_from": terms.needed_from,
            "needed_to": terms.needed_to,
            "delivery_province": self.provinces.name_of(terms.delivery_province_id),
            "minimum_stars": str(terms.minimum_stars),
            "required_papers": "; ".join(str(PaperKind(p).label) for p in terms.required_papers),
            "market": str(Market(terms.market).label),
            "storage": str(StorageClass(terms.storage).label) if terms.storage else "",
            "needs_invoice": yes_or_no(value=terms.needs_invoice),
            "needs_barcode": yes_or_no(value=terms.needs_barcode),
            "note": terms.note,
            "publish": yes_or_no(value=row.publish),
        }


def _papers(reader: RowReader, kept: RequestTerms | None) -> tuple[str, ...]:
    if not reader.has("required_papers"):
        return kept.required_papers if kept else ()
    found: list[str] = []
    for part in reader.text("required_papers").replace(",", ";").split(";"):
        one = Row(number=reader.row.number, cells={"required_papers": part.strip()})
        part_reader = RowReader(one, columns=[c for c in REQUESTS if c.key == "required_papers"])
        if code := part_reader.choice("required_papers", PaperKind, known_as=PAPER_NAMES):
            found.append(code)
        reader.reasons += part_reader.reasons
    return tuple(sorted(set(found)))


def _open_of(group_id: int) -> QuerySet[DemandRequest]:
    found = DemandRequest.objects.filter(group=group_id, status__in=_OPEN)
    return found.prefetch_related("outlets")


def _stored(ids: Iterable[int], **of: int) -> dict[int, DemandRequest]:
    """Return requests by id, with their outlets."""
    found = DemandRequest.objects.filter(pk__in=list(ids), **of).prefetch_related("outlets")
    return {request.pk: request for request in found}


def _mark(request: DemandRequest) -> str:
    said = {
        name: f"{value.normalize():f}" if isinstance(value, Decimal) else value
        for name, value in dataclasses.asdict(services.terms_of(request)).items()
    }
    return mark_of(said | {"status": request.status})


def _plain(terms: RequestTerms) -> dict[str, Any]:
    return {
        name: str(value) if isinstance(value, Decimal | dt.date) else value
        for name, value in dataclasses.asdict(terms).items()
    }


def _from_plain(plain: Mapping[str, Any]) -> RequestTerms:
    values = dict(plain)
    for name in ("quantity", "pack_size"):
        values[name] = Decimal(values[name]) if values[name] is not None else None
    for name in ("needed_from", "needed_to"):
        values[name] = dt.date.fromisoformat(values[name])
    for name in ("outlet_ids", "required_papers", "preferred_papers"):
        values[name] = tuple(values[name])
    return RequestTerms(**values)
