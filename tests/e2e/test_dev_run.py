"""./dev run, from start to every way it can end, around a tiny application."""

from __future__ import annotations

import importlib.util
import json
import os
import pty
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psycopg
import pytest

from tools.locks import is_held

_SPEC = importlib.util.spec_from_file_location(
    "fake_checkout", Path(__file__).with_name("fake_checkout.py")
)
fake_checkout = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(fake_checkout)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


@pytest.fixture
def make_checkout(tmp_path):
    made = []

    def make(name="checkout"):
        checkout = fake_checkout.FakeCheckout(tmp_path / name)
        made.append(checkout)
        return checkout

    yield make
    for checkout in made:
        checkout.end()


def database(note):
    """Connect to the cluster a running portal noted."""
    folder = urllib.request.unquote(note["DATABASE_URL"].partition("host=")[2])
    return psycopg.connect(host=folder, user="nhipcau", dbname="postgres", autocommit=True)


def borrowed(checkout):
    return [Path(note.read_text()) for note in checkout.folder.glob("var/*/borrowed-folder")]


def test_once_reports_json_on_the_last_line_and_leaves_nothing_behind(make_checkout):
    checkout = make_checkout("Đường dẫn có dấu & 'nháy'")

    first = checkout.run("run", "--once", "--json")
    summary = json.loads(first.stdout.splitlines()[-1])

    assert first.returncode == 0, first.stderr
    assert summary["ok"]
    assert summary["offers"] == 1
    assert [step["name"] for step in summary["steps"]] == ["look"]
    assert checkout.processes_gone()
    assert borrowed(checkout) == []
    assert not (checkout.folder / "var/run.json").exists()


def test_second_start_prepares_nothing_again_and_a_new_migration_does(make_checkout):
    checkout = make_checkout()
    checkout.run("run", "--once")
    prepared = checkout.calls()

    again = checkout.run("run", "--once")
    after_second = checkout.calls()
    migrations = checkout.folder / "producers/migrations"
    migrations.mkdir(parents=True)
    (migrations / "0001_initial.py").write_text("")
    checkout.run("run", "--once")

    assert again.returncode == 0
    assert [call.split()[0] for call in prepared] == [
        "migrate",
        "load_reference",
        "load_demo",
        "collectstatic",
    ]
    assert after_second == prepared
    assert [call.split()[0] for call in checkout.calls()[4:]] == [
        "migrate",
        "load_reference",
        "load_demo",
    ]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_ending_signal_leaves_no_process_and_no_lock(make_checkout, number):
    checkout = make_checkout()
    portal = checkout.serving()
    folders = borrowed(checkout)
    assert len(checkout.processes()) >= 10

    portal.send_signal(number)
    portal.communicate(timeout=30)

    assert portal.returncode == 0
    assert checkout.processes() == []
    assert not any(folder.exists() for folder in folders)
    assert not any(is_held(lock) for lock in checkout.folder.glob("var/*.lock"))


def test_closed_terminal_ends_everything(make_checkout):
    checkout = make_checkout()
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(checkout.folder)
        for name in ("DATABASE_URL", "REDIS_URL", "EMAIL_URL"):
            os.environ.pop(name, None)
        os.execv(sys.executable, [sys.executable, "dev", "run"])
    shown = b""
    while b"Ctrl-C ends everything" not in shown:
        shown += os.read(terminal, 4096)

    os.close(terminal)
    os.waitpid(pid, 0)

    assert checkout.processes_gone(seconds=5)


def test_killed_parent_leaves_no_process_and_the_next_start_keeps_committed_rows(make_checkout):
    checkout = make_checkout()
    portal = checkout.serving()
    folders = borrowed(checkout)
    with database(checkout.note()) as connection:
        connection.execute("CREATE TABLE kept (n int)")
        connection.execute("INSERT INTO kept VALUES (42)")

    portal.kill()
    portal.communicate(timeout=30)
    assert checkout.processes_gone()

    again = checkout.serving()
    with database(checkout.note()) as connection:
        rows = connection.execute("SELECT n FROM kept").fetchall()
    again.terminate()
    again.communicate(timeout=30)

    assert rows == [(42,)]
    assert not any(folder.exists() for folder in folders)


def test_everything_killed_at_once_recovers_committed_rows(make_checkout):
    checkout = make_checkout()
    portal = checkout.serving()
    with database(checkout.note()) as connection:
        connection.execute("CREATE TABLE kept (n int)")
        connection.execute("INSERT INTO kept VALUES (42)")

    for pid in [portal.pid, *checkout.processes()]:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    portal.communicate(timeout=30)
    assert checkout.processes_gone()

    again = checkout.serving()
    with database(checkout.note()) as connection:
        rows = connection.execute("SELECT n FROM kept").fetchall()
    again.terminate()
    again.communicate(timeout=30)

    assert rows == [(42,)]


def test_taken_port_is_said_and_another_is_used(make_checkout):
    checkout = make_checkout()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = checkout.run("run", "--once", "--port", str(port))

    assert done.returncode == 0
    assert f"Port {port} is taken; using " in done.stdout


def test_two_checkouts_serve_side_by_side_and_one_checkout_only_once(make_checkout):
    left, right = make_checkout("left"), make_checkout("right")
    first, second = left.serving(), right.serving()

    addresses = {left.note()["SITE_URL"], right.note()["SITE_URL"]}
    answers = {urllib.request.urlopen(f"{url}/readyz").read() for url in addresses}
    refused = left.run("run")
    for portal in (first, second):
        portal.terminate()
        portal.communicate(timeout=30)

    assert len(addresses) == 2
    assert answers == {b"ready"}
    assert refused.returncode == 1
    assert "already runs from this checkout at http://127.0.0.1:" in refused.stderr


def test_dead_part_and_dead_server_are_started_again_and_said(make_checkout):
    checkout = make_checkout()
    portal = checkout.serving()
    valkey = int((checkout.folder / "var/valkey/pid").read_text())
    relay = next(
        pid
        for pid in checkout.processes()
        if "run_relay" in Path(f"/proc/{pid}/cmdline").read_text()
    )

    os.kill(relay, signal.SIGKILL)
    os.kill(valkey, signal.SIGKILL)
    said = [portal.stdout.readline() for _ in range(2)]
    time.sleep(1)
    running = [Path(f"/proc/{pid}/cmdline").read_text() for pid in checkout.processes()]
    portal.terminate()
    portal.communicate(timeout=30)

    assert any("relay ended (SIGKILL); starting it again in 0.5 s" in line for line in said)
    assert any("Valkey had died and runs again" in line for line in said)
    assert any("run_relay" in line for line in running)
    assert int((checkout.folder / "var/log/relay.log").exists()) == 1


def test_manage_joins_a_running_portal_and_passes_the_exit_status(make_checkout):
    checkout = make_checkout()
    alone = checkout.run("manage", "crash")
    portal = checkout.serving()
    beside = checkout.run("manage", "crash", "--flag")
    still_ready = urllib.request.urlopen(f"{checkout.note()['SITE_URL']}/readyz").status
    portal.terminate()
    portal.communicate(timeout=30)

    assert (alone.returncode, beside.returncode, still_ready) == (7, 7, 200)
    assert checkout.calls()[0] == "crash"
    assert checkout.calls()[-1] == "crash --flag"
    assert checkout.processes() == []


def test_detached_services_outlive_their_command_and_a_run(make_checkout):
    checkout = make_checkout()

    started = checkout.run("services", "start")
    checkout.run("run", "--once")
    status = checkout.run("services", "status")
    stopped = checkout.run("services", "stop")

    assert started.stdout.count("export ") == 4
    assert status.stdout.count(" running ") == 3
    assert "mail sink, Valkey, PostgreSQL" in stopped.stdout
    assert checkout.processes_gone()


def test_variable_from_outside_replaces_its_server(make_checkout):
    checkout = make_checkout()

    done = checkout.run(
        "run", "--once", REDIS_URL="redis://127.0.0.1:1", EMAIL_URL="smtp://127.0.0.1:1"
    )

    assert "Starting PostgreSQL" in done.stdout
    assert "Starting Valkey" not in done.stdout
    assert "Starting the mail sink" not in done.stdout
    assert "EMAIL_URL sends the mail elsewhere" in done.stdout
    assert done.returncode == 1


def test_failing_preparation_says_what_to_do_and_stops_the_servers(make_checkout):
    checkout = make_checkout()
    manage = checkout.folder / "manage.py"
    manage.write_text("print('no such province'); raise SystemExit(3)")

    done = checkout.run("run", "--once")

    assert done.returncode == 1
    assert "no such province" in done.stdout
    assert "`./dev manage migrate --no-input --verbosity 0` failed" in done.stderr
    assert "Traceback" not in done.stderr
    assert checkout.processes() == []


def test_clean_removes_state_after_saying_so(make_checkout):
    checkout = make_checkout()
    checkout.run("run", "--once")
    (checkout.folder / ".venv").unlink()

    unasked = checkout.run("clean")
    done = checkout.run("clean", "--yes")

    assert unasked.returncode == 1
    assert "./dev clean --yes" in unasked.stderr
    assert done.returncode == 0
    assert not (checkout.folder / "var").exists()


def test_help_names_every_verb():
    done = subprocess.run(
        [sys.executable, fake_checkout.ROOT / "dev", "--help"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    for verb in ("run", "test", "check", "manage", "services", "bench", "fault", "clean"):
        assert f"    {verb} " in done.stdout
