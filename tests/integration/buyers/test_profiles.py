"""Requirement profiles: drafts change, published versions stay, the most specific one holds."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from buyers import selectors, services
from buyers.enums import ProfileStatus
from buyers.models import RequirementProfile
from buyers.services import ProfileTerms
from core.accounts.enums import OrganisationStatus, Role
from core.kernel.errors import IllegalTransitionError, InvalidInputError, NotAllowedError
from tests.factories.accounts import MembershipFactory
from tests.factories.buyers import BannerFactory, BuyerGroupFactory, category

pytestmark = pytest.mark.django_db
TERMS = ProfileTerms(required_papers=("food_safety",), minimum_stars=3, needs_invoice=True)


def drafted(group, terms: ProfileTerms = TERMS) -> RequirementProfile:
    return services.save_profile_draft(group_id=group.pk, terms=terms)


def published(group, terms: ProfileTerms = TERMS) -> RequirementProfile:
    return services.publish_profile(profile_id=drafted(group, terms).pk)


def test_new_version_replaces_the_one_before_it(events):
    group = BuyerGroupFactory()
    first = published(group)

    draft = services.copy_profile_to_draft(profile_id=first.pk)
    services.revise_profile_draft(profile_id=draft.pk, terms=replace(TERMS, minimum_stars=4))
    second = services.publish_profile(profile_id=draft.pk)

    first.refresh_from_db()
    assert (first.status, first.minimum_stars) == (ProfileStatus.SUPERSEDED, 3)
    assert (second.status, second.version, second.minimum_stars) == (ProfileStatus.PUBLISHED, 2, 4)
    names = [name for name, _payload in events()]
    assert names == ["buyers.requirement_profile.published.v1"] * 2


def test_publishing_twice_says_it_once(events):
    profile = published(BuyerGroupFactory())

    services.publish_profile(profile_id=profile.pk)

    assert len(events()) == 1


def test_published_version_is_refused_by_service_and_database():
    profile = published(BuyerGroupFactory())

    with pytest.raises(IllegalTransitionError):
        services.revise_profile_draft(profile_id=profile.pk, terms=TERMS)
    with pytest.raises(IllegalTransitionError):
        services.discard_profile_draft(profile_id=profile.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        RequirementProfile.objects.filter(pk=profile.pk).update(minimum_stars=5)
    with pytest.raises(IntegrityError), transaction.atomic():
        RequirementProfile.objects.filter(pk=profile.pk).update(status=ProfileStatus.DRAFT)


def test_second_draft_of_one_place_is_refused():
    group = BuyerGroupFactory()
    drafted(group)

    with pytest.raises(InvalidInputError):
        drafted(group)


def test_unapproved_buyer_cannot_publish():
    group = BuyerGroupFactory(organisation__status=OrganisationStatus.SUBMITTED)
    draft = drafted(group)

    with pytest.raises(NotAllowedError):
        services.publish_profile(profile_id=draft.pk)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"banner_id": 2**40}, "banner"),
        ({"category_id": 2**40}, "category"),
        ({"channel": "moon"}, "channel"),
        ({"required_papers": ("moon",)}, "required_papers"),
        ({"discount_percent": 101}, "discount_percent"),
        ({"minimum_stars": 2}, "minimum_stars"),
    ],
)
def test_what_cannot_be_meant_is_refused_beside_its_field(changed, field):
    with pytest.raises(InvalidInputError) as refused:
        drafted(BuyerGroupFactory(), replace(TERMS, **changed))

    assert list(refused.value.field_errors) == [field]


def test_foreign_banner_is_refused():
    with pytest.raises(InvalidInputError):
        drafted(BuyerGroupFactory(), replace(TERMS, banner_id=BannerFactory().pk))


def test_most_specific_profile_holds_as_a_whole():
    group, oranges = BuyerGroupFactory(), category()
    banner = BannerFactory(group=group)
    general = published(group)
    narrow = published(group, replace(TERMS, category_id=oranges.pk))
    of_banner = published(group, replace(TERMS, banner_id=banner.pk))
    through = published(group, replace(TERMS, channel="via_vendor"))
    found = selectors.published_profiles()
    own = [one for one in found if one.group_id == group.pk]

    def holding(**asked) -> int | None:
        values = {"category_order": oranges.order_lo, "banner_id": None} | asked
        best = selectors.best_profile(own, **values)
        return best.profile_id if best else None

    assert holding() == narrow.pk
    assert holding(category_order=oranges.order_lo + 1) == general.pk
    assert holding(banner_id=banner.pk) == of_banner.pk
    assert holding(category_order=99, channel="via_vendor") == through.pk
    assert holding(market="CN") is None


def test_default_of_a_chain_gives_way_to_what_its_buyer_publishes():
    before = {one.default_code for one in selectors.published_profiles()}
    published(BuyerGroupFactory(), replace(TERMS, default_code="winmart"))

    defaults = [one for one in selectors.published_profiles() if one.group_id is None]

    assert before == {"go", "mm", "winmart", "aloha", "lanchi"}
    assert {one.default_code for one in defaults} == before - {"winmart"}
    assert {one.status for one in defaults} == {"draft_unverified"}
    assert not any(one.is_verified for one in defaults)


def test_new_request_starts_with_the_published_conditions(client, owner):
    group = services.register_buyer_group(organisation_id=owner.organisation_id)
    published(group)
    client.force_login(owner.user)

    form = client.get(reverse("buyers:request_create")).context["form"]

    said = [form[name].value() for name in ("minimum_stars", "required_papers", "needs_invoice")]
    assert said == [3, ["food_safety"], True]


def test_draft_is_made_changed_and_discarded_on_pages(client, owner):
    client.force_login(owner.user)
    typed = {"minimum_stars": "4", "market": "VN", "required_papers": ["vietgap"]}

    made = client.post(reverse("buyers:profile_create"), typed)
    profile = RequirementProfile.objects.get()
    changed = client.post(
        reverse("buyers:profile_edit", args=[profile.pk]), typed | {"payment_days": "30"}
    )
    profile.refresh_from_db()
    page = client.get(reverse("buyers:profile_detail", args=[profile.pk]))
    gone = client.post(reverse("buyers:profile_discard", args=[profile.pk]))

    assert (made.status_code, changed.status_code, page.status_code) == (302, 302, 200)
    assert (profile.minimum_stars, profile.payment_days) == (4, 30)
    assert gone.status_code == 302
    assert not RequirementProfile.objects.exists()


def test_default_fills_the_form_and_stays_marked(client, owner):
    client.force_login(owner.user)

    page = client.get(f"{reverse('buyers:profile_create')}?from=winmart")

    assert page.context["is_unverified"] is True
    assert page.context["form"]["minimum_stars"].value() == 3


def test_viewer_reads_and_does_not_write(client, owner):
    viewer = MembershipFactory(organisation=owner.organisation, role=Role.VIEWER)
    client.force_login(viewer.user)

    assert client.get(reverse("buyers:profile_list")).status_code == 200
    assert client.post(reverse("buyers:profile_create"), {"market": "VN"}).status_code == 403
