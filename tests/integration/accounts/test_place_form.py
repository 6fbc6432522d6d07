"""The address of an organisation: read where it is certain, asked where it is not."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.factories.accounts import (
    MembershipFactory,
    OrganisationFactory,
    UserFactory,
    commune,
    province,
)

pytestmark = pytest.mark.django_db
OLD = "Thôn 1, X. Sơn Dương, H. Hoành Bồ, Quảng Ninh"
SPLIT = "Phường Hà Khẩu, TP Hạ Long, Quảng Ninh"


@pytest.fixture
def draft():
    person = UserFactory()
    made = OrganisationFactory(draft=True, commune=None)
    MembershipFactory(user=person, organisation=made)
    return person, made


def place(organisation):
    return reverse("accounts:join_step", args=[organisation.pk, "place"])


def test_an_old_address_fills_province_and_commune_and_is_kept(client_for, draft):
    person, organisation = draft
    quang_la = commune("07030", name="Hoành Bồ")
    response = client_for(person).post(place(organisation), {"address": OLD})
    assert response.status_code == 302
    organisation.refresh_from_db()
    assert (organisation.commune, organisation.province) == (quang_la, quang_la.parent)
    assert organisation.address == OLD


def test_several_communes_are_offered_and_the_choice_is_taken(client_for, draft):
    person, organisation = draft
    west, east = commune("06661", name="Việt Hưng"), commune("06706", name="Tuần Châu")
    client = client_for(person)
    typed = {"address": SPLIT, "province": province().pk}
    response = client.post(place(organisation), typed)
    body = response.content.decode()
    assert response.context["form"].errors.keys() == {"commune"}
    assert all(f'name="fitting" value="{unit.pk}"' in " ".join(body.split()) or
               f'value="{unit.pk}"' in body for unit in (west, east))  # fmt: skip
    assert SPLIT in body
    assert client.post(place(organisation), typed | {"fitting": east.pk}).status_code == 302
    organisation.refresh_from_db()
    assert (organisation.commune, organisation.address) == (east, SPLIT)


def test_what_a_person_chose_counts_whatever_the_address_says(client_for, draft):
    person, organisation = draft
    commune("07030", name="Hoành Bồ")
    chosen = commune()
    typed = {"address": OLD, "province": province().pk, "commune": chosen.pk}
    client_for(person).post(place(organisation), typed)
    organisation.refresh_from_db()
    assert organisation.commune == chosen


@pytest.mark.parametrize("address", ["", "🙂", "x" * 200, "Bắc Giang", "\u202e", "06652"])
def test_an_address_that_tells_no_commune_asks_for_it(client_for, draft, address):
    person, organisation = draft
    response = client_for(person).post(
        place(organisation), {"address": address, "province": province().pk}
    )
    assert response.status_code == 200
    assert "commune" in response.context["form"].errors


def test_an_address_in_another_province_is_pointed_out(client_for, draft):
    person, organisation = draft
    province("24", name="Bắc Ninh")
    typed = {"address": "Bắc Giang", "province": province().pk}
    response = client_for(person).post(place(organisation), typed)
    assert "Bắc Ninh" in str(response.context["form"].errors["commune"])


def test_the_contact_page_reads_the_address_within_the_province(client_for, draft):
    person, _organisation = draft
    own = MembershipFactory(
        user=person, organisation=OrganisationFactory(commune=None)
    ).organisation
    found = commune("06673", name="Bãi Cháy")
    client = client_for(person, acting_for=own)
    contact = {
        "contact_name": "Nguyễn Thị Hương",
        "contact_phone": "0912 345 678",
        "contact_email": "huong@vidu.example",
        "address": "12 đường Hạ Long, P. Bãi Cháy",
    }
    response = client.post(reverse("accounts:organisation_contact"), contact)
    assert response.status_code == 302
    own.refresh_from_db()
    assert own.commune == found
