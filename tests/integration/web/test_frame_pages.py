"""Pages of the frame, fetched as a browser would."""

from __future__ import annotations

import mailbox as maildir
import re
from email.message import EmailMessage

import pytest
from django.urls import reverse

from core.web import panels

pytestmark = pytest.mark.django_db


def counted_figures() -> dict[str, int]:
    return {"offers": 1284, "requests": 96, "matches": 3120, "producers": 256, "provinces": 18}


@pytest.fixture
def mailbox_folder(settings, tmp_path):
    settings.MAILBOX_DIR = tmp_path / "mail"
    maildir.Maildir(settings.MAILBOX_DIR)
    return settings.MAILBOX_DIR


def file_mail(folder, subject: str) -> str:
    message = EmailMessage()
    message["Subject"] = subject
    message["To"] = "huong@htx.example"
    message.set_content("Chào Hương")
    message.add_alternative("<p>Chào</p><script>steal()</script>", subtype="html")
    return maildir.Maildir(folder).add(message)


def test_home_shows_live_figures_grouped(client, settings):
    settings.PORTAL_FIGURES = f"{__name__}.counted_figures"
    page = client.get("/").content.decode()
    assert "1.284" in page
    assert "3.120" in page


def test_home_without_figures_says_nothing_about_numbers(client, settings):
    settings.PORTAL_FIGURES = ""
    page = client.get("/")
    assert page.status_code == 200
    assert "figures-title" not in page.content.decode()


def test_page_names_its_language_and_offers_the_other(client):
    assert '<html lang="vi">' in client.get("/").content.decode()
    client.post(reverse("set_language"), {"language": "en", "next": "/"})
    assert '<html lang="en">' in client.get("/").content.decode()


@pytest.mark.parametrize("name", ["web:home", "account_login", "account_signup"])
def test_public_page_has_one_title_a_skip_link_and_no_inline_code(client, name):
    page = client.get(reverse(name)).content.decode()
    assert len(re.findall(r"<h1[ >]", page)) == 1
    assert page.index('href="#main"') < page.index("<header")
    assert not re.search(r"\sstyle=|<style|<script>|\sonclick=", page)


def test_role_home_asks_strangers_to_sign_in(client):
    answer = client.get(reverse("web:dashboard"))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


def test_role_home_shows_the_panels_that_apply(client, monkeypatch, django_user_model):
    monkeypatch.setattr(panels, "_panels", {})
    template = "components/alert.html"
    for name, applies in (("mine", True), ("theirs", False)):
        panel = panels.Panel(
            name=name,
            order=1,
            applies=lambda _actor, answer=applies: answer,
            template=template,
            context=lambda _actor, text=name: {"tone": "info", "text": f"panel-{text}"},
        )
        panels.register(panel)
    client.force_login(django_user_model.objects.create(email="huong@htx.example"))
    page = client.get(reverse("web:dashboard")).content.decode()
    assert "panel-mine" in page
    assert "panel-theirs" not in page


@pytest.mark.parametrize(("debug", "status"), [(True, 200), (False, 404)])
def test_style_guide_is_for_developers_only(client, settings, debug, status):
    settings.DEBUG = debug
    assert client.get(reverse("web:styleguide")).status_code == status


def test_unknown_address_answers_in_our_frame(client):
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert "nc-topbar" in answer.content.decode()


def test_mailbox_does_not_exist_unless_development_asks_for_it(client, settings):
    settings.MAILBOX_DIR = None
    assert client.get(reverse("web:mailbox")).status_code == 404


@pytest.mark.usefixtures("mailbox_folder")
def test_empty_mailbox_says_what_to_do(client):
    assert "nc-empty" in client.get(reverse("web:mailbox")).content.decode()


def test_mailbox_lists_the_mails(client, mailbox_folder):
    key = file_mail(mailbox_folder, "Cam Vạn Yên")
    page = client.get(reverse("web:mailbox")).content.decode()
    assert "Cam Vạn Yên" in page
    assert reverse("web:mailbox_detail", args=[key]) in page


def test_mail_is_shown_in_a_frame_that_runs_no_script(client, mailbox_folder):
    key = file_mail(mailbox_folder, "Cam Vạn Yên")
    page = client.get(reverse("web:mailbox_detail", args=[key])).content.decode()
    frame = client.get(reverse("web:mailbox_html", args=[key]))
    assert re.search(r"<iframe[^>]*sandbox=", page)
    assert "allow-scripts" not in page
    assert "steal()" not in page
    assert "default-src 'none'" in frame["Content-Security-Policy"]
    assert frame["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.usefixtures("mailbox_folder")
def test_mail_that_does_not_exist_is_not_found(client):
    assert client.get(reverse("web:mailbox_detail", args=["nobody"])).status_code == 404
