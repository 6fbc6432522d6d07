"""What the main job does, told as its people would do it: pages, forms and links in mails."""

from __future__ import annotations

from tools.browser import Browser
from tools.failure import Failure
from tools.mailbox import Mailbox
from tools.people import Login
from tools.steps import StepRunner


class Story:
    """One walk through the portal."""

    def __init__(
        self, base_url: str, mailbox: Mailbox, logins: list[Login], runner: StepRunner
    ) -> None:
        self.base_url, self.mailbox, self.logins, self.runner = base_url, mailbox, logins, runner
        self.summary = runner.summary

    def tell(self) -> None:
        """Carry out every step in order.

        Raises:
            Failure: Something expected was not observed.
        """
        with self.runner.step("A visitor opens the portal"):
            page = Browser(self.base_url).get("/")
            if page.status != 200:  # noqa: PLR2004 -- OK
                raise Failure(f"The home page answered {page.status}: see var/log/web.log.")
            self.runner.note(f"{len(page.links)} links")
