"""People themselves: their name, their language, the posts they serve in."""

from __future__ import annotations

from django.db import transaction

from core.accounts.enums import Sector
from core.accounts.models import OfficerPost, User
from core.kernel.text import clean


@transaction.atomic
def create_person(*, email: str, full_name: str, language: str = "vi") -> User:
    """Make an account without a password; its owner sets one by "forgot my password"."""
    return User.objects.create_user(email, None, full_name=clean(full_name), language=language)


@transaction.atomic
def change_profile(*, user_id: int, full_name: str, language: str) -> User:
    """Keep what a person wants to be called and read in."""
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    user.full_name = clean(full_name)
    user.language = language
    user.save(update_fields=["full_name", "language"])
    return user


@transaction.atomic
def appoint_officer(*, user_id: int, province_id: int, sector: Sector) -> OfficerPost:
    """Give a person a post, or take an ended one up again; it counts with a second factor only."""
    post, _created = OfficerPost.objects.update_or_create(
        user_id=user_id, province_id=province_id, sector=sector, defaults={"is_active": True}
    )
    return post


@transaction.atomic
def end_post(*, post_id: int) -> None:
    """End an officer's post; what was decided in it stays."""
    post = OfficerPost.objects.select_for_update(no_key=True).get(pk=post_id)
    post.is_active = False
    post.save(update_fields=["is_active"])
