"""Lists of registers beside the portal: what is found, what people decide, what is counted."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from core.accounts.actors import Actor
from core.kernel import clock
from core.kernel.errors import IllegalTransitionError, InvalidInputError
from core.outbox.models import OutboxMessage
from producers import handlers, services
from producers.enums import PaperStatus, RegistryOutlook, RegistrySubject, RegistryTake
from producers.events import RegistryImported
from producers.models import Paper, RegistryDecision, RegistryEntry, RegistryList
from producers.selectors import registry as registers
from producers.selectors.registry_changes import changes_of
from producers.selectors.registry_coverage import coverage_of
from producers.services import Verdict
from producers.services.registry_lists import erase_entries
from tests.factories import registries as lists
from tests.factories.accounts import OfficerFactory, OrganisationFactory, commune, province
from tests.factories.producers import PaperFactory, ProducerFactory, ProductFactory

pytestmark = pytest.mark.django_db
LATER = lists.AS_OF + dt.timedelta(days=180)


@pytest.fixture
def officer(db):
    return OfficerFactory()


@pytest.fixture
def ours(db):
    """A producer with one starred product, as the portal knows it."""
    holder = OrganisationFactory(**{**_known(0), "commune": None})
    return ProductFactory(producer=ProducerFactory(organisation=holder), name=_goods(0))


def _known(number: int) -> dict[str, str]:
    firm = lists.firm(number)
    return {"name": firm["holder"], "tax_code": firm["tax_code"]}


def _goods(number: int) -> str:
    return lists.goods(number)["name"]


def taken(rows, source=lists.POSTMART, **more) -> RegistryList:
    """Take rows in and let the worker compare them."""
    done = services.take_rows(values=lists.of(source, **more), rows=rows)
    return compared(done.list_id)


def compared(list_id: int) -> RegistryList:
    found = RegistryList.objects.get(pk=list_id)
    handlers.compare_registry(
        RegistryImported(list_id=found.pk, version=found.version, province_id=province().pk)
    )
    return found


def only(found: RegistryList) -> RegistryEntry:
    return found.entries.get()


def same(entry: RegistryEntry, product, officer) -> RegistryDecision:
    said = Verdict(verdict="same", organisation_id=product.producer_id, product_id=product.pk)
    return services.decide_entry(entry_id=entry.pk, said=said, officer_id=officer.pk)


def test_rows_are_read_and_kept_as_they_came(ours):
    cells = {
        "name": "  Cam  Vạn Yên ", "holder": "HTX Lạ", "tax_code": "123", "gtin": "8930000000001",
        "stars": "★★★★", "stage": "Đang hoạt động", "decided_on": "31/02/2025",
    }  # fmt: skip
    one = only(taken([lists.row(7, **cells)]))
    assert (one.name, one.row_number, one.stars, one.stage) == ("Cam Vạn Yên", 7, 4, "operating")
    assert (one.tax_code, one.gtin, one.decided_on) == ("", "", None)
    assert sorted(one.flaws) == ["decided_on", "gtin", "tax_code"]
    assert one.raw["tax_code"] == "123"


def test_a_row_that_names_nothing_is_refused_by_number():
    done = services.take_rows(values=lists.of(lists.POSTMART), rows=[lists.row(5, holder="A")])
    assert (done.new, done.refused) == (0, (5,))


@pytest.mark.parametrize("more", [{"day": clock.today() + dt.timedelta(days=1)}, {"source": "x"}])
def test_a_list_that_cannot_be_is_refused(more):
    source = more.pop("source", lists.POSTMART)
    with pytest.raises(InvalidInputError):
        services.take_rows(values=lists.of(source, **more), rows=[lists.row(name="Cam")])


@pytest.mark.parametrize(
    "place",
    [
        {"address": "Khu 5, phường Hà Tu"},
        {"address": "Khu 5", "commune": "Phường Hà Tu", "district": "Thành phố Hạ Long"},
        {"address": "P. Hà Tu, TP Hạ Long, tỉnh Quảng Ninh"},
    ],
)
def test_an_address_is_read_in_the_province_of_the_list(place):
    home = commune()
    one = only(taken([lists.row(2, **lists.goods(0) | place)]))
    assert (one.commune, one.flaws) == (home, [])


def test_a_certain_entry_is_shown_and_nothing_is_linked_by_itself(ours):
    one = only(taken(lists.listed()[:1]))
    assert (one.outlook, one.candidates.get().product) == (RegistryOutlook.CERTAIN, ours)
    assert not RegistryDecision.objects.exists()


def test_two_rows_that_are_certainly_one_product_are_not_certain(ours):
    first = lists.listed()[0]
    again = lists.row(9, **{**first.cells, "name": f"{first.cells['name']} hộp 500g"})
    found = taken([first, again])
    assert set(found.entries.values_list("outlook", flat=True)) == {RegistryOutlook.UNCERTAIN}


def test_a_certain_page_is_confirmed_at_once_and_undone(ours, officer):
    found = taken(lists.listed()[:3])
    ids = list(found.entries.values_list("pk", flat=True))
    batch, number = services.confirm_certain(entry_ids=ids, officer_id=officer.pk)
    assert number == 1
    assert services.confirm_certain(entry_ids=ids, officer_id=officer.pk)[1] == 0
    assert services.undo_confirmed(batch=batch, officer_id=officer.pk) == 1
    assert services.undo_confirmed(batch=batch, officer_id=officer.pk) == 0


def test_an_entry_has_one_standing_decision(ours, officer):
    one = only(taken(lists.listed()[:1]))
    decision = same(one, ours, officer)
    with pytest.raises(IllegalTransitionError):
        services.decide_entry(entry_id=one.pk, said=Verdict(verdict="apart"), officer_id=officer.pk)
    with pytest.raises(IntegrityError, match="stands_once"), transaction.atomic():
        RegistryDecision.objects.create(entry=one, verdict="apart")
    services.undo_decision(decision_id=decision.pk, officer_id=officer.pk)
    with pytest.raises(IllegalTransitionError):
        services.undo_decision(decision_id=decision.pk, officer_id=officer.pk)
    assert same(one, ours, officer).pk != decision.pk


@pytest.mark.parametrize(
    "said",
    [
        {"verdict": "same"},
        {"verdict": "conflict"},
        {"verdict": "merge"},
        {"verdict": "same", "organisation_id": 2**40},
    ],
)
def test_a_decision_says_whom_and_why(ours, officer, said):
    one = only(taken(lists.listed()[:1]))
    with pytest.raises(InvalidInputError):
        services.decide_entry(entry_id=one.pk, said=Verdict(**said), officer_id=officer.pk)


def test_an_organisation_of_another_province_is_nobody_here(officer):
    far = OrganisationFactory(province=province("01", name="Hà Nội"))
    one = only(taken(lists.listed()[:1]))
    with pytest.raises(InvalidInputError):
        services.decide_entry(
            entry_id=one.pk,
            said=Verdict(verdict="same", organisation_id=far.pk),
            officer_id=officer.pk,
        )


def test_the_same_list_again_changes_nothing(ours, officer):
    found = taken(lists.listed()[:20])
    same(found.entries.first(), ours, officer)
    before = list(found.entries.order_by("pk").values())
    done = services.take_rows(values=lists.of(lists.POSTMART), rows=lists.listed()[:20])
    assert (done.new, done.changed, done.unchanged) == (0, 0, 20)
    assert list(found.entries.order_by("pk").values()) == before


def test_a_later_list_keeps_decisions_unless_a_key_field_changed(ours, officer):
    rows = [lists.row(2, **lists.goods(0), stars="3"), lists.row(3, **lists.goods(1), stars="3")]
    first = taken(rows)
    for entry in first.entries.all():
        same(entry, ours, officer)
    moved = [
        lists.row(2, **lists.goods(0) | {"address": "Nơi khác"}, stars="3"),
        lists.row(3, **lists.goods(1), stars="4"),
    ]
    later = taken(moved, day=LATER)
    carried, changed = later.entries.order_by("row_number")
    assert carried.decisions.get().carried_from.entry.list == first
    assert (changed.decisions.count(), changed.outlook) == (0, RegistryOutlook.NONE)
    assert registers.earlier_entry(changed).stars == 3


def test_a_changed_row_of_the_same_list_waits_again(ours, officer):
    row = lists.listed()[0]
    one = only(taken([lists.row(2, **row.cells)]))
    same(one, ours, officer)
    changed = taken([lists.row(2, **row.cells | {"stars": "4"})])
    assert registers.standing_decision(only(changed).pk) is None


def test_two_lists_of_a_register_are_compared(officer):
    first = taken([lists.row(at, **lists.goods(at)) for at in range(3)])
    rows = [
        lists.row(0, **lists.goods(0)),
        lists.row(1, **lists.goods(1), gtin="8935000000014", stage="Kích hoạt"),
        lists.row(9, **lists.goods(9)),
    ]
    found = changes_of(taken(rows, day=LATER))
    assert found.before == first
    assert [one.name for one in found.new] == [_goods(9)]
    assert [one.name for one in found.gone] == [_goods(2)]
    assert [name for name, *_ in found.changed[0].fields] == ["gtin", "stage"]
    assert (len(found.changed), found.unchanged) == (1, 1)


def test_a_newcomer_is_found_in_lists_that_were_compared_before():
    found = taken(lists.listed()[:2])
    newcomer = OrganisationFactory(**_known(0))
    assert services.compare_newcomer(organisation_id=newcomer.pk) == 1
    outlooks = found.entries.order_by("row_number").values_list("outlook", flat=True)
    assert list(outlooks) == [RegistryOutlook.UNCERTAIN, RegistryOutlook.NONE]


def test_an_award_is_taken_over_as_a_claim_and_once(ours, officer):
    row = lists.row(2, **lists.goods(0), stars="4", decision_number="12/QĐ-UBND",
                    decided_on="20/12/2024")  # fmt: skip
    decision = same(only(taken([row], lists.OCOP)), ours, officer)
    assert services.open_takes(decision) == [RegistryTake.AWARD]
    services.take_over(decision_id=decision.pk, kind=RegistryTake.AWARD, officer_id=officer.pk)
    paper = Paper.objects.get()
    assert (paper.status, paper.grade, paper.stars, paper.product) == (
        PaperStatus.SUBMITTED, "D", 4, ours,
    )  # fmt: skip
    assert "30/06/2025" in paper.issuer
    with pytest.raises(IllegalTransitionError):
        services.take_over(decision_id=decision.pk, kind=RegistryTake.AWARD, officer_id=officer.pk)


def test_a_paper_handed_in_already_is_not_taken_over(ours, officer):
    PaperFactory(
        producer=ours.producer, product=ours, kind="ocop_award", stars=4, number="12/QĐ-UBND",
        valid_from=dt.date(2024, 12, 20),
    )  # fmt: skip
    row = lists.row(2, **lists.goods(0), stars="4", decision_number="12/QĐ-UBND",
                    decided_on="20/12/2024")  # fmt: skip
    decision = same(only(taken([row], lists.OCOP)), ours, officer)
    with pytest.raises(InvalidInputError):
        services.take_over(decision_id=decision.pk, kind=RegistryTake.AWARD, officer_id=officer.pk)


def test_a_shop_is_taken_over_with_its_stage(ours, officer):
    found = taken(lists.shops()[:1], subject=RegistrySubject.SHOPS)
    said = Verdict(verdict="same", organisation_id=ours.producer_id)
    decision = services.decide_entry(entry_id=only(found).pk, said=said, officer_id=officer.pk)
    services.take_over(decision_id=decision.pk, kind=RegistryTake.STOREFRONT, officer_id=officer.pk)
    paper = Paper.objects.get()
    assert (paper.platform, paper.stage, paper.valid_from) == (
        "postmart", "operating", lists.AS_OF,
    )  # fmt: skip


def test_a_row_is_taken_back_unless_somebody_decided(ours, officer):
    found = taken(lists.listed()[:2])
    first, second = found.entries.order_by("row_number")
    decision = same(first, ours, officer)
    with pytest.raises(IllegalTransitionError):
        erase_entries(entry_ids=[first.pk])
    services.undo_decision(decision_id=decision.pk, officer_id=officer.pk)
    for entry in (first, second):
        erase_entries(entry_ids=[entry.pk])
    found.refresh_from_db()
    assert found.withdrawn_at is not None


def test_a_list_taken_back_counts_nowhere_and_comes_back(officer):
    found = taken(lists.listed()[:2])
    services.withdraw_list(list_id=found.pk)
    assert not registers.latest_lists(province().pk)
    services.restore_list(list_id=found.pk)
    assert registers.latest_lists(province().pk).get() == found
    services.withdraw_list(list_id=found.pk)
    taken(lists.listed()[:2])
    with pytest.raises(IllegalTransitionError):
        services.restore_list(list_id=found.pk)


def test_the_queue_counts_each_entry_once(ours, officer):
    found = taken([*lists.listed()[:4], lists.row(99, name="Mật ong lạ", holder="Hộ Lạ")])
    actor = _acting(officer)
    entries = registers.entries_visible_to(actor).filter(list=found)
    counts = registers.tab_counts(entries)
    assert (sum(counts.values()), counts["certain"]) == (5, 1)
    services.confirm_certain(entry_ids=[one.pk for one in entries], officer_id=officer.pk)
    assert registers.tab_counts(entries)["decided"] == 1
    for tab, number in registers.tab_counts(entries).items():
        assert registers.entries_of_tab(entries, tab).count() == number
    assert sum(registers.standing_counts(entries).values()) == 10


def test_nobody_but_officers_of_the_province_sees_entries(officer):
    taken(lists.listed()[:1])
    elsewhere = OfficerFactory(of=province("01", name="Hà Nội"))
    assert registers.entries_visible_to(_acting(officer)).count() == 1
    assert not registers.entries_visible_to(_acting(elsewhere))
    assert not registers.entries_visible_to(_acting(officer, has_second_factor=False))
    assert not registers.lists_visible_to(Actor())


def test_the_puzzle_of_the_articles(officer):
    """432 listed, 432 starred, 129 shops: three counts of three things, counted from rows."""
    for number in range(0, 60, 2):
        holder = ProducerFactory(organisation=OrganisationFactory(**_known(number)))
        ProductFactory(producer=holder, name=_goods(number))
    postmart = taken(lists.listed())
    taken(lists.starred(), lists.OCOP, day=LATER)
    taken(lists.shops(), subject=RegistrySubject.SHOPS)
    found = coverage_of(registers.latest_lists(province().pk))
    stars, goods, shops = found.lists
    assert (stars.starred, stars.stars) == (432, [(5, 5), (4, 107), (3, 320)])
    assert (goods.count, goods.holders, goods.stars) == (432, 235, [])
    assert [number for _stage, number in shops.funnel] == [332, 169, 129]
    (beside,) = found.products
    assert (beside.is_same_number, beside.is_other_goods) == (True, True)
    assert (beside.overlap.both, beside.overlap.only_left, beside.overlap.only_right) == (
        400, 32, 32,
    )  # fmt: skip
    in_shops = next(one for one in found.shops if one.products is goods)
    assert (in_shops.holders_with_shop, in_shops.holders_operating) == (235, 129)
    assert in_shops.holders_without == 106
    assert found.has_several_days
    assert postmart.entries.filter(outlook=RegistryOutlook.CERTAIN).count() == 30


def test_a_long_list_is_compared_in_parts(monkeypatch):
    monkeypatch.setattr("producers.services.registry_comparing.PART", 2)
    found = taken(lists.listed()[:5])
    last = OutboxMessage.objects.order_by("-pk").first()
    assert (last.type, last.payload["left"]) == ("producers.registry.part_compared.v1", 3)
    assert services.compare_part(list_id=found.pk, version=found.version) == 1
    assert services.compare_part(list_id=found.pk, version=found.version) == 0
    assert services.compare_part(list_id=found.pk, version=found.version - 1) == 0
    assert not found.entries.filter(outlook=RegistryOutlook.PENDING).exists()


def _acting(user, *, has_second_factor: bool = True) -> Actor:
    posts = frozenset((post.province_id, post.sector) for post in user.officer_posts.all())
    return Actor(user=user, posts=posts, has_second_factor=has_second_factor)
