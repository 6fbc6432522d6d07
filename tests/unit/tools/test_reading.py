"""What the main job reads with: pages, forms, mails, one-time codes."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from tools.browser import Page, _read
from tools.failure import Failure
from tools.mailbox import Mailbox
from tools.totp import code

_PAGE = """
<a href="/m/abc/">Xem <b>kết nối</b></a>
<form action="/search/"><input name="q" value="a&amp;b"></form>
<form method="POST" action="">
  <input type="hidden" name="csrfmiddlewaretoken" value="t0k3n">
  <input type="checkbox" name="terms"><input type="checkbox" name="kept" value="yes" checked>
  <input name="off" value="1" disabled>
  <select name="unit"><option value="kg">kg<option value="ta" selected>tạ</option></select>
  <select name="first"><option value="a">A</option><option value="b">B</option></select>
  <select name="many" multiple><option value="x">X</option></select>
  <textarea name="note">
dòng một
dòng hai</textarea>
  <input type="file" name="photo"><button name="action" value="publish">Go</button>
</form>
"""


def page() -> Page:
    return _read(200, "http://portal/x/", _PAGE.encode())


def test_form_holds_what_a_browser_would_send_untouched():
    form = page().form_with("note", "action")

    assert form.method == "post"
    assert form.fields == [
        ("csrfmiddlewaretoken", "t0k3n"),
        ("kept", "yes"),
        ("unit", "ta"),
        ("first", "a"),
        ("note", "dòng một\ndòng hai"),
    ]
    assert form.choices["unit"] == [("kg", "kg"), ("ta", "tạ")]
    assert form.buttons == [("action", "publish")]


def test_links_come_with_their_words():
    assert page().links == [("/m/abc/", "Xem kết nối")]


def test_missing_form_says_which_page_and_fields():
    with pytest.raises(Failure, match=r"The page http://portal/x/ \(200\) has no form with price"):
        page().form_with("price")


def write_mail(folder, name, *, to, subject, body):
    message = EmailMessage()
    message["To"], message["Subject"] = to, subject
    message.set_content(body)
    message.add_alternative(f"<p>{body}</p>", subtype="html")
    (folder / "new").mkdir(exist_ok=True, parents=True)
    (folder / "new" / name).write_bytes(message.as_bytes())


def test_mailbox_sees_only_what_arrived_since_and_reads_vietnamese(tmp_path):
    write_mail(tmp_path, "1", to="old@x.vn", subject="cũ", body="cũ")
    mailbox = Mailbox(tmp_path)
    write_mail(
        tmp_path, "2", to="Lan <lan@x.vn>", subject="Sầu riêng", body="Mở http://h/m/t0/ nhé"
    )

    mail = mailbox.wait_for(to="lan@x.vn", like=lambda m: "Sầu" in m.subject, seconds=0)

    assert [found.subject for found in mailbox.mails()] == ["Sầu riêng"]
    assert mail.link_with("/m/") == "http://h/m/t0/"


def test_waiting_in_vain_says_where_to_look(tmp_path):
    with pytest.raises(Failure, match=r"expected mail to lan@x.vn .*var/log/mailer.log"):
        Mailbox(tmp_path).wait_for(to="lan@x.vn", like=bool, seconds=0)


@pytest.mark.parametrize(
    ("at", "expected"), [(59, "287082"), (1111111109, "081804"), (20000000000, "353130")]
)
def test_one_time_code_agrees_with_rfc_6238(at, expected):
    assert code("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", at=at) == expected
