"""From a request to its actor, and the doors of views that ask for one."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Final, cast

from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from core.accounts import selectors
from core.accounts.actors import ANONYMOUS, Actor
from core.accounts.enums import Role, Sector
from core.accounts.models import User

SESSION_KEY: Final = "acting_for"
View = Callable[..., HttpResponseBase]


def acting(request: HttpRequest) -> Actor:
    """Return the request's actor; anonymous where the middleware did not run."""
    return cast("Actor", getattr(request, "actor", ANONYMOUS))


def actor_of(request: HttpRequest) -> Actor:
    """Work out the actor of a signed-in person.

    The organisation is the one chosen in this session, if the membership still stands, else the
    oldest membership. Officer posts count only with a second factor. The organisations that can
    be chosen instead are left on the request for the page's frame.
    """
    user = cast("User", request.user)
    memberships = list(selectors.memberships_of(user))
    chosen = request.session.get(SESSION_KEY)
    membership = next(
        (m for m in memberships if m.organisation_id == chosen),
        memberships[0] if memberships else None,
    )
    request.switcher_choices = [  # type: ignore[attr-defined]  # -- read by core.web.context_processors
        (m.organisation_id, m.organisation.name, m is membership) for m in memberships
    ]
    posts = selectors.posts_of(user)
    return Actor(
        user=user,
        organisation=membership.organisation if membership else None,
        role=Role(membership.role) if membership else None,
        posts=frozenset((post.province_id, Sector(post.sector)) for post in posts),
        has_second_factor=bool(posts or user.is_staff) and is_mfa_enabled(user),
    )


def act_for(request: HttpRequest, *, organisation_id: int) -> None:
    """Remember in the session for whom the person acts from now on."""
    request.session[SESSION_KEY] = organisation_id


def actor_required(test: Callable[[Actor], bool], *, otherwise: str = "") -> Callable[[View], View]:
    """Open a view only to signed-in actors that pass `test`.

    Args:
        test: Asked with the actor.
        otherwise: URL name to send the others to; without one they see 404, so that the
            existence of the page tells nothing.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if test(acting(request)):
                return view(request, *args, **kwargs)
            if otherwise:
                return redirect(otherwise)
            raise Http404

        return login_required(guarded)

    return decorate


def _sells(actor: Actor) -> bool:
    return actor.organisation is not None and actor.organisation.is_producer


def _buys(actor: Actor) -> bool:
    return actor.organisation is not None and actor.organisation.is_buyer


def _organises(actor: Actor) -> bool:
    organisation = actor.organisation
    return organisation is not None and organisation.is_organiser and organisation.is_approved


def _officer(actor: Actor) -> bool:
    return actor.is_officer or actor.is_administrator


producer_required = actor_required(_sells, otherwise="web:dashboard")
buyer_required = actor_required(_buys, otherwise="web:dashboard")
organiser_required = actor_required(_organises, otherwise="web:dashboard")
member_required = actor_required(
    lambda actor: actor.organisation is not None, otherwise="accounts:join"
)


def officer_required(view: View) -> View:
    """Open a view to officers and administrators who signed in with a second factor.

    Those without one are sent to set it up first.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        actor = acting(request)
        if not _officer(actor):
            raise Http404
        if not actor.has_second_factor:
            return redirect("mfa_activate_totp")
        return view(request, *args, **kwargs)

    return login_required(guarded)
