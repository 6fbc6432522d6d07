"""The officer's desk: what it shows, what it decides, and to whom it does not exist."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.accounts.enums import ClaimStatus, OrganisationStatus
from core.accounts.models import Organisation, TaxCodeClaim
from core.kernel import clock
from core.outbox.models import OutboxMessage
from tests.factories.accounts import (
    MembershipFactory,
    OfficerFactory,
    OrganisationFactory,
    UserFactory,
    province,
    tax_code,
    turn_on_totp,
)

pytestmark = pytest.mark.django_db
LIST = "accounts:officer_organisations"


def page_of(organisation):
    return reverse("accounts:officer_organisation", args=[organisation.pk])


def decide(client, organisation, decision, **data):
    return client.post(
        page_of(organisation), {"decision": decision, "version": organisation.version, **data}
    )


@pytest.fixture
def waiting():
    organisation = OrganisationFactory(submitted=True, name="Hợp tác xã Đang Chờ")
    MembershipFactory(organisation=organisation)
    return organisation


def test_the_list_shows_waiting_ones_oldest_first_and_says_which_are_late(client_for):
    now = clock.now()
    young = OrganisationFactory(submitted=True, submitted_at=now)
    old = OrganisationFactory(submitted=True, submitted_at=now - dt.timedelta(days=9))
    OrganisationFactory(name="Hợp tác xã Xong Việc")
    OrganisationFactory(draft=True, name="Hợp tác xã Chưa Gửi")
    response = client_for(OfficerFactory()).get(reverse(LIST))
    rows = [(row, late) for row, _due, late in response.context["rows"]]
    assert rows == [(old, True), (young, False)]
    page = response.content.decode()
    assert "Hợp tác xã Xong Việc" not in page
    assert "Hợp tác xã Chưa Gửi" not in page


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?status=approved", ["Cam Vạn Yên"]),
        ("?status=all&q=van+yen", ["Cam Vạn Yên"]),
        ("?status=all&q=V%E1%BA%A0N", ["Cam Vạn Yên"]),
        ("?q=van+yen", []),
        ("?status=draft", ["Chả mực Hạ Long"]),
        ("?status=nonsense&page=abc", ["Chả mực Hạ Long"]),
        ("?page=999999999999", ["Chả mực Hạ Long"]),
        ("?status=all&q=" + "x" * 3000, ["Cam Vạn Yên", "Chả mực Hạ Long"]),
        ("?q=%25%25%27--", []),
    ],
)
def test_filters_narrow_and_nonsense_is_ignored(client_for, query, names):
    OrganisationFactory(name="Cam Vạn Yên")
    OrganisationFactory(submitted=True, name="Chả mực Hạ Long")
    response = client_for(OfficerFactory()).get(reverse(LIST) + query)
    assert sorted(row.name for row, _due, _late in response.context["rows"]) == names


def test_the_list_asks_the_database_as_often_for_one_as_for_many(
    client_for, django_assert_num_queries
):
    client = client_for(OfficerFactory())
    OrganisationFactory(submitted=True)
    client.get(reverse(LIST))
    with CaptureQueriesContext(connection) as one:
        client.get(reverse(LIST))
    OrganisationFactory.create_batch(3, submitted=True)
    with django_assert_num_queries(len(one)):
        client.get(reverse(LIST))


def test_the_list_has_pages(client_for):
    OrganisationFactory.create_batch(27, submitted=True)
    client = client_for(OfficerFactory())
    assert len(client.get(reverse(LIST)).context["rows"]) == 25
    assert len(client.get(reverse(LIST) + "?page=2").context["rows"]) == 2


def test_approving_makes_it_approved_and_announces_it(client_for, waiting):
    officer = OfficerFactory()
    response = decide(client_for(officer), waiting, "approve")
    waiting.refresh_from_db()
    assert response.status_code == 302
    assert (waiting.status, waiting.decided_by) == (OrganisationStatus.APPROVED, officer)
    payload = OutboxMessage.objects.get(type="accounts.organisation.approved.v1").payload
    assert payload == {"organisation_id": waiting.pk, "version": waiting.version}


def test_the_history_names_who_decided(client_for, waiting):
    officer = OfficerFactory()
    decide(client_for(officer), waiting, "approve")
    revision = Organisation.pgh_event_model.objects.filter(pgh_obj_id=waiting.pk).latest("pgh_id")
    assert (revision.status, revision.decided_by_id) == ("approved", officer.pk)
    assert revision.pgh_context.metadata["actor"] == officer.pk
    assert not hasattr(revision, "contact_phone")


def test_returning_keeps_the_reason_for_the_members(client_for, waiting):
    response = decide(client_for(OfficerFactory()), waiting, "return", reason="Sửa tên.\nGửi lại.")
    waiting.refresh_from_db()
    assert response.status_code == 302
    assert (waiting.status, waiting.status_reason) == ("returned", "Sửa tên.\nGửi lại.")
    assert OutboxMessage.objects.filter(type="accounts.organisation.returned.v1").exists()


@pytest.mark.parametrize("reason", ["", "   ", "\u200b", "x" * 501, "x" * 100_000])
def test_returning_needs_a_reason_of_a_sensible_length(client_for, waiting, reason):
    response = decide(client_for(OfficerFactory()), waiting, "return", reason=reason)
    waiting.refresh_from_db()
    assert response.status_code == 400
    assert waiting.status == OrganisationStatus.SUBMITTED
    assert response.context["form"].errors.keys() == {"reason"}
    if len(reason) == 501:
        assert reason in response.content.decode()


@pytest.mark.parametrize("version", ["0", "", "abc", "²", "9" * 400])
def test_what_changed_while_it_was_read_is_not_decided(client_for, waiting, version):
    client = client_for(OfficerFactory())
    response = client.post(page_of(waiting), {"decision": "approve", "version": version})
    waiting.refresh_from_db()
    assert response.status_code == 409
    assert waiting.status == OrganisationStatus.SUBMITTED


def test_two_officers_decide_once(client_for, waiting):
    decide(client_for(OfficerFactory()), waiting, "approve")
    response = decide(client_for(OfficerFactory()), waiting, "return", reason="Muộn rồi")
    waiting.refresh_from_db()
    assert response.status_code == 409
    assert "Muộn rồi" in response.content.decode()
    assert waiting.status == OrganisationStatus.APPROVED


def test_the_tax_code_is_masked(client_for, waiting):
    page = client_for(OfficerFactory()).get(page_of(waiting)).content.decode()
    assert waiting.tax_code not in page
    assert waiting.tax_code[-3:] in page


def test_another_province_does_not_exist(client_for, waiting):
    stranger = client_for(OfficerFactory(of=province("24", name="Bắc Ninh")))
    tax = reverse("accounts:officer_tax_code", args=[waiting.pk])
    before = Organisation.objects.values().get(pk=waiting.pk)
    assert stranger.get(page_of(waiting)).status_code == 404
    assert decide(stranger, waiting, "approve").status_code == 404
    assert stranger.post(tax, {"decision": "transfer", "claim_reason": "x"}).status_code == 404
    assert "Đang Chờ" not in stranger.get(reverse(LIST) + "?status=all").content.decode()
    assert Organisation.objects.values().get(pk=waiting.pk) == before


def test_a_draft_is_nobodys_business(client_for):
    draft = OrganisationFactory(draft=True)
    assert client_for(OfficerFactory()).get(page_of(draft)).status_code == 404


def test_without_a_second_factor_an_officer_is_sent_to_set_it_up(client_for, waiting):
    client = client_for(OfficerFactory(second_factor=False))
    for address in (reverse(LIST), page_of(waiting)):
        assert client.get(address).url == reverse("mfa_activate_totp")


def test_an_ended_post_opens_nothing(client_for, waiting):
    officer = OfficerFactory()
    officer.officer_posts.update(is_active=False)
    assert client_for(officer).get(reverse(LIST)).status_code == 404


def test_an_administrator_reads_everything_and_decides_nothing(client_for, waiting):
    boss = UserFactory(is_staff=True)
    turn_on_totp(boss)
    client = client_for(boss)
    assert client.get(page_of(waiting)).status_code == 200
    assert decide(client, waiting, "approve").status_code == 403
    waiting.refresh_from_db()
    assert waiting.status == OrganisationStatus.SUBMITTED


@pytest.fixture
def disputed():
    code = tax_code(9_500)
    holder = OrganisationFactory(tax_code=code, name="Bên giữ mã")
    MembershipFactory(organisation=holder)
    claimant = OrganisationFactory(
        submitted=True, tax_code=code, name="Bên đòi mã", claim=ClaimStatus.QUEUED
    )
    return holder, claimant


def settle(client, organisation, decision, reason="Đã xem giấy đăng ký kinh doanh."):
    address = reverse("accounts:officer_tax_code", args=[organisation.pk])
    return client.post(address, {"decision": decision, "claim_reason": reason})


def test_a_disputed_code_is_shown_to_the_officer_and_blocks_approval(client_for, disputed):
    holder, claimant = disputed
    client = client_for(OfficerFactory())
    page = client.get(page_of(claimant)).content.decode()
    assert holder.name in page
    assert claimant.tax_code not in page
    assert decide(client, claimant, "approve").status_code == 409
    claimant.refresh_from_db()
    assert claimant.status == OrganisationStatus.SUBMITTED


def test_a_transfer_moves_the_code_returns_the_holder_and_keeps_the_reason(client_for, disputed):
    holder, claimant = disputed
    officer = OfficerFactory()
    client = client_for(officer)
    assert settle(client, claimant, "transfer").status_code == 302
    claims = {claim.organisation_id: claim for claim in TaxCodeClaim.objects.all()}
    holder.refresh_from_db()
    assert claims[claimant.pk].status == ClaimStatus.HELD
    assert claims[holder.pk].status == ClaimStatus.REFUSED
    assert claims[holder.pk].reason == "Đã xem giấy đăng ký kinh doanh."
    assert claims[holder.pk].decided_by == officer
    assert holder.status == OrganisationStatus.RETURNED
    assert TaxCodeClaim.pgh_event_model.objects.filter(
        pgh_obj_id=claims[holder.pk].pk, status="refused"
    ).exists()
    assert decide(client, claimant, "approve").status_code == 302


def test_a_refused_claim_leaves_the_code_with_its_holder(client_for, disputed):
    holder, claimant = disputed
    client = client_for(OfficerFactory())
    settle(client, claimant, "refuse")
    assert TaxCodeClaim.objects.get(organisation=claimant).status == ClaimStatus.REFUSED
    assert TaxCodeClaim.objects.get(organisation=holder).status == ClaimStatus.HELD
    assert decide(client, claimant, "approve").status_code == 409
    assert settle(client, claimant, "transfer").status_code == 302
    assert TaxCodeClaim.objects.get(organisation=holder).status == ClaimStatus.HELD


@pytest.mark.parametrize(("decision", "reason"), [("transfer", ""), ("nonsense", "x"), ("", "x")])
def test_settling_needs_a_reason_and_a_known_decision(client_for, disputed, decision, reason):
    holder, claimant = disputed
    response = settle(client_for(OfficerFactory()), claimant, decision, reason)
    assert response.status_code == 400
    assert TaxCodeClaim.objects.get(organisation=holder).status == ClaimStatus.HELD


def test_a_branch_is_shown_beside_its_parent_and_blocks_nothing(client_for):
    parent = OrganisationFactory(name="Công ty Mẹ")
    branch = OrganisationFactory(
        submitted=True, tax_code=f"{parent.tax_code}-001", name="Chi nhánh"
    )
    client = client_for(OfficerFactory())
    assert "Công ty Mẹ" in client.get(page_of(branch)).content.decode()
    assert decide(client, branch, "approve").status_code == 302
