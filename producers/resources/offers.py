"""The list of a producer's offers: drafts, and those on the market."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext

from core.accounts.actors import Actor
from core.accounts.models import Organisation
from core.catalogue.enums import StorageClass
from core.imports.enums import RowOutcome
from core.imports.lookups import Provinces, Units
from core.imports.reading import AsOfDateField, RowReader, changes_between, yes_or_no
from core.imports.registry import Applied, Context, Planned, Row, Text, mark_of
from core.kernel.errors import IllegalTransitionError, InvalidInputError
from core.kernel.text import clean_lines
from core.sheets.cells import Cell
from core.web.typed_fields import TypedMoneyField, TypedQuantityField
from core.web.typed_settling import Settler
from producers import rules, selectors, services
from producers.enums import OfferStatus
from producers.models import Product, SupplyOffer
from producers.resources.columns import MOVED, OFFERS, OFFERS_HELP, OFFERS_NAME
from producers.resources.products import folded_name
from producers.services import OfferInput

_OPEN: Final = (OfferStatus.DRAFT, OfferStatus.PUBLISHED)
_AMOUNTS: Final = ("quantity", "pack_size", "weekly_capacity", "minimum_lot")


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferRow:
    """An offer as a row says it; `publish` asks for a draft to go on the market."""

    values: OfferInput
    publish: bool


class OfferList:
    """Offers by product and first day."""

    code = "offers"
    name: Text = OFFERS_NAME
    help: Text = OFFERS_HELP
    columns = OFFERS
    is_for_officers = False
    home = "producers:offer_list"

    def may_use(self, actor: Actor) -> bool:
        """Owners and editors of a producer."""
        return rules.can_sell(actor)

    def plan(self, rows: Sequence[Row], *, context: Context) -> list[Planned]:
        """Compare rows with the open offers of the same product and first day."""
        batch = _Batch(context)
        readers = [RowReader(row, columns=OFFERS) for row in rows]
        batch.load({folded_name(reader.text("product")) for reader in readers})
        return [batch.planned(reader) for reader in readers]

    def apply_all(self, planned: Sequence[Planned], *, context: Context) -> list[Applied]:
        """Write drafts and revise offers; put on the market what the rows want there."""
        producer_id = context.organisation_id or 0
        changes = {plan.ref: plan.values.values for plan in planned if plan.ref is not None}
        before = {
            ref: _plain(input_of(stored)) | {"status": stored.status}
            for ref, stored in SupplyOffer.objects.in_bulk(changes).items()
        }
        drafts = services.add_offer_drafts(
            producer_id=producer_id,
            values=[plan.values.values for plan in planned if plan.ref is None],
        )
        revised = services.revise_offers(producer_id=producer_id, changes=changes)
        now, new = {offer.pk: offer for offer in revised}, iter(drafts)
        offers = [next(new) if plan.ref is None else now[plan.ref] for plan in planned]
        offers = _on_market(offers, wanted=[plan.values.publish for plan in planned])
        return [
            Applied(ref=offer.pk, mark=_mark(offer), before=before.get(offer.pk, {}))
            for offer in offers
        ]

    def undo_all(self, applied: Sequence[Applied], *, context: Context) -> None:
        """Take what was put on the market off it, delete drafts, revise changes back."""
        producer_id = context.organisation_id or 0
        stored = selectors.offers_of(producer_id).in_bulk([one.ref for one in applied])
        if any(one.ref not in stored or _mark(stored[one.ref]) != one.mark for one in applied):
            raise IllegalTransitionError(str(MOVED))
        to_withdraw: list[int] = []
        to_delete: list[int] = []
        changes: dict[int, OfferInput] = {}
        for one in applied:
            was = dict(one.before)
            status = was.pop("status", "")
            if stored[one.ref].status == OfferStatus.PUBLISHED and status != OfferStatus.PUBLISHED:
                to_withdraw.append(one.ref)
            elif was:
                changes[one.ref] = _from_plain(was)
            else:
                to_delete.append(one.ref)
        services.withdraw_supply_offers(offer_ids=to_withdraw)
        services.delete_offer_drafts(offer_ids=to_delete)
        services.revise_offers(producer_id=producer_id, changes=changes)

    def export(self, *, context: Context) -> Iterator[Mapping[str, Cell]]:
        """Yield the open offers, newest first."""
        provinces, units = Provinces(), Units(selectors.offer_units())
        offers = selectors.offers_of(context.organisation_id or 0).filter(status__in=_OPEN)
        for offer in offers.iterator(2000):
            row = OfferRow(values=input_of(offer), publish=offer.status == OfferStatus.PUBLISHED)
            yield shown(row, product=offer.product.name, units=units, provinces=provinces)


def input_of(offer: SupplyOffer) -> OfferInput:
    """Return a stored offer as it would be typed."""
    names = [field.name for field in dataclasses.fields(OfferInput)]
    return OfferInput(**{name: getattr(offer, name) for name in names})


def shown(row: OfferRow, *, product: str, units: Units, provinces: Provinces) -> dict[str, Cell]:
    """Return an offer in the template's columns."""
    values = row.values
    unit, content = units.by_id.get(values.unit_id), units.by_id.get(values.pack_unit_id or 0)
    return {
        "product": product,
        "quantity": _number(values.quantity),
        "unit": unit.name if unit else "",
        "pack_size": _number(values.pack_size),
        "pack_unit": content.name if content else "",
        "price_vnd": "" if values.price_vnd is None else Decimal(values.price_vnd),
        "available_from": values.available_from,
        "available_to": values.available_to,
        "weekly_capacity": _number(values.weekly_capacity),
        "minimum_lot": _number(values.minimum_lot),
        "storage": str(StorageClass(values.storage).label) if values.storage else "",
        "origin_province": provinces.name_of(values.origin_province_id),
        "note": values.note,
        "publish": yes_or_no(value=row.publish),
    }


class _Batch:
    """What the rows of one batch have in common: products, units, places, stored offers."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.producer_id = context.organisation_id or 0
        self.units, self.provinces = Units(selectors.offer_units()), Provinces()
        self.organisation = Organisation.objects.get(pk=self.producer_id)
        self.products: dict[str, Product] = {}
        self.lookups = services.OfferLookups()
        self.offers: dict[tuple[int, dt.date], list[SupplyOffer]] = {}

    def load(self, names: set[str]) -> None:
        """Read the products of these folded names and their open offers."""
        found = selectors.products_of(self.producer_id).filter(name_folded__in=names)
        self.products = {product.name_folded: product for product in found}
        self.lookups = services.OfferLookups(products=found)
        products = [product.pk for product in found]
        offers = selectors.offers_of(self.producer_id).filter(
            product__in=products, status__in=_OPEN
        )
        for offer in offers:
            self.offers.setdefault((offer.product_id, offer.available_from), []).append(offer)

    def planned(self, reader: RowReader) -> Planned:
        """Say what one row would do."""
        name = reader.text("product")
        product = self.products.get(folded_name(name))
        if product is None and name:
            words = gettext("You have no product “%(name)s” yet. Import your products first.")
            reader.refuse("product", words % {"name": name[:60]})
        first = reader.typed("available_from", AsOfDateField(today=self.context.as_of, end="first"))
        if product is None or first is None:
            return reader.planned_refusal(label=name)
        key = f"{product.pk} {first.isoformat()}"
        stored = self.offers.get((product.pk, first), [])
        if len(stored) > 1:
            reader.refuse(
                "product", gettext("Several open offers begin on this day. Change them one by one.")
            )
        row = self.row(reader, product, first, stored[0] if stored else None)
        if row is None or reader.is_refused:
            return reader.planned_refusal(key=key, label=name)
        return self._outcome(reader, row, product, stored[0] if stored else None)

    def _outcome(
        self, reader: RowReader, row: OfferRow, product: Product, stored: SupplyOffer | None
    ) -> Planned:
        is_on = stored is not None and stored.status == OfferStatus.PUBLISHED
        row = dataclasses.replace(row, publish=row.publish or is_on)
        old = OfferRow(values=input_of(stored), publish=is_on) if stored else None
        if row != old:
            self._check(reader, row)
        if reader.is_refused:
            return reader.planned_refusal(label=product.name)
        changes = changes_between(
            self._shown(old, product) if old else {}, self._shown(row, product)
        )
        same = RowOutcome.CHANGED if changes else RowOutcome.UNCHANGED
        return Planned(
            number=reader.row.number,
            outcome=same if stored else RowOutcome.NEW,
            key=f"{product.pk} {row.values.available_from.isoformat()}",
            label=product.name,
            changes=changes,
            ref=stored.pk if stored else None,
            mark=_mark(stored) if stored else "",
            values=row,
        )

    def _shown(self, row: OfferRow, product: Product) -> dict[str, Cell]:
        return shown(row, product=product.name, units=self.units, provinces=self.provinces)

    def _check(self, reader: RowReader, row: OfferRow) -> None:
        if row.publish and not self.organisation.is_approved:
            words = gettext(
                "Your organisation waits for approval. Write no here; publish it after that."
            )
            reader.refuse("publish", words)
        try:
            services.check_offer(
                producer_id=self.producer_id, values=row.values, lookups=self.lookups
            )
        except InvalidInputError as error:
            reader.refuse_all(error)

    def row(
        self, reader: RowReader, product: Product, first: dt.date, stored: SupplyOffer | None
    ) -> OfferRow | None:
        """Read the cells; what the file does not have stays as stored."""
        kept = input_of(stored) if stored else None
        data = self._amounts(reader, kept)
        last = reader.typed(
            "available_to",
            AsOfDateField(today=self.context.as_of, end="last"),
            otherwise=kept.available_to if kept else None,
        )
        province_id = self.provinces.read(reader, key="origin_province")
        if province_id is None and not reader.text("origin_province"):
            province_id = kept.origin_province_id if kept else self.organisation.province_id
        storage = reader.choice("storage", StorageClass, otherwise=kept.storage if kept else "")
        publish = reader.flag("publish")
        if reader.is_refused or last is None or data["unit"] is None:
            return None
        pack_unit = data["pack_unit"] if data["unit"].to_base is None else None
        values = OfferInput(
            product_id=product.pk,
            quantity=data["quantity"],
            unit_id=data["unit"].pk,
            available_from=first,
            available_to=last,
            pack_size=data["pack_size"] if pack_unit else None,
            pack_unit_id=pack_unit.pk if pack_unit else None,
            weekly_capacity=data["weekly_capacity"],
            minimum_lot=data["minimum_lot"],
            price_vnd=data["price_vnd"],
            storage=storage or product.storage,
            origin_province_id=province_id,
            origin_commune_id=self._commune(kept, province_id),
            note=clean_lines(reader.lines("note", otherwise=kept.note if kept else "")),
        )
        return OfferRow(values=values, publish=publish)

    def _commune(self, kept: OfferInput | None, province_id: int | None) -> int | None:
        """Keep the commune while the province stays the same."""
        if kept is not None:
            return kept.origin_commune_id if kept.origin_province_id == province_id else None
        is_home = province_id == self.organisation.province_id
        return self.organisation.commune_id if is_home else None

    def _amounts(self, reader: RowReader, kept: OfferInput | None) -> dict[str, Any]:
        data: dict[str, Any] = {
            name: reader.typed(
                name,
                TypedQuantityField(required=name == "quantity"),
                otherwise=getattr(kept, name, None),
            )
            for name in _AMOUNTS
        }
        data["price_vnd"] = reader.typed(
            "price_vnd", TypedMoneyField(required=False), otherwise=getattr(kept, "price_vnd", None)
        )
        for name, field in (("unit", "unit_id"), ("pack_unit", "pack_unit_id")):
            data[name] = self.units.read(reader, key=name)
            if not reader.has(name) and kept is not None:
                data[name] = self.units.by_id.get(getattr(kept, field) or 0)
        Settler(
            lots=("weekly_capacity", "minimum_lot"),
            price="price_vnd",
            row=lambda _name, code: self.units.of_code(code),
            refuse=reader.refuse,
            is_refused=lambda name: name in reader.refused,
        ).settle(data)
        return data


def _on_market(offers: Sequence[SupplyOffer], *, wanted: Sequence[bool]) -> list[SupplyOffer]:
    """Publish the drafts that are wanted on the market; return all in their order."""
    drafts = [
        offer.pk
        for offer, is_wanted in zip(offers, wanted, strict=True)
        if is_wanted and offer.status == OfferStatus.DRAFT
    ]
    published = {one.pk: one for one in services.publish_supply_offers(offer_ids=drafts)}
    return [published.get(offer.pk, offer) for offer in offers]


def _mark(offer: SupplyOffer) -> str:
    said = {name: _canonical(value) for name, value in dataclasses.asdict(input_of(offer)).items()}
    return mark_of(said | {"status": offer.status})


def _canonical(value: object) -> object:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value


def _number(value: Decimal | None) -> Cell:
    return "" if value is None else value.normalize()


def _plain(values: OfferInput) -> dict[str, Any]:
    """Return values as JSON can keep them."""
    found = dataclasses.asdict(values)
    return {
        name: str(value) if isinstance(value, Decimal | dt.date) else value
        for name, value in found.items()
    }


def _from_plain(plain: Mapping[str, Any]) -> OfferInput:
    values = dict(plain)
    for name in _AMOUNTS:
        values[name] = Decimal(values[name]) if values[name] is not None else None
    for name in ("available_from", "available_to"):
        values[name] = dt.date.fromisoformat(values[name])
    return OfferInput(**values)
