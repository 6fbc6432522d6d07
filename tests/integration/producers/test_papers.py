"""Papers: what each kind needs, who decides, what each step announces, hostile scans."""

from __future__ import annotations

import datetime as dt

import pytest

from core.accounts.enums import Role
from core.kernel import clock
from core.kernel.errors import IllegalTransitionError, InvalidInputError
from core.outbox.models import OutboxMessage
from core.vault.content import checked_file
from core.vault.models import Document
from producers import selectors, services
from producers.enums import EvidenceGrade, PaperStatus
from producers.models import Paper
from producers.services import PaperInput
from tests.factories.accounts import MembershipFactory, OfficerFactory, commune, province
from tests.factories.producers import PaperFactory, ProductFactory, SupplyOfferFactory
from tests.integration.producers.conftest import picture, upload

pytestmark = pytest.mark.django_db
NEW = "/producer/papers/new/?kind="
PDF = b"%PDF-1.7 x %%EOF"


def events():
    return [
        (m.type.split(".")[-2], m.aggregate_id, m.aggregate_version)
        for m in OutboxMessage.objects.order_by("pk")
    ]


def claim(**changes):
    values = {
        "kind": "vietgap",
        "number": "VG-1",
        "issuer": "Vinacert",
        "valid_from": clock.today(),
        "valid_to": clock.today() + dt.timedelta(days=700),
    }
    return PaperInput(**(values | changes))


def test_a_paper_goes_from_submission_to_revocation_with_one_event_each(owner):
    officer, second = OfficerFactory.create_batch(2)
    paper = services.submit_paper(producer_id=owner.organisation.pk, values=claim())
    services.return_paper(paper_id=paper.pk, reason="Mờ quá", officer_id=officer.pk)
    services.resubmit_paper(paper_id=paper.pk, values=claim(number="VG-2"))
    services.verify_paper(paper_id=paper.pk, grade=EvidenceGrade.DOCUMENT, officer_id=officer.pk)
    services.suspend_paper(paper_id=paper.pk, reason="Kiểm tra lại", officer_id=officer.pk)
    services.verify_paper(paper_id=paper.pk, grade=EvidenceGrade.REGISTER, officer_id=officer.pk)
    services.revoke_paper(
        paper_id=paper.pk, reason="Vi phạm", officer_id=officer.pk, confirmed_by_id=second.pk
    )
    paper.refresh_from_db()
    assert (paper.status, paper.status_reason, paper.grade) == ("revoked", "Vi phạm", "B")
    assert (paper.decided_by, paper.confirmed_by, paper.version) == (officer, second, 7)
    names = ["submitted", "returned", "submitted", "verified", "suspended", "verified", "revoked"]
    assert events() == [(name, paper.pk, n) for n, name in enumerate(names, start=1)]


def revoke(*, paper_id: int, reason: str):
    first, second = OfficerFactory.create_batch(2)
    return services.revoke_paper(
        paper_id=paper_id, reason=reason, officer_id=first.pk, confirmed_by_id=second.pk
    )


@pytest.mark.parametrize(
    ("status", "service"),
    [
        ("submitted", services.suspend_paper),
        ("submitted", revoke),
        ("returned", services.return_paper),
        ("verified", services.return_paper),
        ("suspended", services.suspend_paper),
        ("revoked", revoke),
        ("expired", revoke),
        ("expired", services.suspend_paper),
    ],
)
def test_a_step_from_the_wrong_state_is_refused(status, service):
    paper = PaperFactory(status=status)
    with pytest.raises(IllegalTransitionError):
        service(paper_id=paper.pk, reason="x")
    paper.refresh_from_db()
    assert (paper.status, paper.version, events()) == (status, 1, [])


@pytest.mark.parametrize("status", ["verified", "returned", "revoked"])
def test_only_a_waiting_or_suspended_paper_is_verified(status):
    paper = PaperFactory(status=status)
    with pytest.raises(IllegalTransitionError):
        services.verify_paper(paper_id=paper.pk, grade=EvidenceGrade.DOCUMENT)


def test_a_step_needs_a_reason_people_can_read():
    paper = PaperFactory(verified=True)
    with pytest.raises(InvalidInputError) as caught:
        revoke(paper_id=paper.pk, reason=" \u200b ")
    assert list(caught.value.field_errors) == ["reason"]


def test_a_valid_verified_paper_stays_as_it_is_but_one_that_ran_out_is_renewed():
    valid = PaperFactory(verified=True)
    with pytest.raises(IllegalTransitionError):
        services.resubmit_paper(paper_id=valid.pk, values=claim())
    yesterday = clock.today() - dt.timedelta(days=1)
    ended = PaperFactory(verified=True, valid_to=yesterday)
    services.resubmit_paper(paper_id=ended.pk, values=claim(number="VG-9"))
    ended.refresh_from_db()
    assert (ended.status, ended.grade) == (PaperStatus.SUBMITTED, EvidenceGrade.CLAIM)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "diploma"}, "kind"),
        ({"number": "\u200b"}, "number"),
        ({"number": "x" * 81}, "number"),
        ({"issuer": ""}, "issuer"),
        ({"valid_to": dt.date(2020, 1, 1)}, "valid_to"),
        ({"valid_to": dt.date(2099, 1, 1)}, "valid_to"),
        ({"kind": "ocop_award"}, "product"),
        ({"kind": "ocop_award", "stars": 6}, "stars"),
        ({"stars": 4}, "stars"),
        ({"kind": "growing_area_code"}, "market"),
        ({"kind": "growing_area_code", "market": "XX"}, "market"),
        ({"area_ha": 0}, "area_ha"),
        ({"evidence_url": "javascript:alert(1)"}, "evidence_url"),
        ({"evidence_url": "http://[::1"}, "evidence_url"),
        ({"product_id": 0}, "product"),
    ],
)
def test_what_a_paper_cannot_mean_is_refused_at_its_field(owner, changes, field):
    with pytest.raises(InvalidInputError) as caught:
        services.submit_paper(producer_id=owner.organisation.pk, values=claim(**changes))
    assert field in caught.value.field_errors
    assert Paper.objects.count() == 0


def test_the_same_paper_is_handed_in_once(owner):
    services.submit_paper(producer_id=owner.organisation.pk, values=claim())
    with pytest.raises(InvalidInputError) as caught:
        services.submit_paper(producer_id=owner.organisation.pk, values=claim())
    assert list(caught.value.field_errors) == ["number"]


def test_offers_rest_on_the_papers_of_their_product_and_of_the_whole_producer(owner):
    producer = owner.organisation.producer
    offer = SupplyOfferFactory(producer=producer, published=True)
    other = SupplyOfferFactory(producer=producer, published=True)
    SupplyOfferFactory(producer=producer, product=offer.product)
    SupplyOfferFactory(published=True)
    general = PaperFactory(producer=producer, verified=True)
    of_one = PaperFactory(producer=producer, product=offer.product, verified=True)
    assert selectors.offers_resting_on_paper(general.pk) == [offer.pk, other.pk]
    assert selectors.offers_resting_on_paper(of_one.pk) == [offer.pk]
    assert selectors.offers_resting_on_paper(0) == []


# --- Pages ------------------------------------------------------------------------------------


def form_of(product=None, **changes):
    typed = {
        "number": "QĐ 123/QĐ-UBND",
        "issuer": "UBND tỉnh",
        "valid_from": "01/02/2026",
        "valid_to": "2029-01-31",
    }
    return typed | ({"product": product.pk, "stars": 4} if product else {}) | changes


def test_an_award_is_handed_in_with_its_scan(client, product):
    response = client.post(
        NEW + "ocop_award", form_of(product, evidence=upload(picture(), "../../x.php"))
    )
    assert response.status_code == 302
    paper = Paper.objects.get()
    assert (paper.kind, paper.stars, paper.product) == ("ocop_award", 4, product)
    assert paper.evidence.name.endswith(".png")
    assert "x.php" not in paper.evidence.name


def test_an_award_without_stars_keeps_what_was_typed(client, product):
    form = client.post(NEW + "ocop_award", form_of(product, stars="")).context["form"]
    assert (list(form.errors), form["number"].value()) == (["stars"], "QĐ 123/QĐ-UBND")


def test_households_are_typed_as_people_write_thousands(client):
    listed = form_of(households="1.250", commune=commune().pk)
    assert client.post(NEW + "safe_commitment", listed).status_code == 302
    assert Paper.objects.get().households == 1250


def test_a_refused_form_keeps_the_file_that_was_good(client, owner, product):
    """A browser does not send it again by itself: it waits among the documents, chosen."""
    typed = form_of(product, stars="")
    page = client.post(NEW + "ocop_award", typed | {"evidence": upload(picture())})
    kept = Document.objects.get(organisation=owner.organisation)
    form = page.context["form"]
    assert (list(form.errors), form["document"].value()) == (["stars"], str(kept.pk))
    assert f'value="{kept.pk}" selected' in page.content.decode()
    client.post(NEW + "ocop_award", typed | {"document": kept.pk, "stars": 4})
    assert Paper.objects.get().document == kept
    again = form_of(valid_to="2001-01-01", evidence=upload(PDF, "a.pdf"))
    form = client.post(NEW + "vietgap", again).context["form"]
    assert (list(form.errors), form["document"].value() != str(kept.pk)) == (["valid_to"], True)


@pytest.mark.parametrize("kind", ["", "diploma"])
def test_without_a_kind_the_page_asks_for_it(client, kind):
    assert "growing_area_code" in client.get(NEW + kind).content.decode()


@pytest.mark.parametrize(
    ("content", "name", "content_type"),
    [
        (b"<html><script>alert(1)</script>", "x.png", "image/png"),
        (b"<html><script>alert(1)</script>", "x.pdf", "application/pdf"),
        (b"<svg onload=alert(1)>", "x.svg", "image/svg+xml"),
        (b"GIF89a/*" + b"x" * 99, "x.gif", "image/gif"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 99, "x.png", "image/png"),
        (b"\xff\xd8\xff" + b"x" * 99, "x.jpg", "image/jpeg"),
        (b"", "x.pdf", "application/pdf"),
        (b"%PDF-1.7" + b"0" * (10 * 1024 * 1024), "x.pdf", "application/pdf"),
    ],
)
def test_a_file_that_is_no_scan_is_refused_at_its_field(client, content, name, content_type):
    sent = form_of(evidence=upload(content, name, content_type))
    form = client.post(NEW + "vietgap", sent).context["form"]
    assert list(form.errors) == ["evidence"]
    assert Paper.objects.count() == 0


def stored_paper(owner):
    scan = checked_file(upload(PDF, "a.pdf", "application/pdf"))
    return services.submit_paper(producer_id=owner.organisation.pk, values=claim(evidence=scan))


def test_a_scan_goes_to_its_holder_and_officer_alone_and_only_as_a_download(client_for, owner):
    paper = stored_paper(owner)
    url = f"/papers/{paper.pk}/evidence/"
    viewer = MembershipFactory(organisation=owner.organisation, role=Role.VIEWER)
    for user in (owner.user, viewer.user, OfficerFactory()):
        answer = client_for(user).get(url)
        assert (answer.status_code, answer.content) == (200, b"%PDF-1.7 x %%EOF")
        assert answer["Content-Disposition"].startswith("attachment;")
        assert answer["X-Content-Type-Options"] == "nosniff"
    elsewhere = OfficerFactory(of=province("31", name="Hải Phòng"))
    without = OfficerFactory(second_factor=False)
    for client in (
        client_for(MembershipFactory().user),
        client_for(elsewhere),
        client_for(without),
        client_for(),
    ):
        assert client.get(url).status_code == 404


def test_a_pdf_has_no_preview_and_a_picture_is_made_anew(client, owner):
    paper = stored_paper(owner)
    assert client.get(f"/papers/{paper.pk}/preview/").status_code == 404
    paper = Paper.objects.get()
    services.remove_paper(paper_id=paper.pk)
    client.post(NEW + "vietgap", form_of(evidence=upload(picture())))
    answer = client.get(f"/papers/{Paper.objects.get().pk}/preview/")
    assert answer["Content-Type"] == "image/jpeg"
    assert answer.content.startswith(b"\xff\xd8\xff")


def test_another_producers_paper_does_not_exist(client):
    theirs = PaperFactory()
    for page in ("", "remove/"):
        assert client.get(f"/producer/papers/{theirs.pk}/{page}").status_code == 404
        assert client.post(f"/producer/papers/{theirs.pk}/{page}").status_code == 404


def test_the_list_shows_every_state(client, owner):
    producer = owner.organisation.producer
    for status in PaperStatus:
        PaperFactory(producer=producer, status=status)
    PaperFactory(producer=producer, verified=True, valid_to=clock.today() - dt.timedelta(days=1))
    assert client.get("/producer/papers/").status_code == 200


def test_changing_and_taking_back_a_returned_paper(client, owner):
    paper = PaperFactory(producer=owner.organisation.producer, status=PaperStatus.RETURNED)
    url = f"/producer/papers/{paper.pk}/"
    assert client.get(url).context["form"]["number"].value() == paper.number
    client.post(url, form_of())
    paper.refresh_from_db()
    assert (paper.status, paper.number) == ("submitted", "QĐ 123/QĐ-UBND")
    client.post(f"{url}remove/")
    assert not Paper.objects.exists()


# --- The officer's desk -----------------------------------------------------------------------


def test_an_officer_verifies_returns_suspends_and_revokes(client_for):
    client = client_for(OfficerFactory())
    paper = PaperFactory()
    url = f"/officer/papers/{paper.pk}/"
    assert client.get("/officer/papers/").context["page_obj"].object_list == [paper]
    assert client.get(url).status_code == 200
    client.post(f"{url}verify/", {"grade": "A", "version": 1})
    paper.refresh_from_db()
    assert (paper.status, paper.grade) == ("verified", "A")
    assert client.get(f"{url}suspend/").status_code == 200
    assert client.post(f"{url}suspend/", {"reason": ""}).context["form"].errors
    client.post(f"{url}suspend/", {"reason": "Kiểm tra lại", "version": 2})
    client.post(f"{url}revoke/", {"reason": "Vi phạm", "version": 3})
    second = client_for(OfficerFactory())
    second.post(f"/officer/proposals/{paper.proposals.get().pk}/confirm/")
    paper.refresh_from_db()
    assert (paper.status, paper.status_reason) == ("revoked", "Vi phạm")


@pytest.mark.parametrize("page", ["", "verify/", "return/", "suspend/", "revoke/"])
def test_an_officer_of_another_province_finds_nothing(client_for, page):
    client = client_for(OfficerFactory(of=province("31", name="Hải Phòng")))
    paper = PaperFactory()
    assert list(client.get("/officer/papers/").context["page_obj"]) == []
    send = client.post if page else client.get
    assert send(f"/officer/papers/{paper.pk}/{page}", {"grade": "A"}).status_code == 404
    assert events() == []


def test_an_officer_does_not_decide_on_the_own_organisations_paper(client_for):
    officer, paper = OfficerFactory(), PaperFactory()
    MembershipFactory(user=officer, organisation=paper.producer.organisation)
    client = client_for(officer)
    answer = client.post(f"/officer/papers/{paper.pk}/verify/", {"grade": "A"})
    assert answer.status_code == 403
    assert events() == []


def test_an_officer_without_second_factor_is_sent_to_set_it_up(client_for):
    PaperFactory()
    answer = client_for(OfficerFactory(second_factor=False)).get("/officer/papers/")
    assert (answer.status_code, "/accounts/2fa/" in answer.url) == (302, True)


def test_a_producer_does_not_find_the_desk(client, owner):
    paper = PaperFactory(producer=owner.organisation.producer)
    assert client.get("/officer/papers/").status_code == 404
    assert client.post(f"/officer/papers/{paper.pk}/verify/", {"grade": "A"}).status_code == 404


@pytest.mark.parametrize("step", ["nonsense", "verified"])
def test_a_step_that_does_not_exist_is_not_found(client_for, step):
    paper = PaperFactory()
    client = client_for(OfficerFactory())
    assert client.get(f"/officer/papers/{paper.pk}/{step}/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("page", "queries"), [("/officer/papers/", 24), ("/producer/papers/", 8)])
def test_lists_cost_the_same_queries_whatever_their_length(
    client_for, count, page, queries, django_assert_num_queries
):
    officer = OfficerFactory()
    papers = PaperFactory.create_batch(count, product=None)
    for paper in papers:
        paper.product = ProductFactory(producer=paper.producer)
        paper.save()
    MembershipFactory(user=officer, organisation=papers[0].producer.organisation)
    client = client_for(officer)
    client.get(page)
    with django_assert_num_queries(queries):
        client.get(page)
