"""Who may do what: the whole matrix, and which fairs and applications an actor sees."""

from __future__ import annotations

import pytest

from core.accounts.actors import ANONYMOUS, Actor
from core.accounts.enums import ApiScope, OrganisationStatus, Role, Sector
from fairs import rules, selectors
from fairs.enums import FairPhase
from tests.factories.accounts import OrganisationFactory, UserFactory, province
from tests.factories.fairs import FairFactory, ParticipationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    organiser = OrganisationFactory(organiser=True)
    producer = OrganisationFactory()
    unapproved = OrganisationFactory(organiser=True, status=OrganisationStatus.SUBMITTED)
    other = OrganisationFactory(organiser=True)
    here = frozenset({(province().pk, Sector.TRADE)})
    there = frozenset({(province("24", name="Bắc Ninh").pk, Sector.TRADE)})

    def member(organisation, role=Role.OWNER) -> Actor:
        return Actor(user=UserFactory.build(pk=1), organisation=organisation, role=role)

    return {
        "host owner": member(organiser),
        "host editor": member(organiser, Role.EDITOR),
        "host viewer": member(organiser, Role.VIEWER),
        "host key": Actor(organisation=organiser, scopes=frozenset({ApiScope.READ})),
        "other host": member(other),
        "unapproved host": member(unapproved),
        "producer owner": member(producer),
        "producer viewer": member(producer, Role.VIEWER),
        "officer": Actor(user=UserFactory.build(pk=2), posts=here, has_second_factor=True),
        "officer without TOTP": Actor(user=UserFactory.build(pk=2), posts=here),
        "officer elsewhere": Actor(
            user=UserFactory.build(pk=3), posts=there, has_second_factor=True
        ),
        "administrator": Actor(user=UserFactory.build(pk=4, is_staff=True), has_second_factor=True),
        "nobody": ANONYMOUS,
    }


HOSTS = {"host owner", "host editor"}


def allowed(people, rule) -> set[str]:
    return {name for name, actor in people.items() if rule(actor)}


def test_who_may_host_edit_move_cancel_and_decide(people):
    organiser = people["host owner"].organisation
    fair = FairFactory(organiser=organiser, calling=True)
    place = ParticipationFactory(fair=fair)
    assert allowed(people, rules.can_host) == {*HOSTS, "other host"}
    assert allowed(people, lambda a: rules.can_edit(a, fair)) == HOSTS
    assert allowed(people, lambda a: rules.can_move(a, fair)) == HOSTS
    assert allowed(people, lambda a: rules.can_cancel(a, fair)) == {"host owner"}
    assert allowed(people, lambda a: rules.can_decide(a, place)) == HOSTS


@pytest.mark.parametrize(
    ("phase", "edit", "move", "cancel"),
    [
        (FairPhase.PLANNED, True, True, True),
        (FairPhase.REGISTERED, True, True, True),
        (FairPhase.CALLING, True, True, True),
        (FairPhase.REVIEWING, True, True, True),
        (FairPhase.RUNNING, True, True, False),
        (FairPhase.CLOSED, False, True, False),
        (FairPhase.REPORTED, False, False, False),
        (FairPhase.CANCELLED, False, False, False),
    ],
)
def test_what_the_owner_may_do_in_each_phase(people, phase, edit, move, cancel):
    owner = people["host owner"]
    fair = FairFactory.build(organiser=owner.organisation, province=province(), phase=phase)
    found = (
        rules.can_edit(owner, fair),
        rules.can_move(owner, fair),
        rules.can_cancel(owner, fair),
    )
    assert found == (edit, move, cancel)


def test_nobody_decides_on_its_own_application(people):
    owner = people["host owner"]
    fair = FairFactory(organiser=owner.organisation, calling=True)
    own = ParticipationFactory(fair=fair, organisation=owner.organisation)
    assert not rules.can_decide(owner, own)


def test_who_may_apply(people):
    fair = FairFactory(organiser=people["host owner"].organisation, calling=True)
    assert allowed(people, lambda a: rules.can_apply_to(a, fair)) == {"producer owner"}
    own = FairFactory(organiser=people["producer owner"].organisation, calling=True)
    assert allowed(people, lambda a: rules.can_apply_to(a, own)) == set()


def test_who_reads_the_dossier(people):
    fair = FairFactory(organiser=people["host owner"].organisation)
    assert allowed(people, lambda a: rules.can_read_dossier(a, fair)) == {
        *HOSTS,
        "host viewer",
        "host key",
        "officer",
        "administrator",
    }


def test_who_sees_a_plan_and_a_public_fair(people):
    organiser = people["host owner"].organisation
    plan = FairFactory(organiser=organiser, co_hosts=[province("31", name="Hải Phòng")])
    public = FairFactory(organiser=organiser, calling=True)
    hidden = FairFactory(calling=True, organiser__status=OrganisationStatus.RETURNED)
    sees = {
        name: set(selectors.visible_to(actor).values_list("pk", flat=True))
        for name, actor in people.items()
    }
    insiders = {*HOSTS, "host viewer", "host key", "officer", "administrator"}
    assert {name for name, seen in sees.items() if plan.pk in seen} == insiders
    assert {name for name, seen in sees.items() if public.pk in seen} == set(people)
    assert {name for name, seen in sees.items() if hidden.pk in seen} == {
        "officer",
        "administrator",
    }


def test_an_officer_of_a_co_hosting_province_sees_the_plan_once(people):
    plan = FairFactory(co_hosts=[province("24", name="Bắc Ninh"), province("31", name="Hải Phòng")])
    assert list(selectors.visible_to(people["officer elsewhere"])) == [plan]
    assert list(selectors.fairs_of_provinces(people["officer elsewhere"])) == [plan]


def test_calls_leave_out_own_answered_and_closed_ones(people):
    producer = people["producer owner"]
    call = FairFactory(calling=True)
    FairFactory(calling=True, organiser=producer.organisation)
    FairFactory(reviewing=True)
    FairFactory()
    ParticipationFactory(organisation=producer.organisation)
    assert list(selectors.calls_for(producer)) == [call]
