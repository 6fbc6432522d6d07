from __future__ import annotations

import pytest

from core.notifications.sending import links
from core.notifications.sending.lookup import MaildirLookup, NoLookup
from core.notifications.sending.mailer import Breaker


@pytest.mark.parametrize(
    "url",
    [
        "/matches/3/",
        "https://evil.example/matches/3/",
        "//evil.example/matches/3/",
        "http:////evil.example@x/matches/3/".replace("//evil.example@x", ""),
    ],
)
def test_links_lead_to_our_own_site_only(url, settings):
    settings.SITE_URL = "https://nhipcau.example"
    assert links.absolute(url).startswith("https://nhipcau.example/")
    assert links.absolute(url).endswith("/matches/3/")


def test_an_unsubscribe_token_cannot_be_forged_or_changed(settings):
    token = links.unsubscribe_url(user_id=5, topic="match").rsplit("/", 2)[1]
    assert links.read_unsubscribe_token(token) == (5, "match")
    assert links.read_unsubscribe_token(token[:-1] + ("A" if token[-1] != "A" else "B")) is None
    assert links.read_unsubscribe_token("nonsense") is None


def test_breaker_opens_after_five_outages_and_closes_with_an_answer():
    breaker = Breaker(first_s=30, longest_s=300)
    waits = [breaker.note_outage() for _ in range(10)]
    assert waits == [1, 1, 1, 1, 30, 60, 120, 240, 300, 300]
    assert breaker.is_open
    breaker.note_answer()
    assert not breaker.is_open


def test_maildir_lookup_reads_headers_only(tmp_path):
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "1").write_bytes(b"Message-ID: <a@x>\r\n\r\nin the body: <b@x>\r\n")
    lookup = MaildirLookup(tmp_path)
    assert lookup.was_accepted("<a@x>") is True
    assert lookup.was_accepted("<b@x>") is False


def test_a_lookup_without_a_place_cannot_tell(tmp_path):
    assert MaildirLookup(tmp_path / "missing").was_accepted("<a@x>") is None
    assert NoLookup().was_accepted("<a@x>") is None
