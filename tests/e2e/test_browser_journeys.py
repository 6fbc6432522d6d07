"""What people do on the portal, in a real browser: register, approve, offer, ask, agree."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from django.conf import settings

from tools import totp

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}


@pytest.fixture
def world(transactional_db) -> dict[str, object]:
    from django.core.cache import cache

    from tests.e2e.browser_world import make

    cache.clear()
    return make()


@pytest.fixture
def open_page(chromium, live_server) -> Iterator[Callable[..., Page]]:
    """Return a maker of pages; what their consoles complain of fails the test."""
    contexts, complaints = [], []

    def make(user=None, *, size=DESK, language="vi", **more) -> Page:
        from django.test import Client

        context = chromium.new_context(viewport=size, base_url=live_server.url, **more)
        contexts.append(context)
        cookies = {settings.LANGUAGE_COOKIE_NAME: language}
        if user is not None:
            client = Client()
            client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
            cookies[settings.SESSION_COOKIE_NAME] = client.cookies[
                settings.SESSION_COOKIE_NAME
            ].value
        context.add_cookies(
            [{"name": k, "value": v, "url": live_server.url} for k, v in cookies.items()]
        )
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console", lambda said: complaints.append(said.text) if said.type == "error" else None
        )
        return page

    yield make
    for context in contexts:
        context.close()
    assert complaints == []


def press(page: Page, selector: str) -> None:
    """Click and wait for the page it leads to: the old page is loaded already, so ask for a new."""
    with page.expect_navigation():
        page.locator(selector).first.click()


def send(page: Page) -> None:
    press(page, "main form[method=post] button[type=submit]")


def code_of_latest_sign_up() -> str:
    from django.contrib.sessions.models import Session

    for session in Session.objects.order_by("-expire_date"):
        found = session.get_decoded().get("account_email_verification_code")
        if found:
            return found["code"]
    raise AssertionError("nobody waits for a code")


def sign_up(page: Page) -> None:
    page.goto("/accounts/signup/")
    page.fill("[name=full_name]", "Phạm Thị Mới")
    page.fill("[name=email]", "moi@vidu.example")
    page.fill("[name=password1]", "cầu nối sản xuất 2026")
    send(page)
    page.fill("[name=code]", code_of_latest_sign_up())
    send(page)


def register(page: Page) -> None:
    from tests.e2e.browser_world import free_tax_code
    from tests.factories.accounts import commune, province

    page.goto("/join/start/")
    page.fill("[name=name]", "Hợp tác xã Bản Sen")
    page.select_option("[name=kind]", "cooperative")
    page.check("[name=is_producer]")
    page.evaluate("document.querySelector('[name=province]').tomselect?.destroy()")
    page.select_option("[name=province]", str(province().pk))
    send(page)
    page.fill("[name=tax_code]", free_tax_code())
    send(page)
    page.select_option("[name=commune]", str(commune().pk))
    send(page)
    page.fill("[name=contact_phone]", "0912 345 678")
    send(page)
    for box in page.locator("main form input[type=checkbox]").all():
        box.check()
    send(page)


def test_a_business_registers_on_a_phone_and_an_officer_approves_it(world, open_page):
    from core.accounts.models import Organisation

    page = open_page(size=PHONE)
    sign_up(page)
    register(page)
    founded = Organisation.objects.get(name="Hợp tác xã Bản Sen")
    assert founded.status == "submitted"
    assert page.url.endswith("/sent/")

    desk = open_page()
    desk.goto(f"/accounts/login/?next=/officer/organisations/{founded.pk}/")
    desk.fill("[name=login]", world["officer"].email)
    desk.fill("[name=password]", "cầu nối sản xuất 2026")
    send(desk)
    desk.fill("[name=code]", totp.code("JBSWY3DPEHPK3PXP", at=time.time()))
    send(desk)
    desk.goto(f"/officer/organisations/{founded.pk}/")
    press(desk, "button[name=decision][value=approve]")

    founded.refresh_from_db()
    assert founded.status == "approved"


def test_a_producer_adds_a_product_and_publishes_an_offer(world, open_page):
    from producers.models import Product, SupplyOffer

    page = open_page(world["seller"], size=PHONE)
    page.goto("/producer/products/new/")
    page.fill("[name=name]", "Mật ong Ba Chẽ")
    page.evaluate("document.querySelector('[name=category]').tomselect?.destroy()")
    page.select_option("[name=category]", index=1)
    page.select_option("[name=storage]", index=1)
    send(page)
    product = Product.objects.get(name="Mật ong Ba Chẽ")

    page.goto(f"/producer/offers/new/?product={product.pk}")
    page.fill("[name=quantity]", "1.500")
    page.fill("[name=price_vnd]", "95k")
    page.fill("[name=available_to]", (dt.date.today() + dt.timedelta(days=30)).isoformat())  # noqa: DTZ011 -- what a person's device would offer
    press(page, "button[name=publish]")

    offer = SupplyOffer.objects.get(product=product)
    assert (offer.status, int(offer.quantity), offer.price_vnd) == ("published", 1500, 95_000)


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_buyer_posts_a_request(world, open_page, script):
    from buyers.models import DemandRequest

    page = open_page(world["buyer"], size=PHONE, java_script_enabled=script)
    page.goto("/buyer/requests/new/")
    page.fill("[name=words]", "cam ngon")
    page.fill("[name=quantity]", "2")
    page.select_option("[name=unit]", index=1)
    days = [dt.date.today() + dt.timedelta(days=n) for n in (1, 15)]  # noqa: DTZ011 -- as above
    page.fill("[name=needed_from]", days[0].isoformat())
    page.fill("[name=needed_to]", days[1].isoformat())
    if script:
        page.locator("#category-choices [name=category]").first.check()
    press(page, "button[name=publish]")
    if not DemandRequest.objects.filter(words="cam ngon").exists():  # asked which kind it is
        page.locator("[name=category]").first.check()
        press(page, "button[name=publish]")

    assert DemandRequest.objects.get(words="cam ngon").status == "published"


def test_contact_opens_once_both_have_accepted(world, open_page):
    match = world["match"]
    contact = world["offer"].producer.organisation.contact_email
    seller, buyer = open_page(world["seller"], size=PHONE), open_page(world["buyer"])

    seller.goto(f"/matches/{match.pk}/")
    press(seller, f"form[action$='/matches/{match.pk}/accept/'] button")
    buyer.goto(f"/matches/{match.pk}/")
    before = buyer.content()
    press(buyer, f"form[action$='/matches/{match.pk}/accept/'] button")

    assert contact not in before
    assert contact in buyer.content()


def test_a_name_proposes_its_kind_and_another_name_takes_that_back(world, open_page):
    from core.catalogue.models import ProductCategory
    from core.catalogue.services import load_catalogue

    load_catalogue()
    page = open_page(world["seller"])
    page.goto("/producer/products/new/")
    kind = page.locator("#id_category")
    page.locator("#id_name").press_sequentially("Chả mực Hạ Long")
    page.locator("#id_kinds [data-pick-first]").wait_for()
    sure = ProductCategory.objects.get(code="B08-cha-muc")
    assert kind.input_value() == str(sure.pk)
    page.locator("#id_name").fill("bo")
    page.locator("#id_name").press("Tab")
    page.locator("#id_kinds [data-pick-reset]").wait_for(state="attached")
    assert kind.input_value() == ""
    page.locator("#id_kinds button").nth(1).click()
    chosen = ProductCategory.objects.get(pk=kind.input_value())
    assert chosen.code in {"B01-bo", "B02-trau-bo"}


def test_a_chain_publishes_requirements_and_a_paper_brings_the_match_back(world, open_page):
    from producers import services
    from producers.enums import EvidenceGrade, PaperKind
    from tests.factories.outbox import deliver_all
    from tests.factories.producers import PaperFactory

    match, product = world["match"], world["offer"].product
    buyer, seller = open_page(world["buyer"]), open_page(world["seller"], size=PHONE)
    buyer.goto(f"/matches/{match.pk}/decline/")
    buyer.check("[name=reason][value=papers]")
    send(buyer)
    buyer.goto("/buyer/requirements/new/")
    buyer.select_option("[name=channel]", "store")
    buyer.check("[name=required_papers][value=organic]")
    send(buyer)
    press(buyer, "a.nc-btn-next")
    preview = buyer.content()
    send(buyer)
    assert product.name in preview
    deliver_all()

    seller.goto(f"/producer/readiness/{product.pk}/")
    gaps = seller.locator(".nc-gaps").inner_text()
    paper = PaperFactory(producer=world["offer"].producer, kind=PaperKind.ORGANIC)
    services.verify_paper(
        paper_id=paper.pk, grade=EvidenceGrade.DOCUMENT, officer_id=world["officer"].pk
    )
    deliver_all()
    match.refresh_from_db()
    seller.reload()

    assert str(world["request"].group.organisation) in gaps
    assert match.status == "proposed"
    assert str(PaperKind.ORGANIC.label) not in seller.locator("main").inner_text()
