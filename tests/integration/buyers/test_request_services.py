"""Demand requests: each change is checked, announced once, and versions rise for matching."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import transaction

from buyers import selectors, services
from buyers.enums import QuantityPeriod, RepeatAfter, RequestStatus
from buyers.models import DemandRequest
from core.accounts.enums import OrganisationStatus
from core.accounts.models import Organisation
from core.kernel import clock
from core.kernel.errors import IllegalTransitionError, InvalidInputError, NotAllowedError
from core.kernel.periods import DayRange
from core.outbox.models import OutboxMessage
from tests.factories.accounts import province
from tests.factories.buyers import (
    BannerFactory,
    BuyerGroupFactory,
    DemandRequestFactory,
    OutletFactory,
    category,
    unit,
)

pytestmark = pytest.mark.django_db
PUBLISHED = "buyers.demand_request.published.v1"
CHANGED = "buyers.demand_request.changed.v1"
CLOSED = "buyers.demand_request.closed.v1"


def test_a_draft_is_reckoned_and_announced_to_nobody(terms, events):
    group = BuyerGroupFactory()
    draft = services.save_request_draft(
        group_id=group.pk, terms=terms(words="  Cam  Vân Đồn ", price_ceiling_vnd=25_000_000)
    )
    assert (draft.status, draft.version, draft.words) == ("draft", 1, "Cam Vân Đồn")
    assert (draft.words_folded, draft.dimension) == ("cam van don", "mass")
    assert (draft.quantity_base, draft.price_ceiling_vnd_per_base) == (Decimal(12000), 25_000)
    assert events() == []


def test_publishing_raises_the_version_and_announces_once(terms, events):
    group = BuyerGroupFactory()
    draft = services.save_request_draft(group_id=group.pk, terms=terms())
    services.publish_demand_request(request_id=draft.pk)
    again = services.publish_demand_request(request_id=draft.pk)
    assert (again.status, again.version) == (RequestStatus.PUBLISHED, 2)
    payload = {"request_id": draft.pk, "version": 2, "organisation_id": group.pk}
    assert events() == [(PUBLISHED, payload)]


@pytest.mark.django_db(transaction=True)
def test_publishing_and_its_event_are_stored_together_or_not_at_all(terms):
    draft = services.save_request_draft(group_id=BuyerGroupFactory().pk, terms=terms())
    with transaction.atomic():
        services.publish_demand_request(request_id=draft.pk)
        transaction.set_rollback(True)
    draft.refresh_from_db()
    assert draft.status == RequestStatus.DRAFT
    assert not OutboxMessage.objects.exists()


def test_only_approved_organisations_publish(terms, events):
    group = BuyerGroupFactory(organisation__status=OrganisationStatus.SUBMITTED)
    draft = services.save_request_draft(group_id=group.pk, terms=terms())
    with pytest.raises(NotAllowedError):
        services.publish_demand_request(request_id=draft.pk)
    draft.refresh_from_db()
    assert draft.status == RequestStatus.DRAFT
    assert events() == []


def test_a_draft_whose_days_have_passed_is_not_published():
    old = clock.today() - dt.timedelta(days=40)
    draft = DemandRequestFactory(needed_from=old)
    with pytest.raises(InvalidInputError) as refused:
        services.publish_demand_request(request_id=draft.pk)
    assert set(refused.value.field_errors) == {"needed_from", "needed_to"}


def test_revising_an_open_request_announces_the_change(terms, events):
    stored = DemandRequestFactory(published=True)
    revised = services.revise_demand_request(request_id=stored.pk, terms=terms(quantity=Decimal(9)))
    assert (revised.version, revised.quantity_base) == (3, Decimal(9000))
    payload = {"request_id": stored.pk, "version": 3, "organisation_id": stored.group_id}
    assert events() == [(CHANGED, payload)]


def test_revising_nothing_or_only_the_note_announces_nothing(terms, events):
    stored = DemandRequestFactory(published=True)
    same = terms(price_ceiling_vnd=25_000_000)
    services.revise_demand_request(request_id=stored.pk, terms=same)
    revised = services.revise_demand_request(
        request_id=stored.pk, terms=terms(price_ceiling_vnd=25_000_000, note="Giao buổi sáng.")
    )
    assert (revised.version, revised.note) == (2, "Giao buổi sáng.")
    assert events() == []


def test_a_window_under_way_may_keep_its_first_day(terms):
    began = clock.today() - dt.timedelta(days=3)
    stored = DemandRequestFactory(published=True, needed_from=began)
    kept = terms(needed_from=began, needed_to=clock.today() + dt.timedelta(days=9))
    assert services.revise_demand_request(request_id=stored.pk, terms=kept).needed_from == began
    earlier = terms(needed_from=began - dt.timedelta(days=1))
    with pytest.raises(InvalidInputError) as refused:
        services.revise_demand_request(request_id=stored.pk, terms=earlier)
    assert set(refused.value.field_errors) == {"needed_from"}


def test_closing_and_reopening_each_announce_once(events):
    stored = DemandRequestFactory(published=True)
    services.close_demand_request(request_id=stored.pk)
    closed = services.close_demand_request(request_id=stored.pk)
    assert (closed.status, closed.version) == (RequestStatus.CLOSED, 3)
    reopened = services.reopen_demand_request(request_id=stored.pk)
    assert (reopened.status, reopened.version, reopened.closed_at) == ("published", 4, None)
    assert [kind for kind, _ in events()] == [CLOSED, PUBLISHED]


def test_what_a_state_does_not_allow_is_refused(terms):
    draft, closed = DemandRequestFactory(), DemandRequestFactory(status=RequestStatus.CLOSED)
    over = DemandRequestFactory(
        status=RequestStatus.EXPIRED, needed_from=clock.today() - dt.timedelta(days=60)
    )
    for service, request in [
        (services.close_demand_request, draft),
        (services.reopen_demand_request, draft),
        (services.publish_demand_request, closed),
        (services.discard_request_draft, closed),
        (services.reopen_demand_request, over),
    ]:
        with pytest.raises(IllegalTransitionError):
            service(request_id=request.pk)
    with pytest.raises(IllegalTransitionError):
        services.revise_demand_request(request_id=closed.pk, terms=terms())


def test_a_discarded_draft_is_gone():
    draft = DemandRequestFactory()
    services.discard_request_draft(request_id=draft.pk)
    assert not DemandRequest.objects.filter(pk=draft.pk).exists()


def test_the_day_expires_what_ended_before_it_and_nothing_else(events):
    today = clock.today()
    over = DemandRequestFactory(
        published=True, needed_from=today - dt.timedelta(9), needed_to=today - dt.timedelta(1)
    )
    DemandRequestFactory(published=True, needed_from=today, needed_to=today)
    DemandRequestFactory(needed_from=today - dt.timedelta(9), needed_to=today - dt.timedelta(1))
    assert services.expire_requests(day=today) == 1
    assert services.expire_requests(day=today) == 0
    over.refresh_from_db()
    assert (over.status, over.version) == (RequestStatus.EXPIRED, 3)
    payload = {
        "request_id": over.pk, "version": 3, "organisation_id": over.group_id, "expired": True,
    }  # fmt: skip
    assert events() == [(CLOSED, payload)]


def test_a_copy_asks_for_the_same_and_leaves_archived_outlets_out():
    outlet, gone = OutletFactory(), OutletFactory(is_archived=True)
    stored = DemandRequestFactory(
        published=True, group=outlet.banner.group, outlets=[outlet, gone], minimum_stars=4
    )
    draft = services.copy_request(request_id=stored.pk)
    assert (draft.status, draft.version, draft.copied_from_id) == ("draft", 1, stored.pk)
    assert (draft.words, draft.minimum_stars) == (stored.words, 4)
    assert (draft.needed_from, draft.needed_to) == (stored.needed_from, stored.needed_to)
    assert list(draft.outlets.all()) == [outlet]


def test_a_copy_of_a_past_request_moves_to_the_usual_window():
    old = clock.today() - dt.timedelta(days=90)
    stored = DemandRequestFactory(needed_from=old, needed_to=old + dt.timedelta(days=6))
    draft = services.copy_request(request_id=stored.pk)
    assert draft.needed_from == services.default_window(clock.today()).first
    assert (draft.needed_to - draft.needed_from).days == 6


@pytest.mark.parametrize(
    ("after", "expected"),
    [(RepeatAfter.OWN_LENGTH, 28), (RepeatAfter.WEEK, 7)],
)
def test_a_repeat_moves_the_window_on(after, expected):
    stored = DemandRequestFactory(published=True)
    draft = services.repeat_request(request_id=stored.pk, after=after)
    assert (draft.needed_from - stored.needed_from).days == expected
    assert (draft.needed_to - draft.needed_from).days == 27


def test_a_monthly_quantity_is_reckoned_anew_for_the_repeated_month():
    stored = DemandRequestFactory(
        period=QuantityPeriod.WEEK, needed_from=dt.date(2027, 2, 1), needed_to=dt.date(2027, 2, 28)
    )
    draft = services.repeat_request(request_id=stored.pk, after=RepeatAfter.MONTH)
    assert (draft.needed_from, draft.needed_to) == (dt.date(2027, 3, 1), dt.date(2027, 3, 31))
    assert draft.quantity_base == Decimal("53142.857")


def test_a_past_window_is_repeated_until_it_lies_ahead():
    days = DayRange(dt.date(2026, 1, 5), dt.date(2026, 1, 11))
    moved = services.next_window(days, after=RepeatAfter.WEEK, today=dt.date(2026, 3, 4))
    assert moved == DayRange(dt.date(2026, 3, 9), dt.date(2026, 3, 15))


@pytest.mark.parametrize(
    ("typed", "base"),
    [
        ({"quantity": Decimal(3), "period": QuantityPeriod.WEEK}, Decimal(12000)),
        (
            {"quantity": Decimal(3), "period": QuantityPeriod.WEEK, "days": 10},
            Decimal("4285.714"),
        ),
        ({"quantity": Decimal("0.0004")}, Decimal("0.4")),
        ({"quantity": Decimal(40), "unit": "thung", "pack_size": Decimal(12)}, Decimal(480)),
    ],
)
def test_quantities_count_over_the_whole_window(terms, typed, base):
    values = {name: typed[name] for name in ("quantity", "period", "pack_size") if name in typed}
    asked = terms(**values)
    last = asked.needed_from + dt.timedelta(days=typed.get("days", 28) - 1)
    pack = unit("kg").pk if "pack_size" in typed else None
    reckoning = services.reckon(
        terms(
            **values, needed_to=last, unit_id=unit(typed.get("unit", "tan")).pk, pack_unit_id=pack
        )
    )
    assert (reckoning.dimension, reckoning.quantity_base) == ("mass", base)


TODAY = clock.today()
BAD_INPUT = [
    ({"words": "\u200b\u00a0"}, "words"),
    ({"words": "🍊🍊"}, "words"),
    ({"words": "c" * 201}, "words"),
    ({"category_id": 987654321}, "category"),
    ({"quantity": Decimal(0)}, "quantity"),
    ({"quantity": Decimal(-3)}, "quantity"),
    ({"quantity": Decimal("NaN")}, "quantity"),
    ({"quantity": Decimal("Infinity")}, "quantity"),
    ({"quantity": Decimal("1e12")}, "quantity"),
    ({"quantity": Decimal("0.0000001")}, "quantity"),
    ({"unit_id": 987654321}, "unit"),
    ({"unit_id": "ha"}, "unit"),
    ({"unit_id": "thung"}, "pack_size"),
    ({"unit_id": "thung", "pack_size": Decimal(10)}, "pack_unit"),
    ({"unit_id": "thung", "pack_size": Decimal(0), "pack_unit_id": "kg"}, "pack_size"),
    ({"unit_id": "thung", "pack_size": Decimal(2), "pack_unit_id": "thung"}, "pack_unit"),
    ({"pack_size": Decimal(10), "pack_unit_id": "kg"}, "pack_size"),
    ({"period": "year"}, "period"),
    ({"price_ceiling_vnd": 0}, "price_ceiling_vnd"),
    ({"price_ceiling_vnd": -5}, "price_ceiling_vnd"),
    ({"price_ceiling_vnd": 10**12}, "price_ceiling_vnd"),
    ({"price_ceiling_vnd": 3}, "price_ceiling_vnd"),
    ({"needed_from": TODAY - dt.timedelta(days=1)}, "needed_from"),
    ({"needed_to": TODAY}, "needed_to"),
    ({"needed_to": dt.date.max}, "needed_to"),
    ({"needed_to": TODAY + dt.timedelta(days=500)}, "needed_to"),
    ({"delivery_province_id": 987654321}, "delivery_province"),
    ({"banner_id": 987654321}, "banner"),
    ({"outlet_ids": (987654321,)}, "outlets"),
    ({"minimum_stars": 2}, "minimum_stars"),
    ({"required_papers": ("passport",)}, "required_papers"),
    ({"preferred_papers": ("passport",)}, "preferred_papers"),
    ({"market": "XX"}, "market"),
    ({"storage": "warm"}, "storage"),
    ({"note": "n" * 1001}, "note"),
]


@pytest.mark.parametrize(("changed", "field"), BAD_INPUT)
def test_bad_input_is_refused_at_its_field(terms, changed, field):
    changed = {
        name: unit(value).pk if isinstance(value, str) and name.endswith("unit_id") else value
        for name, value in changed.items()
    }
    with pytest.raises(InvalidInputError) as refused:
        services.save_request_draft(group_id=BuyerGroupFactory().pk, terms=terms(**changed))
    assert list(refused.value.field_errors) == [field]
    assert not DemandRequest.objects.exists()


def test_banners_and_outlets_of_others_are_refused(terms):
    group, foreign = BuyerGroupFactory(), OutletFactory()
    for changed in ({"banner_id": foreign.banner_id}, {"outlet_ids": (foreign.pk,)}):
        with pytest.raises(InvalidInputError):
            services.save_request_draft(group_id=group.pk, terms=terms(**changed))


def test_facts_of_any_number_of_requests_take_two_queries(django_assert_num_queries):
    outlet = OutletFactory()
    first = DemandRequestFactory(published=True, group=outlet.banner.group, outlets=[outlet])
    with django_assert_num_queries(2):
        assert [f.request_id for f in selectors.request_facts(None)] == [first.pk]
    others = [DemandRequestFactory(published=True).pk for _ in range(2)]
    with django_assert_num_queries(2):
        found = selectors.request_facts([first.pk, *others])
    assert [f.request_id for f in found] == [first.pk, *others]


def test_facts_are_narrowed_to_requests_for_goods_at_hand():
    branch, other = category("B01", name="Quả", order=20), category("C01", name="Cá", order=40)
    branch.order_hi = 29
    branch.save()
    leaf = category("B01-1", name="Cam", order=25)
    for_branch, for_leaf, for_other = (
        DemandRequestFactory(published=True, category=one).pk for one in (branch, leaf, other)
    )
    asked = {(25,): [for_branch, for_leaf], (20,): [for_branch], (40,): [for_other], (): []}
    for orders, wanted in asked.items():
        found = selectors.request_facts(None, category_orders=orders)
        assert [one.request_id for one in found] == wanted, orders


def test_facts_are_plain_and_closed_open_in_the_category_tree():
    banner = BannerFactory(name="GO!")
    outlets = [OutletFactory(banner=banner) for _ in range(2)]
    archived = OutletFactory(
        banner=banner, province=province("31", name="Hải Phòng"), is_archived=True
    )
    stored = DemandRequestFactory(
        published=True,
        group=banner.group,
        banner=banner,
        outlets=[*outlets, archived],
        category=category(order=41),
        required_papers=["vietgap"],
        minimum_stars=3,
    )
    (facts,) = selectors.request_facts([stored.pk])
    assert (facts.category_lo, facts.category_hi) == (41, 42)
    assert facts.places == ((province().pk, None),)
    assert (facts.banner_name, facts.status_open, facts.storage) == ("GO!", True, None)
    assert (facts.required_papers, facts.quantity_base) == (("vietgap",), Decimal(12000))
    assert facts.organisation_name == banner.group.organisation.name


def test_facts_without_outlets_name_the_province_of_delivery():
    stored = DemandRequestFactory()
    (facts,) = selectors.request_facts([stored.pk])
    assert facts.places == ((stored.delivery_province_id, None),)
    assert facts.status_open is False


def test_requests_of_an_organisation_that_lost_its_approval_are_not_open():
    stored = DemandRequestFactory(published=True)
    assert list(selectors.open_requests()) == [stored]
    Organisation.objects.filter(pk=stored.group_id).update(status=OrganisationStatus.RETURNED)
    assert list(selectors.open_requests()) == []
    assert selectors.request_facts([stored.pk])[0].status_open is False


def test_history_tells_what_changed_newest_first(terms):
    draft = services.save_request_draft(group_id=BuyerGroupFactory().pk, terms=terms())
    services.publish_demand_request(request_id=draft.pk)
    services.revise_demand_request(request_id=draft.pk, terms=terms(quantity=Decimal(5)))
    services.close_demand_request(request_id=draft.pk)
    entries = selectors.history_of(draft)
    assert [e.status for e in entries] == ["closed", "reviewed", "published", "draft"]
    assert entries[1].note == str(DemandRequest._meta.get_field("quantity").verbose_name)
