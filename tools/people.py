"""Who may sign in to the demo world, and how they do it."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path

from tools import totp
from tools.browser import Browser, Page
from tools.failure import Failure

_LOGIN_PATH = "/accounts/login/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """One demo account; ``totp_secret`` is empty where no second factor is asked for."""

    role: str
    email: str
    password: str
    totp_secret: str = ""
    name: str = ""


def read_logins(path: Path) -> list[Login]:
    """Read what ``load_demo`` wrote to DEMO_LOGINS_FILE; nothing when it has not."""
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    known = ("role", "email", "password", "totp_secret", "name")
    return [Login(**{name: str(entry.get(name, "")) for name in known}) for entry in entries]


def login_of(logins: list[Login], role: str) -> Login:
    """The first account of a role.

    Raises:
        Failure: The demo world has none.
    """
    for login in logins:
        if login.role == role:
            return login
    raise Failure(f"The demo world has no login for “{role}”: ./dev clean --yes, then run again.")


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
