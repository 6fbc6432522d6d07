"""The launchers of PostgreSQL, Valkey and the mail sink, and the supervisor."""

from __future__ import annotations

import io
import os
import signal
import smtplib
import subprocess
import sys
import sysconfig
import time
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import unquote

import psycopg
import pytest

from tools.console import Console
from tools.locks import LockedError, exclusive, is_held
from tools.mailbox import Mailbox
from tools.mailsink import MailSink
from tools.postgres import LocalPostgres, PostgresError
from tools.processes import is_alive, wait_until
from tools.sockets import clear_borrowed, free_loopback_port
from tools.supervisor import Part, Supervisor, end_survivors
from tools.valkey import LocalValkey, ValkeyError

PACKAGES = Path(sysconfig.get_paths()["purelib"])


@pytest.fixture
def postgres(tmp_path):
    server = LocalPostgres(PACKAGES, tmp_path / "thư mục kín" / "postgres", durable=True)
    (tmp_path / "thư mục kín").mkdir(mode=0o700)
    yield server
    server.stop(immediately=True)


def rows(url, *statements):
    with psycopg.connect(
        host=unquote(url.partition("host=")[2]), user="nhipcau", dbname="postgres", autocommit=True
    ) as connection:
        for statement in statements[:-1]:
            connection.execute(statement)
        return connection.execute(statements[-1]).fetchall()


def test_postgres_below_a_private_folder_keeps_data_there_and_lowers_vietnamese(postgres):
    url = postgres.start()

    assert rows(url, "SELECT lower('ĐẮK LẮK')") == [("đắk lắk",)]
    assert (postgres.home / "data/PG_VERSION").exists()
    assert (postgres.home.parent.stat().st_mode & 0o777) == 0o700
    assert rows(url, "SHOW fsync") == [("on",)]
    assert rows(url, "SHOW listen_addresses") == [("",)]


def test_postgres_offers_the_extensions_the_migrations_need(postgres):
    url = postgres.start()

    created = [f"CREATE EXTENSION {name}" for name in ("pg_trgm", "btree_gist", "unaccent")]

    assert rows(url, *created, "SELECT similarity('sau rieng', 'sau rieng')") == [(1.0,)]


def test_postgres_keeps_committed_rows_over_a_crash_and_its_address(postgres):
    url = postgres.start()
    rows(url, "CREATE TABLE kept (n int)", "INSERT INTO kept VALUES (7) RETURNING n")

    postgres.crash()
    again = postgres.start()

    assert again == url
    assert rows(again, "SELECT n FROM kept") == [(7,)]


def test_postgres_starts_although_a_stranger_got_the_old_process_id(postgres):
    postgres.start()
    postgres.crash()
    pid_file = postgres.data / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]))

    url = postgres.start()

    assert rows(url, "SELECT 1") == [(1,)]


def test_postgres_stop_removes_the_borrowed_folder(postgres):
    folder = Path(unquote(postgres.start().partition("host=")[2]))

    postgres.stop()

    assert not postgres.is_running()
    assert folder == postgres.home or not folder.exists()
    assert not (postgres.home / "borrowed-folder").exists()


def test_long_path_still_gets_a_socket(tmp_path):
    home = tmp_path / ("d" * 60) / ("e" * 60)
    server, valkey = LocalPostgres(PACKAGES, home, durable=False), LocalValkey(PACKAGES, home / "v")
    try:
        assert rows(server.start(), "SELECT 1") == [(1,)]
        valkey.start()
        assert valkey.is_running()
    finally:
        server.stop(immediately=True)
        valkey.stop()


def test_missing_wheels_say_which_variable_to_set(tmp_path):
    with pytest.raises(PostgresError, match="set DATABASE_URL"):
        LocalPostgres(tmp_path, tmp_path / "p", durable=False).start()
    with pytest.raises(ValkeyError, match="set REDIS_URL"):
        LocalValkey(tmp_path, tmp_path / "v").start()


def test_servers_end_with_a_killed_parent(tmp_path):
    script = (
        "import sys, time; from pathlib import Path\n"
        "from tools.postgres import LocalPostgres; from tools.valkey import LocalValkey\n"
        f"p, h = Path({str(PACKAGES)!r}), Path({str(tmp_path)!r})\n"
        "LocalPostgres(p, h / 'p', durable=True).start(); LocalValkey(p, h / 'v').start()\n"
        "print('up', flush=True); time.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
    parent.stdout.readline()
    server = LocalPostgres(PACKAGES, tmp_path / "p", durable=True)
    valkey = LocalValkey(PACKAGES, tmp_path / "v")
    assert server.is_running()
    assert valkey.is_running()

    parent.kill()
    parent.communicate()

    assert wait_until(lambda: not server.is_running(), seconds=10)
    assert wait_until(lambda: not valkey.is_running(), seconds=10)
    clear_borrowed(tmp_path / "p")


def test_mail_sink_files_what_smtp_brings(tmp_path):
    sink = MailSink(Path(sys.executable), tmp_path / "mail", log=tmp_path / "log")
    mailbox = Mailbox(tmp_path / "mail")
    sink.start()
    try:
        message = EmailMessage()
        message["To"], message["From"], message["Subject"] = "lan@x.vn", "a@x.vn", "Thư thử"
        message.set_content("Chào chị Lan")
        with smtplib.SMTP("127.0.0.1", sink.port) as connection:
            connection.send_message(message)
        mail = mailbox.wait_for(
            to="lan@x.vn", like=lambda found: found.subject == "Thư thử", seconds=5
        )
    finally:
        sink.stop()

    assert mail.text.strip() == "Chào chị Lan"
    assert sink.pid is None


def test_taken_port_is_not_offered():
    port = free_loopback_port()
    assert free_loopback_port(port) == port


def test_lock_tells_a_second_holder_and_frees_itself(tmp_path):
    path = tmp_path / "lock"
    waited = []
    with exclusive(path):
        assert is_held(path)
        with (
            pytest.raises(LockedError),
            exclusive(path, wait_seconds=0.2, when_waiting=lambda: waited.append(1)),
        ):
            pass
    assert waited == [1]
    assert not is_held(path)


@pytest.fixture
def supervisor(tmp_path):
    made = Supervisor(
        folder=tmp_path,
        environment=dict(os.environ),
        logs=tmp_path,
        notes=tmp_path / "parts.json",
        console=Console(io.StringIO()),
    )
    yield made
    made.stop(patience_seconds=0.5)


def test_dying_part_is_started_again_with_growing_pauses(supervisor, tmp_path):
    script = "open('runs', 'a').write('x')"
    supervisor.start(Part(name="short", command=[sys.executable, "-c", script]))
    end = time.monotonic() + 2.5
    while time.monotonic() < end:
        supervisor.look_after()
        time.sleep(0.02)

    said = supervisor.console.stream.getvalue()

    assert len((tmp_path / "runs").read_text()) == 3
    assert "short ended (exit status 0); starting it again in 0.5 s" in said
    assert "starting it again in 1 s" in said
    assert "starting it again in 2 s" in said


def test_stop_ends_a_part_that_ignores_sigterm_with_its_children(supervisor, tmp_path):
    script = (
        "import signal, subprocess, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "child = subprocess.Popen(['sleep', '60'])\n"
        "open('child', 'w').write(str(child.pid)); time.sleep(60)\n"
    )
    supervisor.start(Part(name="deaf", command=[sys.executable, "-c", script]))
    pid = supervisor.running()["deaf"]
    assert wait_until((tmp_path / "child").exists, seconds=10)
    wait_until(lambda: (tmp_path / "child").read_text() != "", seconds=2)
    child = int((tmp_path / "child").read_text())

    supervisor.stop(patience_seconds=0.3)

    assert wait_until(lambda: not is_alive(pid) and not is_alive(child), seconds=2)


def test_survivors_of_a_killed_supervisor_are_ended_but_reused_ids_are_not(supervisor, tmp_path):
    supervisor.start(Part(name="left", command=["sleep", "60"]))
    pid = supervisor.running()["left"]
    notes = (tmp_path / "parts.json").read_text()
    stranger = subprocess.Popen(["sleep", "60"])
    try:
        (tmp_path / "other.json").write_text(f'[[{stranger.pid}, "1"]]')

        assert end_survivors(tmp_path / "other.json") == 0
        (tmp_path / "copy.json").write_text(notes)
        assert end_survivors(tmp_path / "copy.json") == 1
        assert wait_until(lambda: not is_alive(pid), seconds=2)
        assert stranger.poll() is None
    finally:
        stranger.send_signal(signal.SIGKILL)
        stranger.wait()
