"""A list from upload to undo: what it would do, does, does again, and takes back."""

from __future__ import annotations

import datetime as dt

import pytest

from core.imports import services
from core.imports.enums import ImportState, RowState
from core.imports.models import ImportRow
from core.kernel.errors import IllegalTransitionError, InvalidInputError, NotAllowedError
from core.outbox import inbox
from core.outbox.models import DutyStatus, InboxMessage
from core.outbox.relay import relay_batch
from producers import services as producer_services
from producers.models import Product
from producers.services import ProductInput, add_product, add_products, revise_product
from tests.factories.outbox import ROOM
from tests.factories.producers import category
from tests.integration.imports.conftest import (
    applied,
    checked,
    counts,
    csv,
    hand_in,
    reasons,
    undone,
    work_off,
    xlsx,
)

pytestmark = pytest.mark.django_db

HEAD = ("Tên sản phẩm *", "Loại", "Hạn sử dụng", "Mã vạch")
LIST = (
    HEAD,
    ("Cam Vạn Yên", "Cam", "30", ""),
    ("Cam Bình Liêu", "cam", "20", "8936012345674"),
    ("", "Cam", "20", ""),
    ("Cam sành", "Cam", "nhiều", "8936012345670"),
)


@pytest.fixture
def mine(seller):
    user, organisation = seller
    return {"kind": "products", "organisation": organisation, "user": user}


def test_a_dry_run_says_what_each_row_would_do_and_changes_nothing(mine):
    found = checked(xlsx(*LIST), **mine)
    assert found.state == ImportState.CHECKED
    assert counts(found) == (2, 0, 0, 2)
    assert sorted(reasons(found)) == [4, 5]
    assert len(reasons(found)[5]) == 2
    assert Product.objects.count() == 0
    row = found.rows.get(number=2)
    assert ["name", "", "Cam Vạn Yên"] in row.changes


def test_the_same_list_again_changes_nothing(mine):
    first = applied(xlsx(*LIST), **mine)
    assert (first.state, first.applied_count) == (ImportState.APPLIED, 2)
    again = checked(xlsx(*LIST), **mine)
    assert counts(again) == (0, 0, 2, 2)
    with pytest.raises(IllegalTransitionError):
        services.confirm_import(import_id=again.pk)


def test_a_changed_row_says_old_and_new_and_leaves_missing_columns_alone(mine):
    applied(xlsx(*LIST), **mine)
    found = applied(csv(("ten", "hsd"), ("CAM VẠN YÊN", "45")), **mine)
    assert counts(found) == (0, 1, 0, 0)
    assert ["shelf_life_days", "30", "45"] in found.rows.get().changes
    product = Product.objects.get(name_folded="cam van yen")
    assert (product.shelf_life_days, product.category.name_vi) == (45, "Cam")


def test_undo_takes_back_new_and_changed_rows(mine):
    first = applied(xlsx(*LIST), **mine)
    second = applied(
        csv(("ten", "loai", "hsd"), ("Cam Vạn Yên", "", "45"), ("Cam Canh", "Cam", "9")), **mine
    )
    assert undone(second).state == ImportState.UNDONE
    assert Product.objects.get(name="Cam Vạn Yên").shelf_life_days == 30
    assert Product.objects.get(name="Cam Canh").is_archived
    assert undone(first).undone_count == 2
    assert not Product.objects.filter(is_archived=False).exists()


def test_undo_keeps_what_was_changed_since(mine):
    found = applied(xlsx(*LIST), **mine)
    product = Product.objects.get(name="Cam Vạn Yên")
    values = ProductInput(name="Cam Vạn Yên", category_id=product.category_id, storage="frozen")
    revise_product(product_id=product.pk, values=values)
    found = undone(found)
    assert (found.undone_count, found.kept_count) == (1, 1)
    assert found.rows.get(number=2).state == RowState.KEPT
    product.refresh_from_db()
    assert not product.is_archived


def test_a_row_that_moved_between_check_and_apply_is_refused(mine):
    found = checked(xlsx(HEAD, ("Cam Vạn Yên", "Cam", "30", "")), **mine)
    values = ProductInput(name="Cam Vạn Yên", category_id=category().pk, storage="frozen")
    add_product(producer_id=mine["organisation"].pk, values=values)
    services.confirm_import(import_id=found.pk)
    found = work_off(found)
    assert (found.applied_count, found.refused_count) == (0, 1)
    assert Product.objects.get().storage == "frozen"


def test_a_second_row_for_the_same_thing_is_refused(mine, monkeypatch):
    monkeypatch.setattr("core.imports.services.staging.ROWS_OF_A_PIECE", 2)
    rows = [
        ("Cam Vạn Yên", "Cam", "30", ""),
        ("Cam Canh", "Cam", "", ""),
        ("cam vạn yên", "Cam", "", ""),
    ]
    found = checked(xlsx(HEAD, *rows), **mine)
    assert counts(found) == (2, 0, 0, 1)
    assert "2" in reasons(found)[4][0]


def test_titles_above_the_header_and_unknown_columns_do_not_hurt(mine):
    title = ("HTX Vạn Yên – danh sách năm 2026", "", "", "")
    found = checked(xlsx(title, (), (*HEAD, "Cột lạ"), LIST[1]), **mine)
    assert counts(found) == (1, 0, 0, 0)
    assert found.ignored_headers == ["Cột lạ"]
    assert found.rows.get().number == 4


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (xlsx(("Mã", "Giá"), ("1", "2")), "missing_columns"),
        (xlsx(("Tên", "Tên sản phẩm"), ("1", "2")), "double_column"),
        (xlsx(HEAD), "no_rows"),
        (b"PK\x03\x04 and nothing", "broken"),
        (b"ten;hsd\nCam\x00;3", "nul"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "old_xls"),
    ],
    ids=["missing", "double", "empty", "broken", "nul", "old"],
)
def test_an_unusable_file_is_refused_with_its_reason(mine, content, problem):
    found = checked(content, **mine)
    assert (found.state, found.problem) == (ImportState.REFUSED, problem)
    assert not ImportRow.objects.exists()


def test_stopping_between_two_parts_keeps_what_was_done_and_it_can_be_undone(mine, monkeypatch):
    monkeypatch.setattr("core.imports.services.chunks.WRITTEN_AT_ONCE", 2)
    monkeypatch.setattr("core.imports.services.chunks.SECONDS", -1)
    rows = [(f"Cam {n}", "Cam", "9", "") for n in range(5)]
    found = checked(xlsx(HEAD, *rows), **mine)
    services.confirm_import(import_id=found.pk)
    work_off(found, most=1)
    version = found.version
    services.stop_import(import_id=found.pk)
    services.advance(import_id=found.pk, version=version)
    found = work_off(found)
    assert (found.state, found.applied_count, Product.objects.count()) == ("cancelled", 2, 2)
    assert undone(found).undone_count == 2


def test_one_row_at_fault_refuses_only_itself(mine, monkeypatch):
    found = checked(xlsx(HEAD, *[(f"Cam {n}", "Cam", "9", "") for n in range(3)]), **mine)
    real = producer_services.add_products

    def but_one(*, producer_id, values):
        if any(one.name == "Cam 1" for one in values):
            raise InvalidInputError("No.", {"name": ["No."]})
        return real(producer_id=producer_id, values=values)

    monkeypatch.setattr(producer_services, "add_products", but_one)
    services.confirm_import(import_id=found.pk)
    found = work_off(found)
    assert (found.applied_count, found.refused_count, found.new_count) == (2, 1, 2)
    assert found.rows.get(label="Cam 1").reasons == ["No."]
    assert set(Product.objects.values_list("name", flat=True)) == {"Cam 0", "Cam 2"}


def test_more_rows_cost_no_more_queries(mine, django_assert_max_num_queries):
    found = checked(xlsx(HEAD, *[(f"Cam {n}", "Cam", "9", "") for n in range(60)]), **mine)
    services.confirm_import(import_id=found.pk)
    found.refresh_from_db()
    with django_assert_max_num_queries(60):
        services.advance(import_id=found.pk, version=found.version)
    assert Product.objects.count() == 60


def test_the_day_must_be_one_a_list_can_be_of(mine):
    with pytest.raises(InvalidInputError):
        hand_in(csv(HEAD), as_of=dt.date(2199, 1, 1), **mine)


def test_a_sixth_list_has_to_wait(mine):
    for _n in range(5):
        hand_in(csv(HEAD), **mine)
    with pytest.raises(NotAllowedError):
        hand_in(csv(HEAD), **mine)


def drain() -> int:
    """Carry duties as the relay and the workers do."""
    relay_batch(room=ROOM)
    due = InboxMessage.objects.filter(status=DutyStatus.PENDING, consumer="imports.advance")
    return sum(inbox.consume(pk) for pk in list(due.values_list("pk", flat=True)))


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_loses_and_doubles_nothing(mine, monkeypatch):
    monkeypatch.setattr("core.imports.services.chunks.WRITTEN_AT_ONCE", 2)
    monkeypatch.setattr("core.imports.services.chunks.SECONDS", -1)
    found = hand_in(xlsx(HEAD, *[(f"Cam {n}", "Cam", "9", "") for n in range(5)]), **mine)
    while drain():
        pass
    services.confirm_import(import_id=found.pk)
    drain()
    real, seen = add_products, []

    def dying(**given):
        seen.append(given)
        written = real(**given)
        if len(seen) == 1:
            raise KeyboardInterrupt  # as a kill: nothing of the part is committed
        return written

    monkeypatch.setattr("producers.services.add_products", dying)
    with pytest.raises(KeyboardInterrupt):
        drain()
    assert Product.objects.count() == 2
    InboxMessage.objects.filter(status=DutyStatus.PENDING).update(lease_until=None)
    while drain():
        pass
    found.refresh_from_db()
    assert (found.state, found.applied_count) == (ImportState.APPLIED, 5)
    assert Product.objects.count() == 5
    assert found.rows.filter(state=RowState.APPLIED).count() == 5
