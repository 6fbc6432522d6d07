"""What the main job does, told as its people would do it: pages, forms and links in mails."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import re
import time
from pathlib import Path

from tools import pages
from tools.browser import Browser
from tools.failure import Failure
from tools.mailbox import Mail, Mailbox
from tools.people import DemoWorld, sign_in
from tools.processes import wait_until
from tools.steps import StepRunner

MAIL_SECONDS = 60.0
_VIET_NAM = dt.timezone(dt.timedelta(hours=7))
_IN_NUMBER = re.compile(r"(?<=\d)[.,](?=\d)")


class Story:
    """One walk through the portal by a cooperative, a chain and two officers."""

    def __init__(
        self, base_url: str, mailbox: Mailbox, world: DemoWorld, *, memory: Path, runner: StepRunner
    ) -> None:
        self.mailbox, self.world, self.memory = mailbox, world, memory
        self.runner, self.summary = runner, runner.summary
        self.number = int(time.time())
        self.today = dt.datetime.fromtimestamp(self.number, _VIET_NAM).date()
        # Odd amounts: by both of them a mail is known to be about this run's pair.
        self.quantity_kg = 5001 + self.number % 400 * 10
        self.asked_kg = self.quantity_kg - 3
        self.cooperative = world.login("cooperative")
        self.chain = world.login("chain")
        self.seller, self.buyer = Browser(base_url), Browser(base_url)
        self.officer, self.second_officer = Browser(base_url), Browser(base_url)
        self.stranger = Browser(base_url)

    def tell(self) -> None:
        """Carry out every step in order.

        Raises:
            Failure: Something expected was not observed.
        """
        step, note = self.runner.step, self.runner.note
        with step("Cooperative, chain and two officers sign in"):
            for browser, role in (
                (self.seller, "cooperative"),
                (self.buyer, "chain"),
                (self.officer, "officer"),
                (self.second_officer, "officer_trade"),
            ):
                sign_in(browser, self.world.login(role))
            self._forget_earlier_runs()
        with step("The cooperative hands in a growing-area code"):
            code = f"VN-DEMO-{self.number % 1_000_000:06d}"
            paper = pages.hand_in_growing_area_code(self.seller, number=code, today=self.today)
            self._remember(paper=paper)
            note(code)
        with step("The officer verifies it"):
            pages.verify_paper(self.officer, paper)
        self._trade()
        self._agree()
        with step("The officer proposes to revoke the growing-area code"):
            reason = "Kiểm tra thực địa không đạt (demo)."
            pages.propose_revocation(self.officer, paper, reason=reason)
        with step("A second officer confirms: it is revoked"):
            mark, began = len(self.mailbox.mails()), time.monotonic()
            pages.confirm_revocation(self.second_officer, paper)
        with step("The match is suspended"):
            self._wait_for_status("suspended")
            self.summary.revoked_to_suspended_seconds = time.monotonic() - began
            note(f"{self.summary.revoked_to_suspended_seconds:.2f} s after the second click")
        with step("Both sides are told by mail"):
            for login in (self.cooperative, self.chain):
                self._mail(login.email, "/matches/", after=mark)
            note("2 mails")

    def _trade(self) -> None:
        step, note = self.runner.step, self.runner.note
        with step("The cooperative publishes an offer"):
            days = (self.today, self.today + dt.timedelta(days=60))
            self.offer = pages.publish_offer(
                self.seller, self.world.goods, quantity_kg=self.quantity_kg, days=days
            )
            self.summary.offers += 1
            self._remember(offer=self.offer)
            note(f"offer {self.offer}: {self.quantity_kg} kg {self.world.goods.product}")
        with step("The chain publishes a request"):
            words = self.world.goods.category
            self.request = pages.publish_request(
                self.buyer, self.world.goods, words=words, quantity_kg=self.asked_kg
            )
            self.summary.requests += 1
            self._remember(request=self.request)
            note(f"request {self.request}: {words}")
        with step("A worker scores the pair; the cooperative gets a mail that says why"):
            self.to_seller = self._mail(self.cooperative.email, "/m/")
            note(self.to_seller.subject)
        with step("The chain gets one too"):
            self.to_buyer = self._mail(self.chain.email, "/m/")
            note(self.to_buyer.subject)

    def _agree(self) -> None:
        step, note = self.runner.step, self.runner.note
        with step("The cooperative follows its link and accepts"):
            self.match = pages.accept_by_link(self.stranger, self.to_seller.link_with("/m/"))
            self.summary.matches += 1
            if self._contact(self.seller) or self._contact(self.buyer):
                raise Failure("Contact data shows although only one side has accepted.")
            note(f"match {self.match}; contact data still hidden")
        with step("The chain follows its link and accepts"):
            mark = len(self.mailbox.mails())
            pages.accept_by_link(self.stranger, self.to_buyer.link_with("/m/"))
        with step("Contact data is revealed to both"):
            seen = [self._contact(self.seller), self._contact(self.buyer)]
            if not all(seen):
                raise Failure("Contact data stays hidden although both have accepted.")
            for login, contact in zip((self.cooperative, self.chain), seen, strict=True):
                mail = self._mail(login.email, "/matches/", after=mark)
                if _bare(contact) not in _bare(mail.text):
                    raise Failure(f"The mail to {login.email} does not hold the contact data.")
            note(f"on the page and in 2 mails: {seen[0]}, {seen[1]}")

    def _mail(self, to: str, fragment: str, *, after: int = 0) -> Mail:
        """Wait for the mail about this run's pair that holds a link with ``fragment``."""

        def is_ours(mail: Mail) -> bool:
            text = _IN_NUMBER.sub("", mail.text)
            has_both = str(self.quantity_kg) in text and str(self.asked_kg) in text
            return has_both and any(fragment in link for link in mail.links)

        mail = self.mailbox.wait_for(to=to, like=is_ours, after=after, seconds=MAIL_SECONDS)
        self.summary.mails += 1
        return mail

    def _contact(self, browser: Browser) -> str:
        return pages.contact_on(browser.get(f"/matches/{self.match}/"))

    def _wait_for_status(self, status: str) -> None:
        listed = f"/matches/?state={status}"

        def both_see_it() -> bool:
            link = f"/matches/{self.match}/"
            return all(link in browser.get(listed).text for browser in (self.seller, self.buyer))

        if not wait_until(both_see_it, seconds=MAIL_SECONDS, every_seconds=0.2):
            raise Failure(f"Match {self.match} was not {status} within {MAIL_SECONDS:.0f} s.")

    def _forget_earlier_runs(self) -> None:
        """Take the last run's pair and paper away: either would stand in for this run's."""
        last = self._remembered()
        self.memory.unlink(missing_ok=True)
        if "offer" in last:
            pages.leave_market(self.seller, f"/producer/offers/{last['offer']}/withdraw/")
        if "request" in last:
            pages.leave_market(self.buyer, f"/buyer/requests/{last['request']}/close/")
        if "paper" in last:
            with contextlib.suppress(Failure):  # a run that came to its end revoked it
                pages.propose_revocation(
                    self.officer, last["paper"], reason="Lần chạy trước (demo)."
                )
                pages.confirm_revocation(self.second_officer, last["paper"])

    def _remember(self, **made: int) -> None:
        self.memory.write_text(json.dumps(self._remembered() | made), encoding="utf-8")

    def _remembered(self) -> dict[str, int]:
        with contextlib.suppress(OSError, ValueError):
            said = json.loads(self.memory.read_text(encoding="utf-8"))
            return said if isinstance(said, dict) else {}
        return {}


def _bare(text: str) -> str:
    """Addresses as they are; telephone numbers without spaces, dots and country code."""
    return re.sub(r"[\s.]|\+84|\b0(?=\d)", "", text)
