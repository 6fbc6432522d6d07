"""A kind of message that exists for these tests only, and a mail server that listens."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.factories.smtp import Server, running


@pytest.fixture(autouse=True)
def kind(monkeypatch) -> dict[str, object]:
    """Register the test kind; its words come from the dict this returns, None ends it."""
    from core.notifications import registry
    from tests.factories.notifications import KIND

    words: dict[str, object] = {
        "organisation_name": "Hợp tác xã Bản Sen",
        "province_name": "Quảng Ninh",
        "url": "/matches/3/",
        "allowed": True,
    }

    def context(_notification: object) -> dict[str, object] | None:
        return dict(words) if words["allowed"] else None

    monkeypatch.setattr(registry, "_kinds", dict(registry._kinds))
    registry.register(registry.NotificationKind(KIND, "match", "organisation_approved", context))
    return words


@pytest.fixture
def mail_server(settings) -> Iterator[Server]:
    """A server that accepts everything, named in the settings."""
    with running() as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_TIMEOUT = 3
        settings.MAILBOX_DIR = None
        yield server
