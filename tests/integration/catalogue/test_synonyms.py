"""What people chose becomes a synonym once an officer agrees, and can be taken back."""

from __future__ import annotations

import unicodedata

import pytest

from core.catalogue import selectors, services
from core.catalogue.enums import ProposalState
from core.catalogue.models import SynonymProposal
from core.kernel.errors import IllegalTransitionError, InvalidInputError
from core.outbox.models import OutboxMessage
from tests.factories.accounts import (
    MembershipFactory,
    OfficerFactory,
    OrganisationFactory,
    UserFactory,
)

pytestmark = pytest.mark.usefixtures("catalogue")
NAME = "Cắm Đoòng Hạ Long (hộp 500 g)"
KIND = "B06-banh-truyen-thong"


def choose(name=NAME, code=KIND, *, organisation_id=1, province_id=22):
    category = selectors.category_by_code(code)
    return services.record_choice(
        name=name, category_id=category.pk, organisation_id=organisation_id,
        province_id=province_id,
    )  # fmt: skip


def approve(proposal, term=None):
    return services.approve_synonym(
        proposal_id=proposal.pk, term=term or proposal.term, officer_id=7
    )


def test_a_choice_that_was_not_known_waits_with_its_bare_words():
    proposal = choose()
    assert (proposal.term, proposal.state, proposal.times_chosen) == (
        "cắm đoòng", ProposalState.WAITING, 1,
    )  # fmt: skip
    assert OutboxMessage.objects.get().type == "catalogue.synonym.proposed.v1"


def test_words_are_kept_in_nfc_however_they_were_typed():
    proposal = choose(unicodedata.normalize("NFD", NAME))
    assert (proposal.term, proposal.example) == ("cắm đoòng", NAME)


def test_a_choice_the_reading_would_have_made_is_nothing_new():
    assert choose("Chả mực Hạ Long", "B08-cha-muc") is None
    assert choose("500 g", KIND) is None
    assert choose(NAME, "B06") is None
    assert not SynonymProposal.objects.exists()


def test_the_same_words_are_counted_together_whoever_chose_them():
    choose()
    choose("CẮM ĐOÒNG loại 1", organisation_id=2, province_id=24)
    proposal = choose(organisation_id=2, province_id=24)
    assert proposal.times_chosen == 3
    assert (proposal.organisation_ids, proposal.province_ids) == ([1, 2], [22, 24])
    assert OutboxMessage.objects.count() == 1


def test_approved_words_are_read_and_found_at_once_until_taken_back():
    proposal = choose()
    assert selectors.read_name(NAME).code is None
    approve(proposal)
    assert selectors.read_name(NAME).code == KIND
    assert selectors.search_categories("cắm đoòng")[0].code == KIND
    services.reopen_synonym(proposal_id=proposal.pk, officer_id=7)
    assert selectors.read_name(NAME).code is None
    assert KIND not in {row.code for row in selectors.search_categories("cắm đoòng")[:1]}
    assert [message.type.split(".")[2] for message in OutboxMessage.objects.order_by("pk")] == [
        "proposed", "approved", "reopened",
    ]  # fmt: skip


def test_loading_the_files_again_keeps_what_was_approved():
    approve(choose())
    assert all(tally.is_quiet for tally in services.load_catalogue())
    assert selectors.read_name(NAME).code == KIND


def test_an_officer_may_shorten_the_words():
    proposal = choose("Cắm Đoòng Bà Năm")
    assert approve(proposal, "  Cắm đoòng ").term == "cắm đoòng"
    assert selectors.read_name("Cắm đoòng ông Tư").code == KIND


@pytest.mark.parametrize("term", ["", "🙂", "x " * 90, "chả mực", "CAM"])
def test_words_that_are_empty_or_mean_another_kind_are_refused(term):
    proposal = choose()
    with pytest.raises(InvalidInputError) as error:
        services.approve_synonym(proposal_id=proposal.pk, term=term, officer_id=7)
    assert list(error.value.field_errors) == ["term"]


def test_words_approved_for_one_kind_cannot_mean_another():
    approve(choose())
    other = choose("Cắm Đoòng", "B06-banh-nuong")
    with pytest.raises(InvalidInputError):
        approve(other)


def test_a_decision_is_made_once_and_only_a_decision_is_taken_back():
    proposal = choose()
    with pytest.raises(IllegalTransitionError):
        services.reopen_synonym(proposal_id=proposal.pk, officer_id=7)
    services.reject_synonym(proposal_id=proposal.pk, officer_id=7)
    with pytest.raises(IllegalTransitionError):
        approve(proposal)
    assert choose().state == ProposalState.REJECTED


def test_each_step_leaves_a_revision():
    proposal = choose()
    approve(proposal)
    revisions = proposal.events.order_by("pgh_id").values_list("state", flat=True)
    assert list(revisions) == ["waiting", "approved"]


@pytest.fixture
def officer(client_for):
    person = OfficerFactory()
    return person.officer_posts.get(), client_for(person)


def test_an_officer_sees_and_decides_on_the_words_of_the_own_province(officer):
    post, client = officer
    here = choose(province_id=post.province_id)
    there = choose("Thúc théc", province_id=post.province_id + 1)
    page = client.get("/officer/words/").content.decode()
    assert here.term in page
    assert there.term not in page
    path = f"/officer/words/{here.pk}/approve/"
    assert client.post(path, {"term": "chả mực"}).status_code == 200
    assert client.post(path, {"term": here.term}).status_code == 302
    here.refresh_from_db()
    assert (here.state, here.decided_by_id) == ("approved", post.user_id)
    assert client.post(f"/officer/words/{there.pk}/approve/", {"term": "x"}).status_code == 404
    assert client.post(f"/officer/words/{here.pk}/reopen/").status_code == 302
    assert client.post(f"/officer/words/{here.pk}/erase/").status_code == 404


def test_nobody_decides_on_words_of_the_own_business_alone(officer, client_for):
    post, client = officer
    organisation = OrganisationFactory(province=post.province)
    MembershipFactory(user=post.user, organisation=organisation)
    proposal = choose(organisation_id=organisation.pk, province_id=post.province_id)
    assert client.post(f"/officer/words/{proposal.pk}/reject/").status_code == 403
    stranger = client_for(UserFactory())
    assert stranger.get("/officer/words/").status_code == 404
