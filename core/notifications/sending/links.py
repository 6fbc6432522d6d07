"""Addresses in mails: only ever below our own site."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.core import signing
from django.urls import reverse

from core.notifications.enums import Topic
from core.notifications.registry import DIGEST

_SALT = "notifications.unsubscribe"


def absolute(url: str) -> str:
    """Return the path of `url` below SITE_URL, whatever host it named before."""
    return str(settings.SITE_URL) + local_path(url)


def local_path(url: str) -> str:
    """Return path, query and fragment of `url` without its host, beginning with one slash."""
    parts = urlsplit(url)
    path = "/" + parts.path.lstrip("/")
    return urlunsplit(("", "", path, parts.query, parts.fragment))


def unsubscribe_url(*, user_id: int, topic: str) -> str:
    """Return the one-click address for one person and one topic; it never expires.

    Args:
        user_id: Whose choice the address changes.
        topic: A `Topic`, or `registry.DIGEST` for everything that comes once a day.
    """
    token = signing.dumps({"u": user_id, "t": topic}, salt=_SALT, compress=False)
    return absolute(reverse("notifications:unsubscribe", args=[token]))


def read_unsubscribe_token(token: str) -> tuple[int, Topic | None] | None:
    """Return person and topic (None: the daily summary), or None if the token is not ours."""
    try:
        said = signing.loads(token, salt=_SALT)
        return int(said["u"]), None if said["t"] == DIGEST else Topic(said["t"])
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return None
