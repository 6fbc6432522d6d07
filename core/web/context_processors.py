"""What the frame of every page needs to know: navigation by role, account menu, bell, switcher.

Shapes, all read by ``templates/base.html`` and its components:

- ``navigation``: list of `NavItem`, the places of the acting role; empty for visitors. The first
  four also make the bottom bar on phones.
- ``account_menu``: list of `NavItem`, the person's own pages.
- ``bell``: ``{"url", "count"}`` or None; the count is of notifications not yet seen.
- ``switcher``: ``{"name", "url", "field", "choices"}`` or None: the organisation acted for and,
  where the person belongs to several, where to post another. Filled by ``request.switcher_choices``
  (callable or list of (id, name, active)), set by the accounts middleware.
- ``visitor``: ``{"login_url", "join_url"}`` for people not signed in.
- ``home_url``, ``logout_url``, ``set_language_url``, ``mailbox_url`` (development only):
  addresses, "" where the route is missing.

A URL name that does not resolve is skipped, so that a page never fails for its menu.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, cast

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.accounts.actors import Actor
from core.accounts.models import User
from core.accounts.rules import can_write
from core.notifications.selectors import unseen_count

Words = str | Promise


@dataclass(frozen=True, slots=True)
class NavItem:
    """One place of a menu; `short` is the word under the icon on phones."""

    label: Words
    url: str
    active: bool
    icon: str
    short: Words = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A place a role may go to, by URL name."""

    label: Words
    url_name: str
    icon: str
    short: Words = ""


HOME: Final = Place(_("Home"), "web:dashboard", "home")
MATCHES: Final = Place(_("Matches"), "matchmaking:match_list", "heart-handshake")
FAIRS: Final = Place(_("Fairs"), "fairs:fair_list", "calendar-event")
PRODUCER: Final = (
    Place(_("My offers"), "producers:offer_list", "truck-delivery", _("Offers")),
    Place(_("My products"), "producers:product_list", "package", _("Products")),
    Place(_("My papers"), "producers:paper_list", "file-certificate", _("Papers")),
    Place(_("Ready for the chains"), "matchmaking:readiness", "checklist", _("Ready")),
    Place(_("Requests of buyers"), "buyers:request_browse", "list-check", _("Wanted")),
)
BUYER: Final = (
    Place(_("My requests"), "buyers:request_list", "list-check", _("Requests")),
    Place(_("My outlets"), "buyers:chain", "building-store", _("Outlets")),
    Place(_("What you ask of suppliers"), "buyers:profile_list", "list-details", _("Requirements")),
    Place(_("Suppliers"), "matchmaking:suppliers", "users", _("Suppliers")),
)
OFFICER: Final = (
    Place(_("Businesses to approve"), "accounts:officer_organisations", "user-check", _("Approve")),
    Place(_("Papers to verify"), "producers:officer_papers", "file-check", _("Papers")),
    Place(_("Names of products"), "producers:officer_synonyms", "tag", _("Names")),
    Place(_("Papers that block demand"), "matchmaking:blockers", "file-x", _("Blockers")),
    Place(_("Roads and gates"), "freight:link_list", "road", _("Roads")),
)
REGISTERS: Final = Place(_("Registers"), "producers:registry_home", "list-details", _("Registers"))
ACCOUNT: Final = (
    Place(_("My profile"), "accounts:profile", "user-circle"),
    Place(_("My organisation"), "accounts:organisation", "building"),
    Place(_("My profile"), "accounts:profile", "user-circle"),
    Place(_("My documents"), "vault:document_list", "paperclip"),
    Place(_("Members"), "accounts:member_list", "users"),
    Place(_("Producer profile"), "producers:profile", "plant-2"),
    Place(_("API keys"), "accounts:api_key_list", "key"),
    Place(_("Lists: import and export"), "imports:import_list", "list-details"),
    Place(_("Old and new addresses"), "places:addresses", "map"),
    Place(_("Notification settings"), "notifications:preferences", "bell"),
    Place(_("Password"), "account_change_password", "lock"),
    Place(_("E-mail address"), "account_email", "mail"),
    Place(_("Two-step sign-in"), "mfa_index", "shield-lock"),
)


def address(url_name: str) -> str:
    """Return the address of a route, "" where the route does not exist (yet)."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def places_of(actor: object) -> list[Place]:
    """Return where the actor's roles lead, most used first, without repeats."""
    organisation = getattr(actor, "organisation", None)
    places = [HOME]
    if getattr(actor, "is_officer", False) or getattr(actor, "is_administrator", False):
        places += OFFICER
    if getattr(actor, "is_officer", False):
        places.append(REGISTERS)
    if organisation is not None:
        places.append(MATCHES)
        places += PRODUCER if getattr(organisation, "is_producer", False) else ()
        places += BUYER if getattr(organisation, "is_buyer", False) else ()
    return [*places, FAIRS]


def menu(places: list[Place] | tuple[Place, ...], path: str) -> list[NavItem]:
    """Turn places into items, marking the one whose address is the longest start of `path`."""
    found = [(place, address(place.url_name)) for place in places]
    known = [(place, url) for place, url in found if url]
    here = max((url for _place, url in known if path.startswith(url)), key=len, default="")
    return [NavItem(p.label, url, url == here, p.icon, p.short) for p, url in known]


def account_places(actor: object) -> list[Place]:
    """Return the person's own pages; those of a business only to its members."""
    organisation = getattr(actor, "organisation", None)
    of_business = {
        "accounts:organisation", "accounts:member_list", "accounts:api_key_list",
        "vault:document_list",
    }  # fmt: skip
    hidden = set() if organisation else of_business
    if not getattr(organisation, "is_producer", False):
        hidden = hidden | {"producers:profile"}
    if not _keeps_lists(actor):
        hidden = hidden | {"imports:import_list"}
    return [place for place in ACCOUNT if place.url_name not in hidden]


def _keeps_lists(actor: object) -> bool:
    """Tell whether the actor may hand in any kind of list."""
    if not isinstance(actor, Actor):
        return False
    organisation = actor.organisation
    trades = organisation is not None and (organisation.is_producer or organisation.is_buyer)
    return (trades and can_write(actor)) or (actor.is_officer and actor.has_second_factor)


def bell_of(request: HttpRequest) -> dict[str, Any] | None:
    """Return address and number of unread notifications, None where there is no such page."""
    url = address("notifications:list")
    if not url:
        return None
    return {"url": url, "count": unseen_count(cast("User", request.user))}


def switcher_of(request: HttpRequest, actor: object) -> dict[str, Any] | None:
    """Return the organisation acted for and the ones that can be chosen instead."""
    organisation = getattr(actor, "organisation", None)
    if organisation is None:
        return None
    source = getattr(request, "switcher_choices", ())
    return {
        "name": str(organisation),
        "url": address("accounts:switch_organisation"),
        "field": "organisation",
        "choices": list(source() if callable(source) else source),
    }


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Return the context of the page frame; see the module's text for the shapes."""
    common = {
        "set_language_url": address("set_language"),
        "home_url": address("web:dashboard"),
        "mailbox_url": address("web:mailbox") if settings.MAILBOX_DIR else "",
    }
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        join_url = address("accounts:join") or address("account_signup")
        visitor = {"login_url": address("account_login"), "join_url": join_url}
        return {**common, "navigation": [], "account_menu": [], "visitor": visitor}
    actor = getattr(request, "actor", None)
    return {
        **common,
        "logout_url": address("account_logout"),
        "navigation": menu(places_of(actor), request.path),
        "account_menu": menu(account_places(actor), request.path),
        "bell": bell_of(request),
        "switcher": switcher_of(request, actor),
    }
