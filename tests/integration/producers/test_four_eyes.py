"""Stars and revocations take two officers: one proposes, another one of the province answers."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string

from core.kernel.errors import IllegalTransitionError, InvalidInputError, NotAllowedError
from core.notifications.models import Notification
from core.outbox.models import OutboxMessage
from producers import handlers, notices, services
from producers.enums import EvidenceGrade, PaperStatus, ProposalState
from producers.events import PaperProposed
from producers.models import Paper, PaperProposal
from tests.factories.accounts import MembershipFactory, OfficerFactory, UserFactory, province
from tests.factories.producers import PaperFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def officers(db):
    return OfficerFactory.create_batch(2)


def propose_revocation(paper: Paper, officer) -> PaperProposal:
    return services.propose_revocation(paper_id=paper.pk, reason="Vi phạm", officer_id=officer.pk)


def propose_stars(paper: Paper, officer) -> PaperProposal:
    return services.propose_verification(
        paper_id=paper.pk, grade=EvidenceGrade.REGISTER, officer_id=officer.pk
    )


def decided() -> list[str]:
    types = OutboxMessage.objects.order_by("pk").values_list("type", flat=True)
    return [one.split(".")[-2] for one in types]


def test_a_revocation_waits_for_the_second_officer(officers):
    first, second = officers
    paper = PaperFactory(verified=True)
    proposal = propose_revocation(paper, first)
    paper.refresh_from_db()
    assert (paper.status, paper.version) == ("verified", 1)
    services.confirm_proposal(proposal_id=proposal.pk, officer_id=second.pk)
    paper.refresh_from_db()
    proposal.refresh_from_db()
    assert (paper.status, paper.decided_by, paper.confirmed_by) == ("revoked", first, second)
    assert (proposal.state, proposal.decided_by) == (ProposalState.CONFIRMED, second)
    assert decided() == ["proposed", "revoked"]


def test_stars_wait_for_the_second_officer(officers):
    first, second = officers
    paper = PaperFactory(award=True)
    with pytest.raises(NotAllowedError):
        services.verify_paper(paper_id=paper.pk, grade=EvidenceGrade.DOCUMENT, officer_id=first.pk)
    services.confirm_proposal(proposal_id=propose_stars(paper, first).pk, officer_id=second.pk)
    paper.refresh_from_db()
    assert (paper.status, paper.grade, paper.confirmed_by) == ("verified", "B", second)


def test_a_suspended_award_needs_two_again(officers):
    paper = PaperFactory(award=True, status=PaperStatus.SUSPENDED)
    with pytest.raises(NotAllowedError):
        services.verify_paper(
            paper_id=paper.pk, grade=EvidenceGrade.DOCUMENT, officer_id=officers[0].pk
        )


def test_nobody_answers_the_own_proposal(officers):
    first, _second = officers
    paper = PaperFactory(verified=True)
    proposal = propose_revocation(paper, first)
    with pytest.raises(NotAllowedError):
        services.confirm_proposal(proposal_id=proposal.pk, officer_id=first.pk)
    with pytest.raises(NotAllowedError):
        services.refuse_proposal(proposal_id=proposal.pk, officer_id=first.pk, reason="x")
    paper.refresh_from_db()
    assert paper.status == "verified"


@pytest.mark.parametrize("pair", [(None, None), (1, None), (None, 1), (1, 1)])
def test_the_service_itself_wants_two_different_officers(officers, pair):
    paper = PaperFactory(verified=True)
    ids = [None if at is None else officers[at].pk for at in pair]
    with pytest.raises(NotAllowedError):
        services.revoke_paper(
            paper_id=paper.pk, reason="x", officer_id=ids[0], confirmed_by_id=ids[1]
        )


def test_the_database_refuses_one_officer_as_both(officers):
    first, _second = officers
    paper = PaperFactory(verified=True, decided_by=first)
    proposal = propose_revocation(paper, first)
    with pytest.raises(IntegrityError, match="paper_proposal_four_eyes"), transaction.atomic():
        PaperProposal.objects.filter(pk=proposal.pk).update(
            state=ProposalState.CONFIRMED, decided_by=first
        )
    with pytest.raises(IntegrityError, match="paper_confirmed_by_another"), transaction.atomic():
        Paper.objects.filter(pk=paper.pk).update(confirmed_by=first)


def test_a_proposal_is_taken_back_by_its_officer_alone(officers):
    first, second = officers
    paper = PaperFactory(verified=True)
    proposal = propose_revocation(paper, first)
    with pytest.raises(NotAllowedError):
        services.undo_proposal(proposal_id=proposal.pk, officer_id=second.pk)
    services.undo_proposal(proposal_id=proposal.pk, officer_id=first.pk)
    with pytest.raises(IllegalTransitionError):
        services.confirm_proposal(proposal_id=proposal.pk, officer_id=second.pk)
    assert propose_revocation(paper, second).state == ProposalState.WAITING


def test_a_refusal_says_why_and_leaves_the_paper(officers):
    first, second = officers
    paper = PaperFactory(verified=True)
    proposal = propose_revocation(paper, first)
    with pytest.raises(InvalidInputError):
        services.refuse_proposal(proposal_id=proposal.pk, officer_id=second.pk, reason=" ")
    services.refuse_proposal(proposal_id=proposal.pk, officer_id=second.pk, reason="Chưa đủ")
    proposal.refresh_from_db()
    paper.refresh_from_db()
    assert (proposal.state, proposal.state_reason, paper.status) == (
        "refused", "Chưa đủ", "verified"
    )  # fmt: skip


def test_one_proposal_waits_at_a_time(officers):
    paper = PaperFactory(verified=True)
    propose_revocation(paper, officers[0])
    with pytest.raises(IllegalTransitionError):
        propose_revocation(paper, officers[1])


@pytest.mark.parametrize("status", ["submitted", "returned", "revoked", "expired"])
def test_a_revocation_is_proposed_only_where_it_is_possible(officers, status):
    with pytest.raises(IllegalTransitionError):
        propose_revocation(PaperFactory(status=status), officers[0])


def test_what_the_holder_changed_meanwhile_is_not_verified_unread(officers, owner):
    award = PaperFactory(award=True, producer=owner.organisation.producer)
    proposal = propose_stars(award, officers[0])
    services.return_paper(paper_id=award.pk, reason="Mờ")
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.LAPSED


def test_suspending_at_once_leaves_the_proposed_revocation_waiting(officers):
    first, second = officers
    paper = PaperFactory(verified=True)
    proposal = propose_revocation(paper, first)
    services.suspend_paper(paper_id=paper.pk, reason="Ngay", officer_id=first.pk)
    services.confirm_proposal(proposal_id=proposal.pk, officer_id=second.pk)
    paper.refresh_from_db()
    assert paper.status == "revoked"


def test_the_other_officers_of_the_province_are_told(officers):
    first, second = officers
    OfficerFactory(of=province("31", name="Hải Phòng"))
    paper = PaperFactory(verified=True)
    proposal = propose_revocation(paper, first)
    event = PaperProposed(
        paper_id=paper.pk, version=1, organisation_id=paper.producer_id, kind=paper.kind,
        proposal_id=proposal.pk, step="revoke",
    )  # fmt: skip
    handlers.tell_paper_proposed(event)
    handlers.tell_paper_proposed(event)
    note = Notification.objects.get()
    context = notices.proposed_context(note)
    assert (note.user, context["url"]) == (second, f"/officer/papers/{paper.pk}/")
    for part in ("subject.txt", "body.txt", "body.html"):
        assert paper.number in render_to_string(f"emails/paper_proposed/{part}", context)
    services.undo_proposal(proposal_id=proposal.pk, officer_id=first.pk)
    assert notices.proposed_context(note) is None


# --- Pages ------------------------------------------------------------------------------------


def test_two_officers_carry_an_award_through_their_pages(officers, client_for):
    first, second = map(client_for, officers)
    award = PaperFactory(award=True)
    page = f"/officer/papers/{award.pk}/"
    assert first.post(f"{page}verify/", {"grade": "A", "version": 1}).url.startswith(page)
    proposal = award.proposals.get()
    confirm = f"/officer/proposals/{proposal.pk}/confirm/"
    assert f"/officer/proposals/{proposal.pk}/undo/" in first.get(page).content.decode()
    assert confirm in second.get(page).content.decode()
    assert confirm in second.get("/officer/proposals/").content.decode()
    assert confirm not in first.get("/officer/proposals/").content.decode()
    assert first.post(confirm).status_code == 403
    assert second.post(f"/officer/proposals/{proposal.pk}/undo/").status_code == 403
    assert second.post(confirm).url == "/officer/proposals/"
    award.refresh_from_db()
    assert (award.status, award.grade) == ("verified", "A")
    assert second.post(confirm).status_code == 409


def test_the_second_officer_refuses_with_a_reason(officers, client_for):
    first, second = officers
    proposal = propose_revocation(PaperFactory(verified=True), first)
    url = f"/officer/proposals/{proposal.pk}/refuse/"
    assert client_for(first).get(url).status_code == 403
    assert client_for(second).get(url).status_code == 200
    assert client_for(second).post(url, {"reason": ""}).context["form"].errors
    client_for(second).post(url, {"reason": "Chưa đủ căn cứ"})
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.REFUSED


def test_the_first_officer_takes_it_back(officers, client_for):
    proposal = propose_revocation(PaperFactory(verified=True), officers[0])
    client_for(officers[0]).post(f"/officer/proposals/{proposal.pk}/undo/")
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.UNDONE


@pytest.mark.parametrize("step", ["confirm", "refuse", "undo"])
def test_administrators_and_other_provinces_answer_nothing(officers, client_for, step):
    paper = PaperFactory(verified=True)
    proposal = propose_revocation(paper, officers[0])
    elsewhere = OfficerFactory(of=province("31", name="Hải Phòng"))
    admin = UserFactory(is_staff=True, is_superuser=True)
    member = MembershipFactory(organisation=paper.producer.organisation)
    url = f"/officer/proposals/{proposal.pk}/{step}/"
    for user in (elsewhere, admin, member.user):
        assert client_for(user).post(url, {"reason": "x"}).status_code in {302, 403, 404}
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.WAITING
