"""A list of a register as a file: dry run, taken in, compared, again, taken back."""

from __future__ import annotations

import datetime as dt

import pytest

from core.imports import registry
from core.imports.events import ImportFinished
from core.imports.registry import Context
from producers import handlers
from producers.models import RegistryEntry, RegistryList
from producers.selectors import registry as registers
from tests.factories.accounts import OfficerFactory, province
from tests.integration.imports.conftest import applied, checked, undone, xlsx

pytestmark = pytest.mark.django_db
AS_OF = dt.date(2025, 6, 30)
KIND = "register-ocop"
HEADER = ("STT", "Tên sản phẩm", "Chủ thể", "MST", "Xếp hạng", "Số quyết định", "Ngày quyết định")
ROWS = (
    ("1", "Cam Vạn Yên", "HTX Vạn Yên", "0100109106", "4 sao", "12/QĐ-UBND", "20/12/2024"),
    ("2", "Chả mực", "Hộ Lạ", "12", "", "", ""),
    ("3", "", "Hộ Trống", "", "", "", ""),
    ("4", "Cam Vạn Yên", "HTX Vạn Yên", "0100109106", "3 sao", "", ""),
)


@pytest.fixture
def whose(db):
    officer = OfficerFactory()
    return {"kind": KIND, "province": province(), "user": officer, "as_of": AS_OF}


def counts(found) -> tuple[int, ...]:
    return found.new_count, found.changed_count, found.unchanged_count, found.refused_count


def test_a_file_is_checked_taken_in_and_announced(whose):
    found = checked(xlsx(HEADER, *ROWS), **whose)
    assert counts(found) == (2, 0, 0, 2)
    assert not RegistryEntry.objects.exists()
    found = applied(xlsx(HEADER, *ROWS), **whose)
    finish(found)
    newest = registers.latest_lists(province().pk).get()
    orange, squid = newest.entries.order_by("row_number")
    assert (orange.stars, orange.decided_on, orange.row_number) == (4, dt.date(2024, 12, 20), 2)
    assert (newest.as_of, newest.imported_by, newest.version) == (AS_OF, whose["user"], 2)
    assert (squid.flaws, squid.raw["tax_code"]) == (["tax_code"], "12")


def finish(found) -> None:
    event = ImportFinished(
        import_id=found.pk, version=found.version, kind=found.kind, state=found.state
    )
    handlers.finish_registry(event)


def test_the_same_file_again_changes_nothing_and_a_new_star_is_one_change(whose):
    applied(xlsx(HEADER, *ROWS[:2]), **whose)
    assert counts(checked(xlsx(HEADER, *ROWS[:2]), **whose)) == (0, 0, 2, 0)
    fifth = (*ROWS[0][:4], "5 sao", *ROWS[0][5:])
    found = checked(xlsx(HEADER, fifth, ROWS[1]), **whose)
    assert counts(found) == (0, 1, 1, 0)
    assert found.rows.get(outcome="changed").changes == [["stars", "4", "5"]]


def test_a_file_is_taken_back_row_by_row_and_its_list_with_it(whose):
    first = applied(xlsx(HEADER, *ROWS[:2]), **whose)
    fifth = (*ROWS[0][:4], "5 sao", *ROWS[0][5:])
    undone(applied(xlsx(HEADER, fifth), **whose))
    assert RegistryEntry.objects.get(row_number=2).stars == 4
    undone(first)
    assert not registers.latest_lists(province().pk)
    assert RegistryList.objects.get().withdrawn_at is not None


def test_what_is_written_out_comes_back_unchanged(whose):
    applied(xlsx(HEADER, *ROWS[:2]), **whose)
    kind = registry.kind_named(KIND)
    context = Context(province_id=province().pk, as_of=AS_OF)
    cells = list(kind.export(context=context))
    header = tuple(str(column.header) for column in kind.columns)
    rows = [tuple(row.get(column.key, "") for column in kind.columns) for row in cells]
    assert counts(checked(xlsx(header, *rows), **whose)) == (0, 0, 2, 0)


def test_a_day_before_these_registers_refuses_every_row(whose):
    too_early = whose | {"as_of": dt.date(2017, 6, 30)}
    assert counts(checked(xlsx(HEADER, *ROWS[:2]), **too_early)) == (0, 0, 0, 2)
