"""Every kind does many rows in a few statements, and leaves the traces one row leaves."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from buyers.models import DemandRequest
from core.imports import services
from core.kernel import clock
from core.kernel.errors import InvalidInputError
from core.outbox.models import OutboxMessage
from producers.models import Paper, Product, RegistryEntry, SupplyOffer
from tests.factories.accounts import province
from tests.factories.buyers import BuyerGroupFactory
from tests.factories.producers import ProductFactory, unit
from tests.integration.imports.conftest import (
    applied,
    checked,
    counts,
    csv,
    reasons,
    undone,
    work_off,
)

pytestmark = pytest.mark.django_db
FROM = clock.today() + dt.timedelta(days=10)
DAYS = (f"{FROM:%d/%m/%Y}", f"{FROM + dt.timedelta(days=30):%d/%m/%Y}")
FEW, MANY = 3, 15
LISTS = {
    "products": (
        ("Tên sản phẩm", "Loại", "Hạn sử dụng"),
        lambda n, more: (f"Cam {n}", "Cam", 9 + more),
    ),
    "offers": (
        ("Tên hàng", "Số lượng", "ĐVT", "Từ ngày", "Đến ngày", "Đăng"),
        lambda n, more: ("Cam Vạn Yên", 5 + more, "kg", *_days(n), "có" if n % 2 else ""),
    ),
    "papers": (
        ("Loại giấy tờ", "Số", "Cơ quan cấp", "Ngày cấp", "Diện tích"),
        lambda n, more: ("VietGAP", f"{n}/2026", "Sở", "01/03/2026", 5 + more),
    ),
    "requests": (
        ("Mặt hàng", "Loại", "Số lượng", "ĐVT", "Từ ngày", "Đến ngày", "Đăng"),
        lambda n, more: (f"Cam {n}", "Cam", 5 + more, "kg", *DAYS, "có" if n % 2 else ""),
    ),
    "register-ocop": (
        ("Mã số", "Tên sản phẩm", "Sao"),
        lambda n, more: (f"SP-{n}", f"Cam {n}", f"{3 + more} sao"),
    ),
}
STORED = {
    "products": Product.objects.filter(is_archived=False, name__startswith="Cam ").exclude(
        name="Cam Vạn Yên"
    ),
    "offers": SupplyOffer.objects.exclude(status="withdrawn"),
    "papers": Paper.objects.all(),
    "requests": DemandRequest.objects.exclude(status="closed"),
    "register-ocop": RegistryEntry.objects.all(),
}


def _days(number: int) -> tuple[str, str]:
    first = FROM + dt.timedelta(days=number)
    return f"{first:%d/%m/%Y}", f"{first + dt.timedelta(days=30):%d/%m/%Y}"


def listed(kind: str, numbers: range, *, more: int = 0) -> bytes:
    head, row = LISTS[kind]
    return csv(head, *(row(n, more) for n in numbers))


@pytest.fixture
def whose(seller):
    unit("kg")
    user, organisation = seller
    ProductFactory(producer_id=organisation.pk, name="Cam Vạn Yên", name_folded="cam van yen")
    organisation.is_buyer = True
    organisation.save()
    BuyerGroupFactory(organisation=organisation)
    own = {"organisation": organisation, "user": user}
    return lambda kind: (
        {"kind": kind}
        | ({"province": province(), "user": user} if kind.startswith("register") else own)
    )


def queries(step) -> int:
    with CaptureQueriesContext(connection) as asked:
        step()
    return len(asked)


@pytest.mark.parametrize("kind", LISTS)
def test_more_rows_cost_no_more_queries_whatever_they_do(kind, whose):
    """New, changed and taken back: the price of a list of three and one of fifteen."""
    cost: dict[int, list[int]] = {FEW: [], MANY: []}
    for size, first in ((FEW, 0), (MANY, 20)):
        numbers = range(first, first + size)
        new = checked(listed(kind, numbers), **whose(kind))
        assert counts(new) == (size, 0, 0, 0), reasons(new)
        services.confirm_import(import_id=new.pk)
        cost[size].append(queries(lambda found=new: work_off(found)))
        changed = checked(listed(kind, numbers, more=1), **whose(kind))
        assert counts(changed) == (0, size, 0, 0), reasons(changed)
        services.confirm_import(import_id=changed.pk)
        cost[size].append(queries(lambda found=changed: work_off(found)))
        for found in (changed, new):
            services.recall_import(import_id=found.pk)
            cost[size].append(queries(lambda found=found: work_off(found)))
            found.refresh_from_db()
            assert found.undone_count == size
        assert not STORED[kind].exists()
    spared = [many - few for few, many in zip(cost[FEW], cost[MANY], strict=True)]
    assert max(spared) <= 3, cost


@pytest.mark.parametrize(
    ("kind", "model", "on", "off"),
    [
        ("offers", SupplyOffer, "producers.supply_offer.published.v1", "withdrawn"),
        ("requests", DemandRequest, "buyers.demand_request.published.v1", "closed"),
    ],
)
def test_each_record_has_its_events_and_revisions(kind, model, on, off, whose):
    found = applied(listed(kind, range(4)), **whose(kind))
    records = model.objects.order_by("pk")
    assert [record.status for record in records] == ["draft", "published"] * 2
    assert [record.version for record in records] == [1, 2, 1, 2]
    published = [record.pk for record in records if record.status == "published"]
    said = OutboxMessage.objects.filter(type=on).order_by("pk")
    assert [(one.aggregate_id, one.aggregate_version) for one in said] == [
        (pk, 2) for pk in published
    ]
    revisions = model.pgh_event_model.objects.order_by("pgh_obj_id", "pgh_id")
    seen = [(one.pgh_obj_id, one.status) for one in revisions]
    expected = [(record.pk, s) for record in records for s in ("draft", record.status)]
    assert seen == list(dict.fromkeys(expected))
    undone(found)
    assert [record.status for record in model.objects.order_by("pk")] == [off, off]
    gone = OutboxMessage.objects.filter(type__endswith=f"{off}.v1").order_by("pk")
    assert [one.aggregate_id for one in gone] == published
    last = revisions.filter(pgh_obj_id__in=published).order_by("-pgh_id")[:2]
    assert {one.status for one in last} == {off}


def test_a_published_offer_in_a_list_is_revised_and_announced_once(whose):
    applied(listed("offers", range(4)), **whose("offers"))
    applied(listed("offers", range(4), more=1), **whose("offers"))
    changed = OutboxMessage.objects.filter(type="producers.supply_offer.changed.v1")
    on_market = SupplyOffer.objects.filter(status="published").order_by("pk")
    assert [(one.aggregate_id, one.aggregate_version) for one in changed.order_by("pk")] == [
        (offer.pk, 3) for offer in on_market
    ]
    assert set(SupplyOffer.objects.values_list("quantity", flat=True)) == {6}


def test_rows_at_fault_are_found_in_halves_and_spoil_no_other(whose, monkeypatch):
    found = checked(listed("offers", range(MANY)), **whose("offers"))
    services.confirm_import(import_id=found.pk)
    from producers import services as of_producers

    real, tries = of_producers.add_offer_drafts, []

    def drafts(*, producer_id, values):
        tries.append(len(values))
        offers = real(producer_id=producer_id, values=values)
        if any(one.available_from == FROM + dt.timedelta(days=3) for one in values):
            raise InvalidInputError("No.", {"product": ["Not this one."]})
        return offers

    monkeypatch.setattr(of_producers, "add_offer_drafts", drafts)
    found = work_off(found)
    assert (found.applied_count, found.refused_count) == (MANY - 1, 1)
    assert reasons(found) == {5: ["Not this one."]}
    assert SupplyOffer.objects.count() == MANY - 1
    assert tries == [15, 7, 3, 4, 2, 1, 1, 2, 8]
