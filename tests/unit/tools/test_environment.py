"""Exports, lock, stamps and the compose file."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path

import pytest

from tools import compose, environment
from tools.checkout import Checkout
from tools.console import Console
from tools.lockfile import disagreements
from tools.services import application_environment

ROOT = Path(__file__).resolve().parent.parent.parent.parent


@pytest.fixture
def project(tmp_path):
    for name in ("uv.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    return tmp_path


def edit(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_exports_agree_with_the_lock():
    assert disagreements(ROOT) == []


def test_other_version_in_an_export_is_found(project):
    edit(project / "requirements/run.txt", "celery==5.7.0", "celery==5.6.0")

    assert disagreements(project)[0] == "run.txt: celery 5.6.0, but uv.lock has 5.7.0"


def test_other_hash_in_an_export_is_found(project):
    edit(project / "requirements/test.txt", "sha256:5a81", "sha256:5a82")

    assert disagreements(project)[0] == "test.txt: the hashes of aiosmtpd differ from uv.lock"


def test_missing_and_needless_pins_are_found(project):
    edit(project / "requirements/production.txt", "amqp==", "amqq==")

    assert disagreements(project)[:2] == [
        "production.txt: amqp is missing",
        "production.txt: amqq is not needed",
    ]


def test_pin_of_the_project_without_a_new_lock_is_found(project):
    edit(project / "pyproject.toml", "redis==8.1.0", "redis==8.2.0")

    assert disagreements(project)[0] == "pyproject.toml pins redis 8.2.0, uv.lock 8.1.0"


def test_superset_installed_counts_and_a_changed_pin_does_not(project):
    checkout = Checkout(project)
    checkout.venv.mkdir()
    stamp = checkout.venv / "nhipcau-installed.json"
    stamp.write_text(json.dumps(environment.entries(checkout.requirements("lint"))))

    assert environment.missing(checkout, "run") == {}
    assert environment.missing(checkout, "test") == {}
    edit(project / "requirements/run.txt", "celery==5.7.0", "celery==5.7.1")
    assert list(environment.missing(checkout, "run")) == ["celery"]


def test_nothing_stamped_means_everything_is_missing(project):
    checkout = Checkout(project)

    missing = environment.missing(checkout, "production")

    assert missing == environment.entries(checkout.requirements("production"))
    assert len(missing) > 50


def test_bytecode_that_may_not_lie_beside_the_sources_lies_in_var(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.delenv("PYTHONPYCACHEPREFIX", raising=False)

    found = application_environment(Checkout(tmp_path), port=8000)

    assert found["PYTHONDONTWRITEBYTECODE"] == ""
    assert found["PYTHONPYCACHEPREFIX"] == str(tmp_path / "var" / "bytecode")


def test_compose_file_names_every_part_with_a_health_check():
    assert compose.complaints((ROOT / "docker-compose.yml").read_text()) == []


def test_compose_complaints_name_the_part():
    text = (ROOT / "docker-compose.yml").read_text()

    without_relay = text.replace("  relay:\n", "  relais:\n")
    without_health = text.replace("run_mailer]\n    healthcheck: *loop-health\n", "run_mailer]\n")

    assert "relais" in compose.complaints(without_relay)[0]
    assert compose.complaints(without_health) == ["mailer has no health check"]


def test_no_secret_has_a_default_in_the_compose_file():
    text = (ROOT / "docker-compose.yml").read_text()

    for name in ("SECRET_KEY", "POSTGRES_PASSWORD", "VALKEY_PASSWORD", "EMAIL_URL"):
        assert f"${{{name}:?" in text
        assert f"${{{name}:-" not in text
        assert f"${{{name}}}" not in text


def test_table_aligns_words_left_and_numbers_right():
    stream = io.StringIO()

    Console(stream).table([("đăng", "1.50"), ("chờ thư", "12.00")], header=("step", "s"))

    assert stream.getvalue().splitlines() == [
        "  step     s",
        "  ───────  ─────",
        "  đăng      1.50",
        "  chờ thư  12.00",
    ]
