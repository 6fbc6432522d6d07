"""A small world of owners who must not see each other, with a mark in everything private."""

from __future__ import annotations

import itertools

from django.test import Client

from core.accounts import services
from core.accounts.enums import ApiScope, ClaimStatus, Role, Sector
from core.accounts.models import ApiKey, TaxCodeClaim
from core.kernel import clock
from core.places.enums import Confidence, NodeKind, RoadClass
from core.places.models import ProvincePact, RoadLink, RoadNode
from tests.factories import accounts as people
from tests.integration.security.actors import MARKUP, Actor, Marks, World
from tests.integration.security.world_papers import imported_lists, proposals, registers, vault
from tests.integration.security.world_sides import (
    buyers_of,
    fairs_with_applications,
    matches,
    messages,
    sellers,
)

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def build() -> World:
    """Make the world; the caller rolls it back."""
    marks = {name: Marks(name) for name in "abcdeosx"}
    at: dict[str, object] = {}
    here, there = people.province(), people.province("01", name="Hà Nội")
    _roads(at, here, there)
    users = _organisations(marks, at, here=here, there=there)
    sellers(marks, at, users)
    buyers_of(marks, at)
    fairs_with_applications(marks, at, users)
    matches(marks, at, users)
    messages(marks, at, users)
    vault(marks, at)
    users |= _desk(here)
    proposals(marks, at, users)
    imported_lists(marks, at, users)
    registers(marks, at, users, here=here)
    users["guest"] = people.UserFactory(email=at["a.invitation"].email)
    actors = {"anonymous": Actor("anonymous")}
    actors |= {name: _signed_in(name, user) for name, user in users.items()}
    actors |= _keys(at, users)
    return World(actors=actors, marks=marks, at=at)


def _roads(at, here, there) -> None:
    ends = [
        RoadNode.objects.create(
            code=f"P{one.code}", name=one.name, kind=NodeKind.SEAT, province=one, lat=21, lon=106,
            source="test",
        )
        for one in (here, there)
    ]  # fmt: skip
    at["link"] = RoadLink.objects.create(
        start=ends[0], end=ends[1], km=155, truck_hours=2.7, road_class=RoadClass.EXPRESSWAY,
        source="test", confidence=Confidence.ESTIMATE,
    )  # fmt: skip
    at["gate"] = RoadNode.objects.create(
        code="GATE_X", name="Cửa khẩu X", kind=NodeKind.BORDER_GATE, province=here, lat=21.5,
        lon=107, source="test",
    )  # fmt: skip
    at["pact"] = ProvincePact.objects.create(
        a=there, b=here, name=f"Biên bản {MARKUP}", scope="nông sản", source="test",
        confidence=Confidence.SECONDARY,
    )  # fmt: skip


_PARTS = {
    "a": {},
    "b": {},
    "c": {"buyer": True},
    "d": {"buyer": True},
    "o": {"organiser": True},
    "x": {"organiser": True},
    "e": {"draft": True},
    "s": {"submitted": True, "claim": False},
}


def _organisations(marks, at, *, here, there) -> dict[str, object]:
    users = {}
    for number, (name, parts) in enumerate(_PARTS.items()):
        mark = marks[name]
        organisation = people.OrganisationFactory(
            name=f"Tổ chức {name.upper()} {MARKUP}",
            province=there if name == "d" else here,
            commune=None if name == "d" else people.commune(),
            contact_name=mark("contact name"),
            contact_email=f"{mark('contact e-mail').lower()}@vidu.example",
            contact_phone=mark.phone(100 + number),
            status_reason=mark("status reason"),
            tax_code=at["a"].tax_code if name == "s" else people.tax_code(500 + number),
            **parts,
        )
        mark.planted["contact e-mail"] = mark.planted["contact e-mail"].lower()
        mark.planted["tax code"] = organisation.tax_code
        at[name] = organisation
        if name == "e":
            people.MembershipFactory(user=users["a_owner"], organisation=organisation)
            continue
        users[f"{name}_owner"] = _member(mark, organisation, Role.OWNER)
    marks["s"].planted.pop("tax code")
    users["a_viewer"] = _member(marks["a"], at["a"], Role.VIEWER)
    TaxCodeClaim.objects.create(
        organisation=at["s"], tax_code=at["a"].tax_code, status=ClaimStatus.QUEUED
    )
    return users


def _member(mark, organisation, role):
    user = people.UserFactory(
        full_name=mark(f"{role} name"), email=f"{mark(f'{role} e-mail').lower()}@vidu.example"
    )
    mark.planted[f"{role} e-mail"] = mark.planted[f"{role} e-mail"].lower()
    membership = people.MembershipFactory(user=user, organisation=organisation, role=role)
    user.own_membership = membership
    return user


def _desk(here) -> dict[str, object]:
    administrator = people.UserFactory(is_staff=True)
    people.turn_on_totp(administrator)
    return {
        "officer": people.OfficerFactory(of=here),
        "officer_without_totp": people.OfficerFactory(
            of=here, of__sector=Sector.AGRICULTURE, second_factor=False
        ),
        "officer_elsewhere": people.OfficerFactory(of=people.province("27", name="Bắc Ninh")),
        "administrator": administrator,
    }


def _signed_in(name: str, user) -> Actor:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return Actor(name, cookies={key: morsel.value for key, morsel in client.cookies.items()})


def _keys(at, users) -> dict[str, Actor]:
    made = {}
    for owner, scope in (*itertools.product("ac", ApiScope), ("b", ApiScope.WRITE)):
        key = services.create_api_key(
            organisation_id=at[owner].pk, name="khóa", scopes=[scope],
            created_by_id=users[f"{owner}_owner"].pk,
        )  # fmt: skip
        name = f"{owner}_key_{scope.value}"
        made[name] = Actor(name, token=key.token)
    ApiKey.objects.update(last_used_on=clock.today())  # or each first call of the day writes it
    return made
