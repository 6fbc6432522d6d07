"""What people do on the portal's pages, each as one call."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from tools.browser import Browser, Form, Page
from tools.failure import Failure

_ERROR = re.compile(r'class="[^"]*invalid-feedback[^"]*"[^>]*>\s*(?:<[^>]+>\s*)*([^<]+)')
_ALERT = re.compile(r'role="alert"[^>]*>\s*(?:<[^>]+>\s*)*([^<]+)')


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """What the main job trades; found in the demo world."""

    product: str
    category: str
    price_vnd: int


def hand_in_growing_area_code(browser: Browser, *, number: str, today: dt.date) -> int:
    """As the cooperative: hand in a growing-area code and return the paper's id."""
    page = browser.get("/producer/papers/new/?kind=growing_area_code")
    form = page.form_with("number", "issuer", "market")
    values: dict[str, str | list[str]] = {
        "number": number,
        "issuer": "Chi cục Trồng trọt và Bảo vệ thực vật",
        "market": "VN",
        "valid_from": today.isoformat(),
        "valid_to": (today + dt.timedelta(days=365)).isoformat(),
        "evidence_url": f"https://tra-cuu.example/{number}",
    }
    if "area_ha" in form.names():
        values["area_ha"] = "12,5"
    _sent(browser.submit(page, form, values), away_from="/papers/new/")
    return _newest(browser, "/producer/papers/")


def verify_paper(browser: Browser, paper_id: int) -> None:
    """As the officer: find the paper good."""
    page = browser.get(f"/officer/papers/{paper_id}/")
    _sent(browser.submit(page, page.form_to("/verify/"), {}), away_from=f"/{paper_id}/")


def propose_revocation(browser: Browser, paper_id: int, *, reason: str) -> None:
    """As the first officer: propose to revoke the paper."""
    page = browser.get(f"/officer/papers/{paper_id}/revoke/")
    answer = browser.submit(page, page.form_with("reason"), {"reason": reason})
    _sent(answer, away_from="/revoke/")


def confirm_revocation(browser: Browser, paper_id: int) -> None:
    """As the second officer: confirm what the first one proposed."""
    page = browser.get(f"/officer/papers/{paper_id}/")
    _sent(browser.submit(page, page.form_to("/confirm/"), {}), away_from=f"/{paper_id}/")


def publish_offer(
    browser: Browser, goods: Goods, *, quantity_kg: int, days: tuple[dt.date, dt.date]
) -> int:
    """As the cooperative: publish an offer and return its id."""
    page = browser.get("/producer/offers/new/")
    form = page.form_with("product", "quantity", "publish")
    values: dict[str, str | list[str]] = {
        "product": option(form, "product", goods.product),
        "quantity": str(quantity_kg),
        "unit": option(form, "unit", "kg", "kilôgam"),
        "price_vnd": str(goods.price_vnd),
        "available_from": days[0].isoformat(),
        "available_to": days[1].isoformat(),
    }
    answer = browser.submit(page, form, values, press="publish")
    return _id_in(_sent(answer, away_from="/offers/new/"), r"/producer/offers/(\d+)/")


def publish_request(browser: Browser, goods: Goods, *, words: str, quantity_kg: int) -> int:
    """As the chain: publish a request that asks for a growing-area code; return its id."""
    page = browser.get("/buyer/requests/new/")
    form = page.form_with("words", "quantity", "publish")
    values: dict[str, str | list[str]] = {
        "words": words,
        "category_listed": option(form, "category_listed", goods.category),
        "quantity": str(quantity_kg),
        "unit": option(form, "unit", "kg", "kilôgam"),
        "price_ceiling_vnd": str(goods.price_vnd * 3 // 2),
        "required_papers": ["growing_area_code"],
    }
    answer = browser.submit(page, form, values, press="publish")
    return _id_in(_sent(answer, away_from="/requests/new/"), r"/buyer/requests/(\d+)/")


def leave_market(browser: Browser, path: str) -> None:
    """Withdraw an offer or close a request of an earlier run; gone already is well too."""
    page = browser.get(path)
    questions = [form for form in page.forms if form.method == "post" and not form.action]
    if page.status == 200 and questions:  # noqa: PLR2004 -- OK
        browser.submit(page, questions[-1], {})


def accept_by_link(browser: Browser, link: str) -> int:
    """Follow the link of a mail, accept, and return the match's id."""
    page = browser.get(link)
    for form in page.forms:
        if ("answer", "accept") in form.fields:
            return _id_in(browser.submit(page, form, {}), r"/matches/(\d+)/", anywhere=True)
    raise Failure(f"The page {page.url} ({page.status}) of the mail's link cannot be answered.")


def contact_on(page: Page) -> str:
    """The other side's telephone or address on a match's page; empty while it is hidden."""
    found = [href for href, _ in page.links if href.startswith(("tel:", "mailto:"))]
    if "nc-contact-hidden" in page.text or not found:
        return ""
    return found[0].partition(":")[2]


def option(form: Form, name: str, *wordings: str) -> str:
    """The value of the option that reads like one of ``wordings``, exact readings first.

    Raises:
        Failure: No option does.
    """
    offered = form.choices.get(name, [])
    for wording in wordings:
        wanted = wording.casefold()
        for value, label in offered:
            if value and label.casefold() == wanted:
                return value
    for wording in wordings:
        for value, label in offered:
            if value and wording.casefold() in label.casefold():
                return value
    raise Failure(f"“{name}” offers nothing like “{wordings[0]}”: is the demo world loaded?")


def _sent(page: Page, *, away_from: str) -> Page:
    """Insist that a form was taken; otherwise say what the page says."""
    if away_from in page.url:
        said = [
            " ".join(text.split()) for text in _ERROR.findall(page.text) + _ALERT.findall(page.text)
        ]
        raise Failure(f"{page.url} refused the form: {'; '.join(said) or 'without a reason'}.")
    return page


def _id_in(page: Page, pattern: str, *, anywhere: bool = False) -> int:
    found = re.search(pattern, page.text if anywhere else page.url)
    if found is None:
        raise Failure(f"{page.url} does not lead to {pattern}.")
    return int(found[1])


def _newest(browser: Browser, path: str) -> int:
    """The highest id a paged list links to."""
    found: set[int] = set()
    for number in range(1, 50):
        page = browser.get(f"{path}?page={number}")
        ids = {int(hit) for hit in re.findall(rf"{path}(\d+)/", page.text)}
        if ids <= found:
            break
        found |= ids
    if not found:
        raise Failure(f"{path} lists nothing.")
    return max(found)
