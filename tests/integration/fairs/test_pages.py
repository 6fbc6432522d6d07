"""Pages of fairs: open in both languages, move step by step, hide what is not theirs."""

from __future__ import annotations

import pytest
from django.urls import reverse

from core.accounts.enums import Role
from core.kernel import clock
from fairs.models import DeadlineMark, Fair, Participation
from tests.factories.accounts import (
    MembershipFactory,
    OfficerFactory,
    OrganisationFactory,
    UserFactory,
    province,
)
from tests.factories.fairs import (
    DeadlineMarkFactory,
    FairFactory,
    ParticipationFactory,
    days_from_now,
)
from tests.factories.producers import ProductFactory

pytestmark = pytest.mark.django_db


def path(name, *args):
    return reverse(f"fairs:{name}", args=args)


@pytest.fixture
def fair(host):
    return FairFactory(organiser=host.organisation, calling=True, name="Hội chợ OCOP Hạ Long")


@pytest.fixture
def place(fair, applicant):
    product = ProductFactory(producer=applicant.organisation.producer)
    return ParticipationFactory(fair=fair, organisation=applicant.organisation, showing=[product])


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_of_the_host_opens(client_for, host, fair, place, language):
    client = client_for(host.user, language=language)
    DeadlineMarkFactory(fair=fair)
    plan = FairFactory(organiser=host.organisation)
    for name, args in [
        ("fair_list", []),
        ("fair_detail", [fair.pk]),
        ("own_fairs", []),
        ("fair_create", []),
        ("fair_manage", [fair.pk]),
        ("fair_manage", [plan.pk]),
        ("fair_edit", [fair.pk]),
        ("fair_copy", [fair.pk]),
        ("fair_cancel", [fair.pk]),
        ("fair_move", [fair.pk, "reviewing"]),
        ("deadline_record", [fair.pk, "register"]),
        ("application_list", [fair.pk]),
        ("application_list", [plan.pk]),
        ("application", [fair.pk, place.pk]),
        ("application_decide", [fair.pk, place.pk, "approve"]),
        ("application_decide", [fair.pk, place.pk, "decline"]),
    ]:
        response = client.get(path(name, *args))
        assert response.status_code == 200, name
        assert f'<html lang="{language}">' in response.content.decode()
    assert client.get(reverse("web:dashboard")).status_code == 200


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_of_producer_officer_and_visitor_opens(
    client_for, applicant, fair, place, language
):
    FairFactory(calling=True)
    pages = [
        (applicant.user, "fair_list", []),
        (applicant.user, "fair_detail", [fair.pk]),
        (applicant.user, "apply", [fair.pk]),
        (applicant.user, "my_applications", []),
        (applicant.user, "application_withdraw", [place.pk]),
        (OfficerFactory(), "province_fairs", []),
        (OfficerFactory(), "fair_detail", [fair.pk]),
        (None, "fair_list", []),
        (None, "fair_detail", [fair.pk]),
    ]
    for user, name, args in pages:
        client = client_for(user, language=language)
        assert client.get(path(name, *args)).status_code == 200, name
    assert client_for(applicant.user).get(reverse("web:dashboard")).status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "?province=22",
        "?province=999",
        "?province=%C2%B2",
        "?kind=ocop_fair",
        "?kind=circus",
        "?q=ha+long",
        "?q=%E2%80%8B",
        "?q=" + "x" * 3000,
        "?when=past",
        "?when=nonsense&page=abc",
        "?page=99999999999999999999",
        "?province__name=x&ordering=organiser__tax_code",
    ],
)
def test_the_calendar_takes_any_query(client, fair, query):
    assert client.get(path("fair_list") + query).status_code == 200


def names_in(response) -> list[str]:
    return [fair.name for _month, fairs in response.context["months"] for fair in fairs]


def test_the_calendar_shows_public_fairs_by_month_and_filter(client):
    soon = FairFactory(calling=True, opens_on=days_from_now(40))
    soon.applications_to = days_from_now(30)
    later = FairFactory(calling=True, kind="product_week", province=province("24", name="Bắc Ninh"))
    now = FairFactory(running=True)
    over = FairFactory(
        running=True,
        opens_on=days_from_now(-20),
        applications_from=None,
        applications_to=None,
    )
    FairFactory(name="Kế hoạch kín")
    response = client.get(path("fair_list"))
    assert names_in(response) == [now.name, soon.name, later.name]
    assert response.context["months"][0][0] is None
    assert "Kế hoạch kín" not in response.content.decode()
    assert names_in(client.get(path("fair_list") + "?province=24")) == [later.name]
    assert names_in(client.get(path("fair_list") + "?kind=product_week")) == [later.name]
    assert names_in(client.get(path("fair_list") + "?when=past")) == [over.name]
    assert names_in(client.get(path("fair_list") + "?q=khong+co")) == []


def test_a_co_hosting_province_finds_the_fair(client):
    fair = FairFactory(calling=True, co_hosts=[province("31", name="Hải Phòng")])
    assert names_in(client.get(path("fair_list") + "?province=31")) == [fair.name]


def test_the_public_page_shows_exhibitors_but_no_contacts_and_no_other_applications(
    client, fair, place
):
    place.status, place.booths_granted = "approved", 1
    place.save()
    waiting = ParticipationFactory(fair=fair, note="Bí mật")
    page = client.get(path("fair_detail", fair.pk)).content.decode()
    assert place.organisation.name in page
    assert place.products.get().name in page
    assert waiting.organisation.name not in page
    for secret in ("Bí mật", fair.organiser.contact_email, fair.organiser.contact_name):
        assert secret not in page


def test_a_plan_does_not_exist_for_others(client_for, client, applicant):
    plan = FairFactory()
    for visitor in (client, client_for(applicant.user), client_for(UserFactory())):
        assert visitor.get(path("fair_detail", plan.pk)).status_code == 404
    assert client_for(applicant.user).get(path("apply", plan.pk)).status_code == 404


def test_another_organisers_fair_does_not_exist(client_for, fair, place):
    stranger = MembershipFactory(organisation=OrganisationFactory(organiser=True))
    client = client_for(stranger.user)
    for name, args in [
        ("fair_manage", [fair.pk]),
        ("fair_edit", [fair.pk]),
        ("fair_copy", [fair.pk]),
        ("fair_cancel", [fair.pk]),
        ("fair_move", [fair.pk, "reviewing"]),
        ("deadline_record", [fair.pk, "register"]),
        ("application_list", [fair.pk]),
        ("application", [fair.pk, place.pk]),
        ("application_decide", [fair.pk, place.pk, "approve"]),
    ]:
        assert client.get(path(name, *args)).status_code == 404, name
        assert client.post(path(name, *args), {"booths": 1, "version": 1}).status_code in {404, 405}
    other = ParticipationFactory()
    host_client = client_for(fair.organiser.memberships.get().user)
    assert host_client.get(path("application", fair.pk, other.pk)).status_code == 404
    fair.refresh_from_db()
    assert (fair.phase, fair.version) == ("calling", 1)


def test_a_viewer_reads_and_changes_nothing(client_for, fair, place, typed):
    viewer = MembershipFactory(organisation=fair.organiser, role=Role.VIEWER)
    client = client_for(viewer.user)
    assert client.get(path("fair_manage", fair.pk)).status_code == 200
    assert client.get(path("application", fair.pk, place.pk)).status_code == 200
    for name, args in [
        ("fair_create", []),
        ("fair_edit", [fair.pk]),
        ("fair_move", [fair.pk, "reviewing"]),
        ("fair_cancel", [fair.pk]),
        ("application_decide", [fair.pk, place.pk, "approve"]),
    ]:
        data = typed() | {"booths": 1, "version": 1, "reason": "x"}
        assert client.post(path(name, *args), data).status_code == 403, name
    assert Fair.objects.count() == 1


def test_an_editor_moves_but_does_not_cancel(client_for, fair):
    editor = MembershipFactory(organisation=fair.organiser, role=Role.EDITOR)
    client = client_for(editor.user)
    assert client.post(path("fair_cancel", fair.pk), {"reason": "Bão"}).status_code == 403
    assert client.post(path("fair_move", fair.pk, "reviewing")).status_code == 302
    fair.refresh_from_db()
    assert fair.phase == "reviewing"


def test_moving_asks_first_and_says_what_is_missing(client_for, host):
    fair = FairFactory(organiser=host.organisation, venue_name="")
    client = client_for(host.user)
    assert client.get(path("fair_move", fair.pk, "calling")).status_code == 302
    assert client.post(path("fair_move", fair.pk, "calling")).status_code == 409
    fair.venue_name = "Quảng trường"
    fair.save()
    assert client.get(path("fair_move", fair.pk, "calling")).status_code == 200
    assert client.post(path("fair_move", fair.pk, "calling")).status_code == 302
    fair.refresh_from_db()
    assert (fair.phase, fair.is_public) == ("calling", True)
    for phase in ("cancelled", "planned", "nonsense"):
        assert client.post(path("fair_move", fair.pk, phase)).status_code == 404


def test_a_deadline_is_recorded_and_taken_back(client_for, host):
    fair = FairFactory(organiser=host.organisation)
    client = client_for(host.user)
    address = path("deadline_record", fair.pk, "register")
    bad = client.post(address, {"done_on": days_from_now(3).isoformat(), "reference": "7/SCT"})
    assert "done_on" in bad.context["form"].errors
    assert "7/SCT" in bad.content.decode()
    client.post(address, {"done_on": clock.today().isoformat(), "reference": "7/SCT"})
    assert DeadlineMark.objects.get().recorded_by == host.user
    client.post(address, {"clear": "1"})
    assert not DeadlineMark.objects.exists()
    for code in ("change", "line_up", "nonsense"):
        assert client.get(path("deadline_record", fair.pk, code)).status_code == 404


def test_a_producer_applies_and_the_host_approves(client_for, host, fair, applicant, product_ids):
    producer = client_for(applicant.user)
    data = {"products": product_ids, "booths": "2", "note": "Cần tủ lạnh"}
    assert producer.post(path("apply", fair.pk), data).status_code == 302
    place = Participation.objects.get()
    client = client_for(host.user)
    assert (
        applicant.organisation.name
        in client.get(path("application_list", fair.pk)).content.decode()
    )
    address = path("application_decide", fair.pk, place.pk, "approve")
    too_many = client.post(address, {"booths": "101", "version": "1"})
    assert "booths" in too_many.context["form"].errors
    assert client.post(address, {"booths": "2", "version": "1"}).status_code == 302
    place.refresh_from_db()
    assert (place.status, place.booths_granted, place.decided_by) == ("approved", 2, host.user)
    assert producer.post(path("apply", fair.pk), data).status_code == 409


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("products", []),
        ("products", ["x"]),
        ("products", ["9" * 30]),
        ("booths", ""),
        ("booths", "0"),
        ("booths", "21"),
        ("booths", "２"),
        ("note", "x" * 1001),
    ],
)
def test_a_bad_application_is_named_at_its_field(
    client_for, fair, applicant, product_ids, field, value
):
    data = {"products": product_ids, "booths": "1", "note": "Giữ lại"} | {field: value}
    response = client_for(applicant.user).post(path("apply", fair.pk), data)
    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert "Giữ lại" in response.content.decode() or field == "note"
    assert not Participation.objects.exists()


def test_foreign_products_cannot_be_shown(client_for, fair, applicant):
    foreign = ProductFactory(name="Của người khác")
    client = client_for(applicant.user)
    assert "Của người khác" not in client.get(path("apply", fair.pk)).content.decode()
    response = client.post(path("apply", fair.pk), {"products": [foreign.pk], "booths": "1"})
    assert "products" in response.context["form"].errors


def test_an_application_of_somebody_else_is_not_withdrawn(client_for, place):
    stranger = client_for(MembershipFactory().user)
    address = path("application_withdraw", place.pk)
    assert stranger.post(address).status_code == 404
    own = client_for(place.organisation.memberships.get().user)
    assert own.post(address).status_code == 302
    place.refresh_from_db()
    assert place.status == "withdrawn"


def test_a_decision_on_a_stale_page_changes_nothing(client_for, host, fair, place):
    Participation.objects.filter(pk=place.pk).update(version=2)
    address = path("application_decide", fair.pk, place.pk, "decline")
    response = client_for(host.user).post(address, {"reason": "Hết chỗ", "version": "1"})
    assert response.status_code == 409
    for version in ("", "x", "9" * 40):
        again = client_for(host.user).post(address, {"reason": "Hết chỗ", "version": version})
        assert again.status_code == 200
    place.refresh_from_db()
    assert place.status == "submitted"


def test_late_changes_of_a_registered_kind_are_warned_of(client_for, host, typed):
    fair = FairFactory(
        organiser=host.organisation,
        opens_on=days_from_now(20),
        applications_from=days_from_now(0),
        applications_to=days_from_now(10),
    )
    data = typed(
        name=fair.name,
        opens_on=days_from_now(21).isoformat(),
        closes_on=days_from_now(26).isoformat(),
        applications_to=days_from_now(10).isoformat(),
        venue_name=fair.venue_name,
    )
    client = client_for(host.user, language="en")
    page = client.post(path("fair_edit", fair.pk), data, follow=True).content.decode()
    assert "last day for changes has passed" in page


def test_an_officer_reads_fairs_of_the_own_province_only(client_for):
    FairFactory(name="Hội chợ nhà")
    FairFactory(name="Hội chợ xa", province=province("24", name="Bắc Ninh"))
    FairFactory(
        name="Hội chợ chung",
        province=province("24", name="Bắc Ninh"),
        co_hosts=[province()],
    )
    page = client_for(OfficerFactory()).get(path("province_fairs")).content.decode()
    assert "Hội chợ nhà" in page
    assert "Hội chợ chung" in page
    assert "Hội chợ xa" not in page


@pytest.mark.parametrize(
    ("name", "needs"),
    [("own_fairs", "own_fairs"), ("province_fairs", "province_fairs")],
)
def test_own_lists_are_not_for_visitors(client, client_for, applicant, name, needs):
    assert client.get(path(name)).status_code == 302
    assert client_for(applicant.user).get(path(needs)).status_code in {302, 404}


@pytest.mark.parametrize("name", ["fair_manage", "fair_detail"])
@pytest.mark.parametrize("number", ["0", "99999999999999999999", "9" * 5000])
def test_numbers_nobody_has_are_not_found(client_for, host, name, number):
    address = path(name, 1).replace("/1/", f"/{number}/")
    assert client_for(host.user).get(address).status_code == 404
