"""Who may sign in to the demo world, and how they do it."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path

from tools import totp
from tools.browser import Browser, Page
from tools.failure import Failure
from tools.pages import Goods

_AGAIN = "`./dev clean --yes`, then run again."
_LOGIN_PATH = "/accounts/login/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """One demo account; ``totp_secret`` is empty where no second factor is asked for."""

    role: str
    email: str
    password: str
    totp_secret: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class DemoWorld:
    """What ``load_demo`` says about itself: one login per role, and the main job's goods."""

    logins: list[Login]
    goods: Goods

    def login(self, role: str) -> Login:
        """The first account of a role.

        Raises:
            Failure: The demo world has none.
        """
        for login in self.logins:
            if login.role == role:
                return login
        raise Failure(f"The demo world has no login for “{role}”: {_AGAIN}")


def read_world(path: Path) -> DemoWorld:
    """Read what ``load_demo`` wrote to DEMO_LOGINS_FILE.

    Raises:
        Failure: It wrote nothing, or something else.
    """
    known = ("role", "email", "password", "totp_secret", "name")
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        logins = [
            Login(**{name: entry.get(name, "") for name in known}) for entry in said["logins"]
        ]
        return DemoWorld(logins, Goods(**said["goods"]))
    except (OSError, ValueError, TypeError, KeyError):
        raise Failure(f"The demo world did not say who lives in it: {_AGAIN}") from None


def sign_in(browser: Browser, login: Login) -> Page:
    """Sign in on the portal's own page, with the one-time code when it asks for one.

    Raises:
        Failure: The portal did not let the person in.
    """
    page = browser.get(_LOGIN_PATH)
    form = page.form_with("login", "password")
    page = browser.submit(page, form, {"login": login.email, "password": login.password})
    if "/2fa/" in page.url:
        code = totp.code(login.totp_secret, at=time.time())
        page = browser.submit(page, page.form_with("code"), {"code": code})
    if "/accounts/" in page.url:
        raise Failure(f"{login.email} could not sign in: the portal stayed at {page.url}.")
    return page
