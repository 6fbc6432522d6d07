"""The development mailbox reads what the sink filed, and nothing else."""

from __future__ import annotations

import mailbox as maildir
import os
from email.message import EmailMessage

import pytest

from core.web import mailbox


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "mail"
    maildir.Maildir(path)
    return path


def file_mail(folder, subject: str, *, html: str | None = None, age_seconds: int = 0) -> str:
    message = EmailMessage()
    message["Subject"] = subject
    message["To"] = "huong@htx.example"
    message["Date"] = "Sat, 21 Nov 2026 20:05:00 +0700"
    message.set_content("Chào Hương")
    if html:
        message.add_alternative(html, subtype="html")
    key = maildir.Maildir(folder).add(message)
    path = folder / "new" / key
    stamp = 1_800_000_000 - age_seconds
    os.utime(path, (stamp, stamp))
    return key


def test_newest_mail_comes_first(folder):
    old = file_mail(folder, "cũ", age_seconds=60)
    new = file_mail(folder, "mới")
    assert mailbox.newest_keys(folder) == [new, old]


def test_missing_folder_is_an_empty_mailbox(tmp_path):
    assert mailbox.newest_keys(tmp_path / "nothing") == []


def test_mail_shows_subject_day_and_both_parts(folder):
    key = file_mail(folder, "Cam Vạn Yên – phù hợp 83%", html="<p>Xin chào</p>")
    mail = mailbox.read_mail(folder, key)
    assert mail is not None
    assert mail.subject == "Cam Vạn Yên – phù hợp 83%"
    assert mail.sent_at.isoformat() == "2026-11-21T20:05:00+07:00"
    assert (mail.text.strip(), mail.html.strip()) == ("Chào Hương", "<p>Xin chào</p>")


def test_text_mail_has_no_html_part(folder):
    mail = mailbox.read_mail(folder, file_mail(folder, "chữ"))
    assert mail is not None
    assert mail.html is None


@pytest.mark.parametrize("key", ["../../secret", "..", ".hidden", "a/b", "", "x" * 300, "nobody"])
def test_key_never_leads_out_of_the_mailbox(folder, key):
    (folder.parent / "secret").write_text("Subject: leaked\n\n")
    assert mailbox.read_mail(folder, key) is None


def test_mail_without_a_readable_day_is_still_shown(folder):
    key = "1.odd"
    (folder / "new" / key).write_bytes(b"Subject: x\nDate: never\n\nhello")
    mail = mailbox.read_summary(folder, key)
    assert mail is not None
    assert mail.sent_at is None
