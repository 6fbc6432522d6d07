"""Applications: who may send them when, how booths are given, and what is announced."""

from __future__ import annotations

import pytest

from core.accounts.enums import OrganisationStatus
from core.kernel.errors import IllegalTransitionError, InvalidInputError, NotAllowedError
from fairs import selectors, services
from fairs.enums import ParticipationStatus
from fairs.models import Participation
from fairs.services import Application
from tests.factories.accounts import OrganisationFactory
from tests.factories.fairs import FairFactory, ParticipationFactory, days_from_now
from tests.factories.producers import ProductFactory

pytestmark = pytest.mark.django_db
SUBMITTED = "fairs.participation.submitted.v1"


@pytest.fixture
def fair():
    return FairFactory(calling=True, booth_quota=5)


def send(fair, applicant, product_ids, **changed):
    application = Application(**{"booths": 2, "product_ids": product_ids} | changed)
    return services.apply_to_fair(
        fair_id=fair.pk, organisation_id=applicant.organisation_id, application=application
    )


def answer(place, how, **said):
    service = {
        "approve": services.approve_participation,
        "return": services.return_participation,
        "decline": services.decline_participation,
    }[how]
    said = said or ({"booths": 1} if how == "approve" else {"reason": "Thiếu giấy tờ"})
    return service(participation_id=place.pk, version=place.version, user_id=None, **said)


def test_an_application_waits_and_is_announced(fair, applicant, product_ids, events):
    place = send(fair, applicant, product_ids, note="  Cần tủ lạnh ")
    assert (place.status, place.booths_wanted, place.note) == ("submitted", 2, "Cần tủ lạnh")
    assert set(place.products.values_list("pk", flat=True)) == set(product_ids)
    payload = {
        "participation_id": place.pk,
        "fair_id": fair.pk,
        "version": 1,
        "organisation_id": applicant.organisation_id,
    }
    assert events() == [(SUBMITTED, payload)]


def test_changing_a_waiting_application_tells_nobody_again(fair, applicant, product_ids, events):
    send(fair, applicant, product_ids)
    place = send(fair, applicant, product_ids[:1], booths=1)
    assert (place.booths_wanted, place.version, place.products.count()) == (1, 2, 1)
    assert [name for name, _payload in events()] == [SUBMITTED]
    assert Participation.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"booths": 0}, "booths"),
        ({"booths": 21}, "booths"),
        ({"note": "x" * 1001}, "note"),
        ({"product_ids": ()}, "products"),
        ({"product_ids": tuple(range(1, 102))}, "products"),
    ],
)
def test_what_cannot_be_meant_is_refused_at_its_field(fair, applicant, product_ids, changed, field):
    with pytest.raises(InvalidInputError) as refused:
        send(fair, applicant, **{"product_ids": product_ids} | changed)
    assert set(refused.value.field_errors) == {field}
    assert not Participation.objects.exists()


def test_products_of_others_and_archived_ones_are_refused(fair, applicant, product_ids):
    foreign = ProductFactory()
    archived = ProductFactory(producer=applicant.organisation.producer, is_archived=True)
    for other in (foreign, archived):
        with pytest.raises(InvalidInputError) as refused:
            send(fair, applicant, (*product_ids, other.pk))
        assert set(refused.value.field_errors) == {"products"}


def test_a_dialogue_needs_no_products(applicant):
    fair = FairFactory(calling=True, kind="customs_dialogue")
    assert send(fair, applicant, ()).status == ParticipationStatus.SUBMITTED


@pytest.mark.parametrize(
    "state",
    [
        {},
        {"reviewing": True},
        {"running": True},
        {"cancelled": True},
        {"calling": True, "applications_from": days_from_now(1)},
        {
            "calling": True,
            "applications_from": days_from_now(-9),
            "applications_to": days_from_now(-1),
        },
    ],
    ids=["planned", "reviewing", "running", "cancelled", "too early", "too late"],
)
def test_applications_come_in_only_while_the_call_is_open(applicant, product_ids, state):
    with pytest.raises(IllegalTransitionError):
        send(FairFactory(**state), applicant, product_ids)
    assert not Participation.objects.exists()


def test_the_first_and_the_last_day_of_the_call_are_in(applicant, product_ids):
    for first, last in ((0, 5), (-5, 0)):
        fair = FairFactory(
            calling=True,
            applications_from=days_from_now(first),
            applications_to=days_from_now(last),
        )
        send(fair, applicant, product_ids)


@pytest.mark.parametrize(
    "organisation", [{"buyer": True}, {"status": OrganisationStatus.SUBMITTED}]
)
def test_only_approved_producers_apply(fair, organisation):
    stranger = OrganisationFactory(**organisation)
    with pytest.raises(NotAllowedError):
        services.apply_to_fair(
            fair_id=fair.pk, organisation_id=stranger.pk, application=Application(booths=1)
        )


def test_nobody_applies_to_its_own_fair(fair, applicant, product_ids):
    fair.organiser = applicant.organisation
    fair.save()
    with pytest.raises(NotAllowedError):
        send(fair, applicant, product_ids)


def test_approving_gives_booths_and_announces(fair, events):
    place = answer(ParticipationFactory(fair=fair, booths_wanted=3), "approve", booths=2)
    assert (place.status, place.booths_granted, place.version) == ("approved", 2, 2)
    assert [name for name, _payload in events()] == ["fairs.participation.approved.v1"]
    assert selectors.places_of(fair.pk, quota=5).left == 3


def test_no_more_booths_are_given_than_there_are(fair):
    ParticipationFactory(fair=fair, approved=True, booths_wanted=4)
    place = ParticipationFactory(fair=fair, booths_wanted=2)
    with pytest.raises(InvalidInputError) as refused:
        answer(place, "approve", booths=2)
    assert set(refused.value.field_errors) == {"booths"}
    assert answer(place, "approve", booths=1).booths_granted == 1


def test_a_returned_application_comes_back_changed_also_after_the_call(
    fair, applicant, product_ids, events
):
    place = answer(send(fair, applicant, product_ids), "return", reason="Ghi rõ sản phẩm")
    assert (place.status, place.reason) == ("returned", "Ghi rõ sản phẩm")
    fair.phase = "reviewing"
    fair.save()
    place = send(fair, applicant, product_ids[:1])
    assert (place.status, place.reason, place.version) == ("submitted", "", 3)
    assert [name.split(".")[2] for name, _payload in events()] == [
        "submitted",
        "returned",
        "submitted",
    ]


def test_a_declined_application_stays_declined_until_the_organiser_thinks_again(
    fair, applicant, product_ids
):
    place = answer(send(fair, applicant, product_ids), "decline")
    with pytest.raises(IllegalTransitionError):
        send(fair, applicant, product_ids)
    assert answer(place, "approve").status == ParticipationStatus.APPROVED


def test_taking_a_place_back_frees_its_booths(fair):
    place = answer(ParticipationFactory(fair=fair, approved=True, booths_wanted=5), "decline")
    assert (place.status, place.booths_granted) == ("declined", None)
    assert selectors.places_of(fair.pk, quota=5).left == 5


@pytest.mark.parametrize("how", ["approve", "return", "decline"])
def test_what_changed_meanwhile_is_not_decided_unseen(fair, how, events):
    place = ParticipationFactory(fair=fair)
    Participation.objects.filter(pk=place.pk).update(version=2)
    with pytest.raises(IllegalTransitionError):
        answer(place, how)
    place.refresh_from_db()
    assert place.status == ParticipationStatus.SUBMITTED
    assert events() == []


@pytest.mark.parametrize(
    ("status", "how"),
    [
        ("approved", "approve"),
        ("approved", "return"),
        ("returned", "approve"),
        ("returned", "return"),
        ("returned", "decline"),
        ("declined", "return"),
        ("declined", "decline"),
        ("withdrawn", "approve"),
        ("withdrawn", "return"),
        ("withdrawn", "decline"),
    ],
)
def test_only_what_waits_is_decided(fair, status, how):
    granted = 1 if status == "approved" else None
    place = ParticipationFactory(fair=fair, status=status, booths_granted=granted)
    with pytest.raises(IllegalTransitionError):
        answer(place, how)


@pytest.mark.parametrize("state", [{"running": True}, {"cancelled": True}])
def test_nothing_is_decided_once_the_fair_has_opened_or_ended(state):
    with pytest.raises(IllegalTransitionError):
        answer(ParticipationFactory(fair=FairFactory(**state)), "approve")


@pytest.mark.parametrize("reason", ["", "\u200b", "x" * 501])
@pytest.mark.parametrize("how", ["return", "decline"])
def test_a_no_needs_a_reason(fair, how, reason):
    with pytest.raises(InvalidInputError) as refused:
        answer(ParticipationFactory(fair=fair), how, reason=reason)
    assert set(refused.value.field_errors) == {"reason"}


def test_withdrawing_frees_booths_is_announced_once_and_can_be_undone(
    fair, applicant, product_ids, events
):
    place = answer(send(fair, applicant, product_ids), "approve")
    services.withdraw_participation(participation_id=place.pk)
    place = services.withdraw_participation(participation_id=place.pk)
    assert (place.status, place.booths_granted) == ("withdrawn", None)
    assert [name.split(".")[2] for name, _payload in events()] == [
        "submitted",
        "approved",
        "withdrawn",
    ]
    assert send(fair, applicant, product_ids).status == ParticipationStatus.SUBMITTED


@pytest.mark.parametrize("state", ["declined", "running"])
def test_what_is_over_is_not_withdrawn(state):
    if state == "running":
        place = ParticipationFactory(fair=FairFactory(running=True), approved=True)
    else:
        place = ParticipationFactory(status="declined")
    with pytest.raises(IllegalTransitionError):
        services.withdraw_participation(participation_id=place.pk)
