"""The main pages in a browser: axe at two widths in two themes, no error, no sideways scroll."""

from __future__ import annotations

import os

import brotli
import pytest
from django.conf import settings
from django.test import Client

from tests.e2e.conftest import PICTURES

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
WIDTHS = {"phone": 390, "desk": 1440}
# A theme a width; both at each with SWEEP_SCALE=2 (docs/testing.md).
LOOKS = [("phone", "light"), ("desk", "dark")]
if int(os.environ.get("SWEEP_SCALE", "1")) > 1:
    LOOKS += [("phone", "dark"), ("desk", "light")]
NARROWEST = 320
MOST_BYTES = 150_000
# A word after an address: the step to press there for all papers of the desk.
PAGES = {
    "": ["/", "/accounts/login/", "/accounts/signup/", "/fairs/", "/fairs/{fair}/",
         "/producers/{offer.producer}/", "/buyers/{request.group}/", "/join/"],
    "seller": ["/home/", "/producer/profile/", "/producer/products/", "/producer/offers/new/",
               "/producer/offers/{offer}/", "/producer/papers/", "/producer/papers/{paper}/record/",
               "/producer/papers/new/?kind=growing_area_code", "/matches/", "/matches/{match}/",
               "/matches/{match}/decline/", "/matches/check/?offer={offer}", "/requests/",
               "/notifications/preferences/", "/organisation/", "/organisation/members/",
               "/organisation/api-keys/", "/fairs/{fair}/apply/", "/profile/",
               "/producer/readiness/", "/producer/readiness/{offer.product}/", "/documents/",
               "/documents/new/", "/documents/packets/", "/documents/{document}/",
               "/producer/products/{offer.product}/dossier/", "/matches/{match}/dossier/",
               "/lists/", "/lists/products/", "/lists/{import}/"],
    "buyer": ["/home/", "/buyer/requests/", "/buyer/requests/new/", "/buyer/requests/{request}/",
              "/buyer/chain/", "/matches/{match}/", "/buyer/requirements/", "/buyer/suppliers/",
              "/buyer/requirements/{draft}/publish/",
              "/documents/packets/", "/lists/"],
    "officer": ["/home/", "/officer/organisations/", "/officer/organisations/{waiting}/",
                "/officer/papers/", "/officer/papers/{paper}/", "/officer/proposals/",
                "/officer/papers/{waiting_paper}/?status=submitted", "/officer/words/",
                "/freight/", "/freight/links/{link}/", "/officer/readiness/",
                "/officer/papers/ return", "/officer/papers/figures/", "/officer/papers/decisions/",
                "/lists/", "/officer/registers/", "/officer/registers/queue/",
                "/officer/registers/lists/{register}/", "/officer/registers/entries/{entry}/",
                "/officer/registers/coverage/"],
    "organiser": ["/home/", "/fairs/mine/", "/fairs/mine/new/", "/fairs/mine/{fair}/",
                  "/fairs/mine/{fair}/applications/"],
}  # fmt: skip
# The rest of axe's answer is longer than the page.
AXE = {"resultTypes": ["violations"]}
QUIET = """() => ({
  wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  culprits: [...document.querySelectorAll('main *, header *, footer *')]
    .filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('thead'))
    .slice(0, 3).map(e => e.tagName + '.' + e.className),
})"""


class _Ids(dict):
    """Lets `{offer.producer}` in an address mean that object's key."""

    def __getitem__(self, name):
        return _Key(super().__getitem__(name))


class _Key:
    def __init__(self, thing):
        self.thing = thing

    def __getattr__(self, name):
        return _Key(getattr(self.thing, name))

    def __format__(self, _spec):
        return str(self.thing.pk)


@pytest.fixture
def world(transactional_db) -> dict[str, object]:
    from django.core.cache import cache

    from tests.e2e.browser_world import make

    cache.clear()
    return make()


def signed_in(chromium, live_server, user, **more):
    context = chromium.new_context(base_url=live_server.url, **more)
    cookies = {settings.LANGUAGE_COOKIE_NAME: "vi"}
    if user is not None:
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        cookies[settings.SESSION_COOKIE_NAME] = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies(
        [{"name": k, "value": v, "url": live_server.url} for k, v in cookies.items()]
    )
    return context


def opened(page, path: str):
    address, _, step = path.partition(" ")
    answer = page.goto(address)
    if step:
        page.check("[name=all]")
        with page.expect_navigation() as going:
            page.click(f"button[name=step][value={step}]")
        answer = going.value
    return answer


@pytest.mark.parametrize("role", list(PAGES), ids=lambda role: role or "anybody")
def test_pages_are_in_order_at_both_widths_and_in_both_themes(world, chromium, live_server, role):
    wrong = []
    for width, scheme in LOOKS:
        context = signed_in(
            chromium, live_server, world.get(role), color_scheme=scheme, reduced_motion="reduce"
        )
        page = context.new_page()
        errors = errors_of(page)
        for number, address in enumerate(PAGES[role]):
            picture = PICTURES / f"{role or 'anybody'}-{number:02d}-{width}-{scheme}.png"
            path = address.format_map(_Ids(world))
            found = [*looked_at(page, path, width=WIDTHS[width], picture=picture), *errors]
            wrong += [f"{path} {width} {scheme}: {one}" for one in found]
            errors.clear()
        context.close()

    assert not wrong, "\n".join(wrong)


def errors_of(page) -> list[str]:
    """Collect what the page's scripts and its console complain of, from now on."""
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    return errors


def looked_at(page, path, *, width, picture):
    """Open a page, keep its picture, and yield what is wrong with it."""
    from axe_playwright_python.sync_playwright import Axe

    page.set_viewport_size({"width": width, "height": 900})
    answer = opened(page, path)
    if answer.status != 200:
        yield answer.status
    found = Axe().run(page, options=AXE).response["violations"]
    yield from (f"{one['id']} {one['nodes'][0]['target']}" for one in found)
    page.screenshot(path=picture, full_page=True)
    if width == WIDTHS["phone"]:
        page.set_viewport_size({"width": NARROWEST, "height": 700})
        seen = page.evaluate(QUIET)
        if seen["wide"] > 0:
            yield f"{seen['wide']} px too wide at {NARROWEST} px, {seen['culprits']}"


def test_the_public_home_loads_little(chromium, live_server, world):
    context = signed_in(chromium, live_server, None, viewport={"width": 390, "height": 844})
    page = context.new_page()
    sizes = {}
    page.on("requestfinished", lambda one: sizes.update({one.url: one.response().body()}))
    page.goto("/", wait_until="networkidle")
    context.close()

    packed = {
        url: len(body) if url.endswith(".woff2") else len(brotli.compress(body))
        for url, body in sizes.items()
    }
    assert sum(packed.values()) <= MOST_BYTES, packed


def test_no_page_breaks_its_own_content_policy(chromium, live_server, world):
    context = signed_in(chromium, live_server, world["seller"])
    context.add_init_script(
        "window.broken = [];"
        "addEventListener('securitypolicyviolation', e => broken.push(e.violatedDirective));"
    )
    page = context.new_page()
    broken = []
    for address in PAGES["seller"]:
        page.goto(address.format_map(_Ids(world)), wait_until="load")
        broken += page.evaluate("window.broken")
    context.close()

    assert broken == []
