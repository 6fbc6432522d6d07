"""Every role walks through the portal in Vietnamese; no page and no mail falls back to English."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.utils.translation.trans_real import DjangoTranslation

from core.kernel import clock
from tests.factories import accounts, portal

pytestmark = pytest.mark.django_db

# What is the same in both languages, or never meant for people.
SAME = {
    "English",
    "Tiếng Việt",  # names of languages, each in itself
}
# Where a deadline was read is quoted as it was noted, in the data of the fairs.
with Path(settings.BASE_DIR, "fairs/data/deadlines.csv").open(encoding="utf-8") as rows:
    QUOTED = {row["source"] for row in csv.DictReader(rows)}
MOST_PAGES = 150
LEFT_ALONE = ("/accounts/logout/", "/api/", "/static/", "/admin/", "/language/", "/styleguide/")
ENGLISH = re.compile(r"(?i)\b(?:the|and|your|you|with|from|is|are|not|this|have|of|for)\b")
SILENT = {"script", "style", "code", "svg"}


@pytest.fixture
def missed(monkeypatch) -> dict[str, str]:
    """Collect every msgid that a Vietnamese reader would see in English."""
    found: dict[str, str] = {}

    def note(self, message: str, *, plural: bool) -> None:
        if self.language() != "vi" or not message or message in SAME:
            return
        catalogue = self._catalog
        known = (message in catalogue) or (message, self.plural(1)) in catalogue
        if plural:
            known = (message, self.plural(1)) in catalogue
        if not known and re.search(r"[a-zA-Z]{2}", message.rpartition("\x04")[2]):
            found.setdefault(message, "")

    gettext, ngettext = DjangoTranslation.gettext, DjangoTranslation.ngettext

    def noted(self, message):
        note(self, message, plural=False)
        return gettext(self, message)

    def noted_plural(self, one, many, n):
        note(self, one, plural=True)
        return ngettext(self, one, many, n)

    monkeypatch.setattr(DjangoTranslation, "gettext", noted)
    monkeypatch.setattr(DjangoTranslation, "ngettext", noted_plural)
    return found


class Reader(HTMLParser):
    """Reads a page as a person does: words, links, and fields that are to be sent."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self.forms: list[str] = []
        self._silent = 0
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self._silent += tag in SILENT
        if tag == "a" and found.get("href"):
            self.links.append(found["href"])
        if tag == "form" and (found.get("method") or "").lower() == "post":
            self.forms.append(found.get("action") or "")
        said = (found.get(name) for name in ("title", "placeholder", "aria-label", "alt"))
        self.words += [text for text in said if text and not self._silent]

    def handle_endtag(self, tag):
        self._silent -= tag in SILENT

    def handle_data(self, data):
        if not self._silent and data.strip():
            self.words.append(data.strip())

    def english(self) -> list[str]:
        """Return what reads like English; one word may be a name, two are a sentence."""
        return [
            words for words in self.words if len(ENGLISH.findall(words)) > 1 and words not in QUOTED
        ]


@pytest.fixture
def world(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return portal.build()


def walk(client, starts: list[str]) -> dict[str, list[str]]:
    """Open what can be reached by links from the starts; return English words per page."""
    waiting, seen, english = list(starts), set(starts), defaultdict(list)
    while waiting:
        path = waiting.pop(0)
        answer = client.get(path)
        assert answer.status_code < 500, path
        if answer.status_code in {301, 302}:
            waiting += _new([answer["Location"]], seen)
            continue
        if not answer.get("Content-Type", "").startswith("text/html") or answer.streaming:
            continue
        read = Reader(answer.content.decode())
        english[path] += read.english()
        waiting += _new(read.links, seen)
    return {path: words for path, words in english.items() if words}


def _new(links: list[str], seen: set[str]) -> Iterator[str]:
    for link in links:
        parts = urlsplit(link)
        shape = re.sub(r"=[^&]*", "", parts.query)  # another page of the same list says the same
        key = f"{parts.path}?{shape}"
        if parts.scheme or parts.netloc or not parts.path.startswith("/"):
            continue
        if parts.path.startswith(LEFT_ALONE) or key in seen or len(seen) > MOST_PAGES:
            continue
        seen.add(key)
        yield f"{parts.path}?{parts.query}" if parts.query else parts.path


PUBLIC = [
    "/", "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/",
    "/accounts/password/reset/done/", "/accounts/inactive/", "/accounts/confirm-email/",
    "/accounts/password/reset/key/x-y/", "/no-such-page/", "/m/broken/", "/unsubscribe/broken/",
    "/invitations/broken/", "/matches/why/", "/fairs/", "/join/",
]  # fmt: skip
SIGNED_IN = [
    "/home/", "/join/", "/organisation/", "/organisation/contact/", "/organisation/identity/",
    "/organisation/members/", "/organisation/api-keys/", "/profile/", "/notifications/",
    "/notifications/preferences/", "/accounts/email/", "/accounts/password/change/",
    "/accounts/2fa/", "/accounts/2fa/totp/activate/", "/accounts/reauthenticate/",
    "/accounts/2fa/recovery-codes/", "/accounts/2fa/recovery-codes/generate/", "/matches/",
    "/producer/profile/", "/producer/products/", "/producer/products/new/", "/producer/papers/",
    "/producer/papers/new/", "/producer/offers/", "/producer/offers/new/", "/buyer/chain/",
    "/buyer/chain/about/", "/buyer/chain/banners/new/", "/buyer/requests/",
    "/buyer/requests/new/", "/requests/", "/officer/organisations/", "/officer/papers/",
    "/fairs/", "/fairs/mine/", "/fairs/mine/new/", "/fairs/province/", "/fairs/applications/",
]  # fmt: skip


def test_strangers_read_vietnamese(client_for, world, missed):
    english = walk(client_for(), PUBLIC)
    assert (sorted(missed), english) == ([], {})


@pytest.fixture
def recently(client_for):
    """Return a maker of clients whose password was asked a moment ago."""

    def make(user):
        client = client_for(user)
        session = client.session
        session["account_authentication_methods"] = [
            {"method": "password", "at": clock.now().timestamp(), "email": user.email}
        ]
        session.save()
        return client

    return make


@pytest.mark.parametrize(
    "role", ["seller", "buyer", "organiser", "officer", "newcomer", "applicant", "returned"]
)
def test_each_role_reads_vietnamese(role, recently, world, missed):
    english = walk(recently(getattr(world, role)), SIGNED_IN)
    assert (sorted(missed), english) == ([], {})


ANSWERED = {
    "seller": ["/organisation/contact/", "/producer/products/new/", "/producer/offers/new/",
               "/producer/papers/new/?kind=vietgap", "/producer/profile/",
               "/organisation/members/", "/organisation/api-keys/", "/accounts/email/",
               "/accounts/password/change/", "/accounts/2fa/totp/activate/"],
    "buyer": ["/buyer/requests/new/", "/buyer/chain/banners/new/", "/buyer/chain/about/"],
    "organiser": ["/fairs/mine/new/"],
    "newcomer": ["/join/start/"],
}  # fmt: skip
TYPED = [
    {},
    {
        "quantity": "abc", "price_vnd": "1.5.5", "available_from": "x", "available_to": "x",
        "needed_from": "x", "needed_to": "x", "contact_email": "x", "contact_phone": "1",
        "product": "999", "unit": "999", "category": "999", "email": "x", "name": "\x00",
        "code": "1", "oldpassword": "x", "password1": "1", "password2": "2", "opens_on": "x",
        "role": "x", "number": "x" * 500, "evidence_url": "x", "booth_quota": "x",
    },
]  # fmt: skip


@pytest.mark.parametrize("typed", TYPED, ids=["nothing", "nonsense"])
@pytest.mark.parametrize("role", list(ANSWERED))
def test_errors_of_forms_are_vietnamese(role, typed, recently, world, missed):
    client, english = recently(getattr(world, role)), {}
    for path in ANSWERED[role]:
        answer = client.post(path, typed)
        assert answer.status_code < 500, path
        english[path] = Reader(answer.content.decode()).english()
    assert (sorted(missed), [words for words in english.values() if words]) == ([], [])


@pytest.mark.parametrize("typed", TYPED, ids=["nothing", "nonsense"])
def test_errors_at_the_door_are_vietnamese(typed, client_for, world, missed):
    client = client_for()
    for path in ("/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"):
        assert (
            client.post(path, {"login": "a@b.example", "password": "x", **typed}).status_code < 500
        )
    assert sorted(missed) == []


def test_steps_of_signing_up_and_in_are_vietnamese(client_for, world, missed):
    person = {"email": "moi@vidu.example", "password1": accounts.PASSWORD, "full_name": "Lê Mới"}
    known = {"login": world.officer.email, "password": accounts.PASSWORD}
    english, seen = [], []
    for path, values in (("/accounts/signup/", person), ("/accounts/login/", known)):
        client = client_for()
        answer = client.post(path, values, follow=True)
        seen.append(answer.redirect_chain[-1][0])
        wrong = client.post(seen[-1], {"code": "000000"})
        english += [Reader(page.content.decode()).english() for page in (answer, wrong)]
    assert seen == ["/accounts/confirm-email/", "/accounts/2fa/authenticate/"]
    assert (sorted(missed), [words for words in english if words]) == ([], [])


MAILS = sorted(
    path.name for path in Path(settings.BASE_DIR, "templates/emails").iterdir()
    if path.is_dir() and path.name not in {"account", "digest"}
)  # fmt: skip
LETTERS = sorted(
    path.name.removesuffix("_subject.txt")
    for path in Path(settings.BASE_DIR, "templates/account/email").glob("*_subject.txt")
)


@pytest.mark.parametrize("folder", MAILS)
def test_mails_are_vietnamese(folder, world, missed, monkeypatch):
    english = []
    for is_producer in (True, False):
        letter = portal.letter(
            folder, portal=world, is_producer=is_producer, monkeypatch=monkeypatch
        )
        english += _english_lines(letter)
    assert (sorted(missed), english) == ([], [])


def test_digest_is_vietnamese(world, missed, monkeypatch):
    letter = portal.digest(world, monkeypatch=monkeypatch)
    assert (sorted(missed), _english_lines(letter)) == ([], [])


@pytest.mark.parametrize("name", LETTERS)
@pytest.mark.parametrize("code", ["", "ABC123"])
def test_account_mails_are_vietnamese(name, code, missed):
    letter = portal.account_letter(f"account/email/{name}", code=code)
    assert (sorted(missed), _english_lines(letter)) == ([], [])


def _english_lines(letter) -> list[str]:
    plain = letter.get_body(("plain",)).get_content()
    html = Reader(letter.get_body(("html",)).get_content())
    lines = [letter["Subject"], *plain.splitlines(), *html.words]
    return [line for line in lines if len(ENGLISH.findall(line)) > 1]


def test_what_is_missing_is_noticed(missed):
    from django.utils import translation

    with translation.override("vi"):
        translation.gettext("Quite another thing")
        translation.gettext("Sign in")
        translation.ngettext("%(n)s odd thing", "%(n)s odd things", 2)
    with translation.override("en"):
        translation.gettext("Something else again")
    assert sorted(missed) == ["%(n)s odd thing", "Quite another thing"]
    assert Reader('<p>All of the <a href="/x/">oranges</a></p>').english() == ["All of the"]
