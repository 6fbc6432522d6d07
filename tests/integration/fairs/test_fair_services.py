"""Planning, changing, moving and cancelling a fair: checked first, announced once."""

from __future__ import annotations

import datetime as dt
import unicodedata

import pytest
from django.db import IntegrityError, transaction

from core.accounts.enums import OrganisationStatus
from core.kernel import clock
from core.kernel.errors import IllegalTransitionError, InvalidInputError, NotAllowedError
from core.outbox.models import OutboxMessage
from fairs import selectors, services
from fairs.enums import FairPhase
from fairs.models import DeadlineMark, Fair
from tests.factories.accounts import OrganisationFactory, commune, province
from tests.factories.fairs import (
    DeadlineMarkFactory,
    FairFactory,
    ParticipationFactory,
    days_from_now,
)

pytestmark = pytest.mark.django_db
PHASE = "fairs.fair.phase_changed.v1"
DATE = "fairs.fair.date_changed.v1"
NO_WINDOW = {"applications_from": None, "applications_to": None}


def test_a_plan_is_stored_clean_and_announced_to_nobody(terms, host, events):
    name = unicodedata.normalize("NFD", "  Hội chợ   Đông Triều ")
    neighbour = province("31", name="Hải Phòng")
    fair = services.open_fair(
        organiser_id=host.organisation_id,
        terms=terms(name=name, co_province_ids=(neighbour.pk,), commune_id=commune().pk),
    )
    assert (fair.name, fair.name_folded) == ("Hội chợ Đông Triều", "hoi cho dong trieu")
    assert (fair.phase, fair.version, fair.is_public) == ("planned", 1, False)
    assert list(fair.co_provinces.all()) == [neighbour]
    assert events() == []


@pytest.mark.parametrize(
    "organiser",
    [{}, {"organiser": True, "status": OrganisationStatus.SUBMITTED}],
    ids=["a producer", "not approved"],
)
def test_only_an_approved_organiser_plans(terms, organiser):
    organisation = OrganisationFactory(**organiser)
    with pytest.raises(NotAllowedError):
        services.open_fair(organiser_id=organisation.pk, terms=terms())
    assert not Fair.objects.exists()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"opens_on": days_from_now(-1), "closes_on": days_from_now(1), **NO_WINDOW}, "opens_on"),
        ({"opens_on": dt.date(2099, 1, 1), "closes_on": dt.date(2099, 1, 2)}, "opens_on"),
        ({"closes_on": days_from_now(99)}, "closes_on"),
        ({"closes_on": days_from_now(10_100)}, "closes_on"),
        ({"closes_on": days_from_now(192)}, "closes_on"),
        (
            {"applications_to": days_from_now(-1), "applications_from": days_from_now(-9)},
            "applications_to",
        ),
        ({"applications_from": days_from_now(31)}, "applications_to"),
        ({"applications_to": days_from_now(100)}, "applications_to"),
        ({"applications_to": None}, "applications_to"),
        ({"applications_from": None}, "applications_from"),
        ({"booth_quota": 0}, "booth_quota"),
        ({"booth_quota": 5001}, "booth_quota"),
        ({"name": ""}, "name"),
        ({"name": "\u200b\u200b"}, "name"),
        ({"name": "x" * 161}, "name"),
        ({"name": "Hội ch\u043e"}, "name"),
        ({"about": "x" * 5_000_000}, "about"),
        ({"kind": "circus"}, "kind"),
        ({"province_id": 0}, "province"),
        ({"co_province_ids": (0,)}, "co_provinces"),
        ({"commune_id": 0}, "commune"),
    ],
)
def test_what_cannot_be_meant_is_refused_at_its_field(terms, host, changed, field):
    with pytest.raises(InvalidInputError) as refused:
        services.open_fair(organiser_id=host.organisation_id, terms=terms(**changed))
    assert set(refused.value.field_errors) == {field}
    assert not Fair.objects.exists()


def test_a_fair_of_1970_is_past_at_both_ends(terms, host):
    long_ago = terms(opens_on=dt.date(1970, 1, 1), closes_on=dt.date(1970, 1, 2), **NO_WINDOW)
    with pytest.raises(InvalidInputError) as refused:
        services.open_fair(organiser_id=host.organisation_id, terms=long_ago)
    assert set(refused.value.field_errors) == {"opens_on", "closes_on"}


def test_the_host_province_is_not_its_own_co_host(terms, host):
    with pytest.raises(InvalidInputError) as refused:
        services.open_fair(
            organiser_id=host.organisation_id, terms=terms(co_province_ids=(province().pk,))
        )
    assert set(refused.value.field_errors) == {"co_provinces"}


def test_92_days_are_the_most(terms, host):
    fair = services.open_fair(
        organiser_id=host.organisation_id, terms=terms(closes_on=days_from_now(191))
    )
    assert (fair.closes_on - fair.opens_on).days + 1 == 92


def test_a_name_is_taken_whatever_its_accents_until_the_fair_is_cancelled(terms, host):
    first = services.open_fair(organiser_id=host.organisation_id, terms=terms())
    again = terms(name="HOI CHO OCOP Quang Ninh 2027")
    with pytest.raises(InvalidInputError) as refused:
        services.open_fair(organiser_id=host.organisation_id, terms=again)
    assert set(refused.value.field_errors) == {"name"}
    services.cancel_fair(fair_id=first.pk, reason="Bão")
    services.open_fair(organiser_id=host.organisation_id, terms=again)


def test_the_database_refuses_what_slips_past_the_services(host):
    fair = FairFactory(organiser=host.organisation)
    place = ParticipationFactory(fair=fair)
    for change in (
        {"closes_on": fair.opens_on - dt.timedelta(days=1)},
        {"booth_quota": 0},
        {"applications_to": fair.opens_on},
        {"phase": "calling", "announced_at": None},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Fair.objects.filter(pk=fair.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        FairFactory(organiser=host.organisation, name=fair.name)
    with pytest.raises(IntegrityError), transaction.atomic():
        ParticipationFactory(fair=fair, organisation=place.organisation)


def test_a_change_raises_the_version_and_saving_the_same_does_not(terms, host, events):
    fair = services.open_fair(organiser_id=host.organisation_id, terms=terms())
    services.revise_fair(fair_id=fair.pk, terms=terms())
    changed = services.revise_fair(fair_id=fair.pk, terms=terms(venue_name="Quảng trường"))
    assert (changed.version, changed.venue_name) == (2, "Quảng trường")
    assert events() == []


def test_new_days_of_a_public_fair_are_announced(events):
    fair = FairFactory(calling=True)
    later = services.terms_of(fair)
    later = type(later)(
        **{f: getattr(later, f) for f in later.__slots__} | {"closes_on": days_from_now(107)}
    )
    services.revise_fair(fair_id=fair.pk, terms=later)
    payload = {
        "fair_id": fair.pk,
        "version": 2,
        "organisation_id": fair.organiser_id,
        "opens_on": fair.opens_on.isoformat(),
        "closes_on": days_from_now(107).isoformat(),
    }
    assert events() == [(DATE, payload)]


def test_days_that_did_not_change_may_be_past(terms):
    fair = FairFactory(running=True)
    stored = services.terms_of(fair)
    values = {f: getattr(stored, f) for f in stored.__slots__}
    changed = services.revise_fair(
        fair_id=fair.pk, terms=type(stored)(**values | {"closes_on": clock.today()})
    )
    assert changed.closes_on == clock.today()
    with pytest.raises(InvalidInputError) as refused:
        services.revise_fair(
            fair_id=fair.pk, terms=type(stored)(**values | {"opens_on": clock.today()})
        )
    assert set(refused.value.field_errors) == {"opens_on"}


def test_a_public_fair_keeps_what_its_call_needs():
    fair = FairFactory(calling=True)
    ParticipationFactory(fair=fair, approved=True, booths_wanted=3)
    stored = services.terms_of(fair)
    values = {f: getattr(stored, f) for f in stored.__slots__}
    for changed, fields in (
        ({"venue_name": ""}, {"venue_name"}),
        ({"booth_quota": None}, {"booth_quota"}),
        ({"booth_quota": 2}, {"booth_quota"}),
        ({"applications_from": None, "applications_to": None}, {"applications_from"}),
    ):
        with pytest.raises(InvalidInputError) as refused:
            services.revise_fair(fair_id=fair.pk, terms=type(stored)(**values | changed))
        assert set(refused.value.field_errors) == fields


def test_a_closed_fair_says_what_it_said(terms):
    fair = FairFactory(cancelled=True)
    with pytest.raises(IllegalTransitionError):
        services.revise_fair(fair_id=fair.pk, terms=terms())


def test_a_fair_goes_from_plan_to_report(host, events):
    fair = FairFactory(organiser=host.organisation)
    with pytest.raises(IllegalTransitionError):
        services.move_fair(fair_id=fair.pk, target=FairPhase.REGISTERED)
    services.record_deadline(
        fair_id=fair.pk,
        code="register",
        done_on=clock.today(),
        reference="12/SCT",
        user_id=host.user_id,
    )
    for target in (FairPhase.REGISTERED, FairPhase.CALLING, FairPhase.REVIEWING):
        fair = services.move_fair(fair_id=fair.pk, target=target)
    assert fair.announced_at is not None
    Fair.objects.filter(pk=fair.pk).update(
        opens_on=clock.today(),
        closes_on=clock.today(),
        applications_from=None,
        applications_to=None,
    )
    services.move_fair(fair_id=fair.pk, target=FairPhase.RUNNING)
    services.move_fair(fair_id=fair.pk, target=FairPhase.CLOSED)
    with pytest.raises(IllegalTransitionError):
        services.move_fair(fair_id=fair.pk, target=FairPhase.REPORTED)
    services.record_deadline(
        fair_id=fair.pk, code="report", done_on=clock.today(), reference="", user_id=host.user_id
    )
    fair = services.move_fair(fair_id=fair.pk, target=FairPhase.REPORTED)
    assert (fair.phase, fair.version) == ("reported", 7)
    said = [(payload["before"], payload["after"]) for _type, payload in events()]
    assert said == [
        ("planned", "registered"),
        ("registered", "calling"),
        ("calling", "reviewing"),
        ("reviewing", "running"),
        ("running", "closed"),
        ("closed", "reported"),
    ]


def test_moving_twice_is_moving_once(events):
    fair = FairFactory(calling=True)
    services.move_fair(fair_id=fair.pk, target=FairPhase.REVIEWING)
    services.move_fair(fair_id=fair.pk, target=FairPhase.REVIEWING)
    assert [name for name, _payload in events()] == [PHASE]


@pytest.mark.parametrize(
    "missing",
    [
        {"venue_name": ""},
        {"booth_quota": None},
        {"applications_from": None, "applications_to": None},
        {"applications_from": days_from_now(-9), "applications_to": days_from_now(-1)},
        {"opens_on": days_from_now(0), "applications_from": None, "applications_to": None},
    ],
)
def test_a_call_opens_only_when_producers_can_be_answered(missing, events):
    fair = FairFactory(**missing)
    with pytest.raises(IllegalTransitionError):
        services.move_fair(fair_id=fair.pk, target=FairPhase.CALLING)
    fair.refresh_from_db()
    assert (fair.phase, fair.announced_at) == ("planned", None)
    assert events() == []


def test_a_call_is_not_opened_by_an_organiser_that_lost_its_approval():
    fair = FairFactory(organiser__status=OrganisationStatus.RETURNED)
    with pytest.raises(NotAllowedError):
        services.move_fair(fair_id=fair.pk, target=FairPhase.CALLING)


@pytest.mark.parametrize("given", ["waiting", "early", "unregistered"])
def test_a_fair_opens_on_its_day_registered_and_decided(given):
    fair = FairFactory(
        reviewing=True,
        opens_on=days_from_now(1 if given == "early" else 0),
        applications_from=None,
        applications_to=None,
    )
    if given != "unregistered":
        DeadlineMarkFactory(fair=fair)
    if given == "waiting":
        ParticipationFactory(fair=fair)
    (step, _reopen) = selectors.next_steps(fair)
    assert (step.phase, len(step.unmet)) == (FairPhase.RUNNING, 1)
    with pytest.raises(IllegalTransitionError):
        services.move_fair(fair_id=fair.pk, target=FairPhase.RUNNING)


def test_kinds_without_registration_have_no_registered_phase():
    fair = FairFactory(kind="customs_dialogue")
    assert [step.phase for step in selectors.next_steps(fair)] == [FairPhase.CALLING]
    assert selectors.checklist(fair) == []


def test_every_phase_leads_only_where_the_table_says():
    for before in FairPhase:
        fair = FairFactory(phase=before, announced_at=clock.now())
        for target in FairPhase:
            if target in selectors.MOVES[before] or target == before:
                continue
            with pytest.raises(IllegalTransitionError):
                services.move_fair(fair_id=fair.pk, target=target)


def test_cancelling_keeps_the_reason_and_announces_once(events):
    fair = FairFactory(calling=True)
    services.cancel_fair(fair_id=fair.pk, reason="  Bão số 3\u200b ")
    services.cancel_fair(fair_id=fair.pk, reason="Khác")
    fair.refresh_from_db()
    assert (fair.phase, fair.phase_reason) == ("cancelled", "Bão số 3")
    assert [(name, payload["after"]) for name, payload in events()] == [(PHASE, "cancelled")]


@pytest.mark.parametrize("reason", ["", " \u200b", "x" * 501])
def test_cancelling_needs_a_reason(reason):
    fair = FairFactory(calling=True)
    with pytest.raises(InvalidInputError) as refused:
        services.cancel_fair(fair_id=fair.pk, reason=reason)
    assert set(refused.value.field_errors) == {"reason"}


def test_a_fair_that_has_opened_is_not_cancelled():
    fair = FairFactory(running=True)
    with pytest.raises(IllegalTransitionError):
        services.cancel_fair(fair_id=fair.pk, reason="Bão")


@pytest.mark.django_db(transaction=True)
def test_a_move_and_its_event_are_stored_together_or_not_at_all():
    fair = FairFactory(calling=True)
    with pytest.raises(RuntimeError), transaction.atomic():  # noqa: PT012 -- the move has to come first
        services.move_fair(fair_id=fair.pk, target=FairPhase.REVIEWING)
        raise RuntimeError
    fair.refresh_from_db()
    assert fair.phase == "calling"
    assert not OutboxMessage.objects.exists()


@pytest.mark.parametrize(
    ("code", "changed", "field"),
    [
        ("register", {"done_on": days_from_now(1)}, "done_on"),
        ("register", {"done_on": dt.date(1999, 1, 1)}, "done_on"),
        ("register", {"reference": ""}, "reference"),
        ("register", {"reference": "x" * 81}, "reference"),
        ("report", {}, "done_on"),
    ],
)
def test_a_record_that_cannot_be_meant_is_refused(code, changed, field):
    fair = FairFactory()
    values = {"done_on": clock.today(), "reference": "1/SCT"} | changed
    with pytest.raises(InvalidInputError) as refused:
        services.record_deadline(fair_id=fair.pk, code=code, user_id=None, **values)
    assert set(refused.value.field_errors) == {field}


@pytest.mark.parametrize("code", ["change", "line_up", "nonsense"])
def test_only_duties_kept_by_hand_are_recorded(code):
    fair = FairFactory()
    with pytest.raises(IllegalTransitionError):
        services.record_deadline(
            fair_id=fair.pk, code=code, done_on=clock.today(), reference="1", user_id=None
        )


def test_a_record_is_corrected_and_taken_back_until_relied_on():
    fair = FairFactory()
    for reference in ("1/SCT", "2/SCT"):
        services.record_deadline(
            fair_id=fair.pk,
            code="register",
            done_on=clock.today(),
            reference=reference,
            user_id=None,
        )
    assert list(DeadlineMark.objects.values_list("reference", flat=True)) == ["2/SCT"]
    services.clear_deadline(fair_id=fair.pk, code="register")
    assert not DeadlineMark.objects.exists()
    DeadlineMarkFactory(fair=fair)
    services.move_fair(fair_id=fair.pk, target=FairPhase.REGISTERED)
    with pytest.raises(IllegalTransitionError):
        services.clear_deadline(fair_id=fair.pk, code="register")


def test_history_names_phases_reasons_and_changed_fields(terms, host):
    fair = services.open_fair(organiser_id=host.organisation_id, terms=terms())
    services.revise_fair(fair_id=fair.pk, terms=terms(venue_name="Quảng trường", booth_quota=9))
    services.move_fair(fair_id=fair.pk, target=FairPhase.CALLING)
    services.cancel_fair(fair_id=fair.pk, reason="Bão")
    entries = selectors.history_of(fair)
    assert [entry.status for entry in entries] == ["cancelled", "open", "reviewed", "planned"]
    assert entries[0].note == "Bão"
    assert entries[2].note.count(",") == 1
