"""Putting a mail into words, at the moment it is sent and only for who may still read it."""

from __future__ import annotations

import email.policy
import hashlib
from dataclasses import dataclass
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Any

import css_inline
from django.conf import settings
from django.template import Context
from django.template.loader import get_template
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from core.accounts.selectors import is_member
from core.kernel import clock, text
from core.notifications import registry, selectors
from core.notifications.enums import Choice, MailState, Topic
from core.notifications.models import Notification, OutgoingEmail
from core.notifications.sending import links

_SUBJECT_LENGTH = 200
_INLINER = css_inline.CSSInliner(load_remote_stylesheets=False)
_ALLAUTH = "account/email/"


class _WholeSubject(email.policy.EmailPolicy):
    """Sees to it that a subject arrives as it was written.

    Python 3.11 mixes plain and encoded words when it folds and loses the space between two
    encoded ones: "Hội chợ" arrives as "Hộichợ". Such a subject is encoded as one run instead.
    """

    def fold(self, name: str, value: str) -> str:
        folded: str = super().fold(name, value)
        if name.lower() != "subject" or _as_read(folded) == str(value):
            return folded
        encoded = Header(str(value), "utf-8", header_name=name).encode(linesep=self.linesep)
        return f"{name}: {encoded}{self.linesep}"

    def fold_binary(self, name: str, value: str) -> bytes:
        if name.lower() == "subject":
            return self.fold(name, value).encode("ascii")
        folded: bytes = super().fold_binary(name, value)
        return folded


def _as_read(folded: str) -> str:
    return str(email.message_from_string(folded, policy=email.policy.default)["subject"])


_POLICY = _WholeSubject(linesep="\r\n", max_line_length=78)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mail ready to be handed over."""

    sender: str
    recipient: str
    payload: bytes

    @property
    def sha256(self) -> str:
        """Fingerprint of what is sent, kept instead of the text."""
        return hashlib.sha256(self.payload).hexdigest()


class NotToBeSentError(Exception):
    """The mail must not go out; `state` says how it ends."""

    def __init__(self, state: MailState, reason: str) -> None:
        super().__init__(reason)
        self.state, self.reason = state, reason


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    subject: str
    body_text: str
    body_html: str


def render(mail: OutgoingEmail) -> Letter:
    """Write the mail in the recipient's language.

    Raises:
        NotToBeSentError: The recipient may not read it any more, or does not want it.
        LookupError: This release does not know the kind; a later one may.
    """
    recipient = _recipient(mail)
    language = mail.user.language if mail.user else mail.language or settings.LANGUAGE_CODE
    with translation.override(language):
        words = _words(mail)
        return Letter(
            sender=_bare(settings.DEFAULT_FROM_EMAIL),
            recipient=recipient,
            payload=_message(mail, recipient, words, language),
        )


def line_of(notification: Notification) -> tuple[str, str] | None:
    """Return one line and a path for the portal or a digest, None if no longer to be read."""
    values = _values_of(notification)
    kind = registry.kind_named(notification.kind)
    if values is None or kind is None:
        return None
    subject = _plain(f"emails/{kind.template}/subject.txt", values)
    return _one_line(subject), values.get("url") or ""


def _recipient(mail: OutgoingEmail) -> str:
    if mail.user is not None and not mail.user.is_active:
        raise NotToBeSentError(MailState.EXPIRED, "the recipient is no longer active")
    address = mail.address or (mail.user.email if mail.user else "")
    if not address:
        raise NotToBeSentError(MailState.EXPIRED, "the recipient is gone")
    if selectors.is_suppressed(address):
        raise NotToBeSentError(MailState.SUPPRESSED, "the address gets no mail")
    if mail.user is not None and not mail.address and _is_switched_off(mail):
        raise NotToBeSentError(MailState.SUPPRESSED, "switched off since")
    return address


def _is_switched_off(mail: OutgoingEmail) -> bool:
    if mail.user_id is None or mail.kind == registry.DIGEST:
        return False
    return selectors.choice_of(user_id=mail.user_id, topic=mail.topic) == Choice.OFF


def _words(mail: OutgoingEmail) -> _Words:
    if mail.kind.startswith(_ALLAUTH) or "/email/" in mail.kind:
        return _allauth_words(mail)
    if mail.kind == registry.DIGEST:
        return _from_folder("digest", _digest_values(mail), mail)
    kind = registry.address_kind_named(mail.kind)
    if kind is not None:
        return _from_folder(kind.template, kind.context(mail.context or {}), mail)
    notification = mail.notifications.first()
    known = registry.kind_named(mail.kind)
    if notification is None or known is None:
        raise LookupError(f"This release has no words for {mail.kind}.")
    return _from_folder(known.template, _values_of(notification), mail)


def _values_of(notification: Notification) -> dict[str, Any] | None:
    """Ask the kind for its values; membership is checked here, for every kind alike."""
    organisation_id = notification.organisation_id
    if organisation_id is not None and not is_member(
        user_id=notification.user_id, organisation_id=organisation_id
    ):
        return None
    kind = registry.kind_named(notification.kind)
    return kind.context(notification) if kind else None


def _digest_values(mail: OutgoingEmail) -> dict[str, Any] | None:
    items = []
    for notification in mail.notifications.order_by("id"):
        line = line_of(notification)
        if line is not None:
            items.append({"line": line[0], "url": links.absolute(line[1]) if line[1] else ""})
    return {"items": items, "url": reverse("notifications:list")} if items else None


def _from_folder(folder: str, values: dict[str, Any] | None, mail: OutgoingEmail) -> _Words:
    if values is None:
        raise NotToBeSentError(MailState.EXPIRED, "nothing left to tell this recipient")
    context = {**_frame(mail), **values}
    if context.get("url"):
        context["url"] = links.absolute(context["url"])
    subject = _one_line(_plain(f"emails/{folder}/subject.txt", context))
    context["subject"] = subject
    return _Words(
        subject=subject,
        body_text=_plain(f"emails/{folder}/body.txt", context),
        body_html=get_template(f"emails/{folder}/body.html").render(context),
    )


def _allauth_words(mail: OutgoingEmail) -> _Words:
    """Render allauth's text in our frame; its words around the code become the HTML."""
    values = dict(mail.context or {})
    url = next((values[key] for key in ("activate_url", "password_reset_url") if key in values), "")
    context = {**_frame(mail), **values, "user": mail.user, "url": links.absolute(url or "/")}
    subject = _one_line(_plain(f"{mail.kind}_subject.txt", context))
    words = _plain(f"{mail.kind}_message.txt", context).strip()
    before, _found, after = words.partition(values.get("code") or "\0")
    context |= {"subject": subject, "words": words, "url": links.absolute(url) if url else ""}
    context |= {"before_code": before.strip(), "after_code": after.strip()}
    if not values.get("code"):
        context |= {"before_code": "", "after_code": words}
    return _Words(
        subject=subject,
        body_text=_plain("emails/account/body.txt", context),
        body_html=get_template("emails/account/body.html").render(context),
    )


def _frame(mail: OutgoingEmail) -> dict[str, Any]:
    is_digest = mail.kind == registry.DIGEST
    return {
        "recipient_name": text.clean(mail.user.full_name) if mail.user else "",
        "site_url": settings.SITE_URL,
        "language": translation.get_language(),
        "topic_name": _("Daily summary") if is_digest else Topic(mail.topic).label,
        "unsubscribe_url": _unsubscribe_url(mail),
        "preferences_url": links.absolute(reverse("notifications:preferences")),
    }


def _unsubscribe_url(mail: OutgoingEmail) -> str:
    """Return the one-click address; empty where there is nothing to choose."""
    if mail.user_id is None or mail.topic == Topic.SECURITY or mail.address:
        return ""
    topic = registry.DIGEST if mail.kind == registry.DIGEST else mail.topic
    return links.unsubscribe_url(user_id=mail.user_id, topic=topic)


def _message(mail: OutgoingEmail, recipient: str, words: _Words, language: str) -> bytes:
    message = EmailMessage(policy=_POLICY)
    message["From"] = _address(settings.DEFAULT_FROM_EMAIL)
    message["To"] = recipient
    message["Subject"] = words.subject
    message["Message-ID"] = mail.message_id
    message["Date"] = format_datetime(clock.now())
    message["Auto-Submitted"] = "auto-generated"
    message["X-Correlation-ID"] = str(mail.correlation_id)
    unsubscribe_url = _unsubscribe_url(mail)
    if unsubscribe_url:
        message["List-Unsubscribe"] = f"<{unsubscribe_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(words.body_text, cte="quoted-printable")
    html = _INLINER.inline(words.body_html)
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    message["Content-Language"] = language  # set_content would drop it
    return message.as_bytes()


def _plain(template: str, context: dict[str, Any]) -> str:
    """Render without HTML escaping: the result is text."""
    chosen: Any = get_template(template)
    return str(chosen.template.render(Context(context, autoescape=False)))


def _one_line(subject: str) -> str:
    return text.clean(subject)[:_SUBJECT_LENGTH]


def _address(configured: str) -> Address:
    name, bare = parseaddr(configured)
    return Address(display_name=text.clean(name), addr_spec=bare)


def _bare(configured: str) -> str:
    return parseaddr(configured)[1]
