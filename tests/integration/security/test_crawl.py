"""Everybody walks wherever links lead, and nobody finds what another planted."""

from __future__ import annotations

import html
import re
from urllib.parse import urljoin, urlsplit

import pytest
from django.core.cache import cache

from tests.integration.security.actors import MARKUP, World

pytestmark = pytest.mark.django_db
LINK = re.compile(r'(?:href|src|hx-get)="([^"#]+)')
SEEDS = ("/", "/home/", "/fairs/", "/requests/", "/matches/", "/notifications/", "/officer/papers/",
         "/officer/registers/queue/", "/officer/organisations/", "/fairs/province/", "/fairs/mine/",
         "/producers/{a}/", "/producers/{b}/", "/buyers/{c}/", "/buyers/{d}/")  # fmt: skip
LISTS = ("offers", "products", "requests", "matches")
MOST_PAGES = 120
CONTACT = ("contact name", "contact e-mail", "contact phone, spaced", "contact phone, plain")
# Who may find whose marks: everything of an owner, or what is named.
MAY_FIND = {
    "a_owner": {"a": "all", "e": "all", "c": CONTACT, "d": ("reason of a decline",)},
    "a_viewer": {"a": "all", "c": CONTACT, "d": ("reason of a decline",)},
    "b_owner": {"b": "all"},
    "c_owner": {"c": "all", "a": CONTACT},
    "d_owner": {"d": "all"},
    "o_owner": {"o": "all", "a": ("application, note",), "b": ("application, reason",)},
    "x_owner": {"x": "all"},
    "s_owner": {"s": "all", "a": ("tax code",)},  # typed by both: the page shows each its own
    "guest": {"a": ("invited",)},
}
# What an officer of the province needs to decide, of every organisation there.
DESK = (*CONTACT, "status reason", "owner name", "owner e-mail", "viewer name", "viewer e-mail",
        "planned fair", "planned fair, about", "document number", "a.proposal, reason",
        "a.own_proposal, reason", "register row 2", "register row 3")  # fmt: skip


def may_find(actor: str, owner: str, where: str) -> bool:
    allowed = MAY_FIND.get(actor, {}).get(owner, ())
    if actor in {"officer", "administrator"} and (owner != "d" or actor == "administrator"):
        on_desk = owner != "e" and (where in DESK or "paper, " in where)
        reads_offers = actor == "administrator" and where.endswith(" offer")
        return on_desk or reads_offers
    return allowed == "all" or where in allowed


def compares(actor: str, where: str, path: str) -> bool:
    """Tell whether an officer compares by tax code there: with registers, in lists of papers."""
    by_code = ("/officer/registers/", "/lists/papers_of_province/")
    return (actor, where) == ("officer", "tax code") and path.startswith(by_code)


def walk(world: World, name: str):
    """Yield (path, response) of every page the links lead to, as many as there is time for."""
    actor = world.actors[name]
    ids = {owner: world.at[owner].pk for owner in "abcd"}
    queue = [seed.format(**ids) for seed in SEEDS]
    queue += [f"/api/v1/{one}" for one in LISTS]
    seen = set(queue)
    for path in queue:
        response, _ = world.try_out(actor, "GET", path)
        yield path, response
        if response.status_code == 302:
            found = [response["Location"]]
        elif response["Content-Type"].startswith("text/html"):
            found = LINK.findall(response.content.decode())
        else:
            found = []
        for link in found:
            to = urlsplit(urljoin(path, html.unescape(link)))
            where = to.path + (f"?{to.query}" if to.query else "")
            if where in seen or to.netloc or len(seen) >= MOST_PAGES:
                continue
            if to.path.startswith(("/static/", "/accounts/logout", "/admin/", "/api/docs")):
                continue
            seen.add(where)
            queue.append(where)


@pytest.mark.parametrize(
    "name",
    ["anonymous", *MAY_FIND, "officer", "officer_without_totp", "officer_elsewhere",
     "administrator", "a_key_read", "c_key_read"],
)  # fmt: skip
def test_nobody_finds_what_others_planted(world, name):
    cache.clear()
    secrets = [
        (owner, where, word)
        for owner, marks in world.marks.items()
        for where, word in marks.planted.items()
        if not may_find(name.replace("_key_read", "_owner"), owner, where)
    ]
    wrong, pages = [], 0
    for path, response in walk(world, name):
        pages += 1
        headers = " ".join(f"{key}: {value}" for key, value in response.headers.items())
        text = headers + response.getvalue().decode("utf-8", "replace")
        wrong += [
            f"{path}: {owner}'s {where}"
            for owner, where, word in secrets
            if word in text and not compares(name, where, path)
        ]
        if response.status_code >= 500:
            wrong.append(f"{path}: {response.status_code}")
        if response["Content-Type"].startswith("text/html") and "<script>alert(1)" in text:
            wrong.append(f"{path}: markup is not escaped")
        if html.escape("<script>alert(1)</script>49") in text:
            wrong.append(f"{path}: a template was worked out")

    assert wrong == []
    assert pages >= 4


def test_markup_in_names_is_shown_as_it_was_typed(world):
    page, _ = world.try_out(world.actors["anonymous"], "GET", f"/producers/{world.at['a'].pk}/")

    assert html.escape(MARKUP) in page.content.decode()


@pytest.mark.parametrize(("match", "sees"), [("a×c", False), ("a×d", False), ("a×c agreed", True)])
def test_contact_shows_only_where_both_accepted(world, match, sees):
    name = "d_owner" if "d" in match.split()[0] else "c_owner"
    page, _ = world.try_out(world.actors[name], "GET", f"/matches/{world.at[match].pk}/")

    found = [word for where, word in world.marks["a"].planted.items() if where in CONTACT[:2]]
    assert [word in page.content.decode() for word in found] == [sees] * 2
