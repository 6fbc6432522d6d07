"""The verbs of ./dev: what each takes, and who does it."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tools import checks, foreground, lockfile, totp
from tools.checkout import Checkout
from tools.console import Console
from tools.environment import ensure
from tools.failure import Failure
from tools.people import read_world
from tools.processes import Command
from tools.running import RunOptions, run
from tools.services import Services, ownership, status_rows, stop_detached
from tools.signals import StopRequestedError, ending_signals_raise
from tools.sockets import fits_socket

ROOT = Path(__file__).resolve().parent.parent
# One more than there are cores, for fault tests wait much of their time; four at most, each with
# servers of its own. A file stays with one worker: its module's fixtures are made once.
_ON_ALL_CORES = (
    "-n",
    str(min((os.cpu_count() or 1) + 1, 4)),
    "--dist",
    "loadfile",
    "--no-loadscope-reorder",
)
# The rest of the line is theirs.
_REST = ("test", "manage", "bench", "fault", "vendor", "messages", "prove")


def main(arguments: Sequence[str]) -> int:
    """Carry out one command line and return the exit status."""
    checkout = Checkout(ROOT)
    try:
        with ending_signals_raise():
            options, rest = _parse(arguments)
            status: int = options.action(checkout, options, rest)
            return status
    except Failure as failure:
        print(f"\n./dev: {failure}", file=sys.stderr)
        return 1
    except StopRequestedError as request:
        print(f"\n./dev: ended by {request}", file=sys.stderr)
        return request.exit_status
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141


def _parse(arguments: Sequence[str]) -> tuple[argparse.Namespace, list[str]]:
    parser = argparse.ArgumentParser(
        prog="./dev",
        description="Nhịp Cầu: everything a developer needs, with Python 3.11 and nothing else.",
    )
    verbs = parser.add_subparsers(metavar="VERB", required=True)

    def verb(name: str, text: str, action: Callable[..., int]) -> argparse.ArgumentParser:
        found = verbs.add_parser(
            name, help=text, description=text, add_help=name not in _REST, prefix_chars="-"
        )
        found.set_defaults(action=action, verb=name)
        return found

    running = verb("run", "run the portal on this machine and carry the main job through", _run)
    running.add_argument("--once", action="store_true", help="end after the main job")
    running.add_argument("--json", action="store_true", help="summary as the last line of stdout")
    running.add_argument("--port", type=int, default=8000, help="port to try first (8000)")
    coding = verb("code", "the one-time code of a demo login", _code)
    coding.add_argument("email")
    verb("test", "set up and run the tests; arguments go to pytest", _test)
    verb("check", "what CI checks besides the tests: style, types, imports, exports", _check)
    verb("manage", "Django's command line, with the servers it needs", _manage)
    services = verb("services", "PostgreSQL, Valkey and mail sink without the portal", _services)
    services.add_argument("what", choices=["start", "stop", "status"])
    verb("bench", "run one benchmark: ./dev bench NAME [arguments]", _bench)
    verb("fault", "the fault suite at full length; arguments go to pytest", _fault)
    cleaning = verb("clean", "stop the servers and remove var/ and .venv/", _clean)
    cleaning.add_argument("--yes", action="store_true", help="do not ask")
    verb("lock", "resolve pyproject.toml anew and export requirements/ (needs uv)", _lock)
    verb("vendor", "fetch the front-end assets again (maintainers)", _vendor)
    verb("messages", "gather, merge and compile the Vietnamese texts (maintainers)", _messages)
    verb("prove", "run from awkward places and under signals, and print a table", _prove)
    options, rest = parser.parse_known_args(arguments)
    if options.verb in _REST:
        return options, list(arguments[1:])
    if rest:
        parser.error(f"unknown argument: {' '.join(rest)}")
    return options, rest


def _run(checkout: Checkout, options: argparse.Namespace, _rest: list[str]) -> int:
    return run(checkout, RunOptions(once=options.once, as_json=options.json, port=options.port))


def _code(checkout: Checkout, options: argparse.Namespace, _rest: list[str]) -> int:
    for login in read_world(checkout.demo_logins).logins:
        if login.email == options.email and login.totp_secret:
            print(totp.code(login.totp_secret, at=time.time()))
            return 0
    raise Failure(f"no demo login {options.email} has a second factor: ./dev run lists them")


def _test(checkout: Checkout, _options: argparse.Namespace, rest: list[str]) -> int:
    ensure(checkout, kind="test", console=Console())
    return _pytest(checkout, rest or ["tests", *_ON_ALL_CORES], {})


def _fault(checkout: Checkout, _options: argparse.Namespace, rest: list[str]) -> int:
    ensure(checkout, kind="test", console=Console())
    return _pytest(checkout, ["tests/fault", *rest], {"FAULT_SCALE": "10"})


def _pytest(checkout: Checkout, arguments: list[str], more: dict[str, str]) -> int:
    checkout.make_folders()
    environment = {**os.environ, **more}
    if fits_socket(checkout.scratch):
        environment["TMPDIR"] = str(checkout.scratch)
    command: Command = [checkout.python, "-m", "pytest", *arguments]
    return foreground.run(command, folder=checkout.root, environment=environment)


def _check(checkout: Checkout, _options: argparse.Namespace, _rest: list[str]) -> int:
    console = Console()
    ensure(checkout, kind="lint", console=console)
    return checks.run(checkout, console)


def _manage(checkout: Checkout, _options: argparse.Namespace, rest: list[str]) -> int:
    console = Console(sys.stderr)
    ensure(checkout, kind="run", console=console)
    return foreground.with_services(checkout, console, [checkout.python, "manage.py", *rest])


def _bench(checkout: Checkout, _options: argparse.Namespace, rest: list[str]) -> int:
    known = {path.stem.removeprefix("bench_"): path for path in ROOT.glob("tests/bench/bench_*.py")}
    if not rest or rest[0] not in known:
        raise Failure(f"name a benchmark: ./dev bench {' | '.join(sorted(known))}")
    console = Console(sys.stderr)
    ensure(checkout, kind="bench", console=console)
    command: Command = [checkout.python, known[rest[0]], *rest[1:]]
    # Its own cluster: a measurement neither fills nor empties the demo world.
    return foreground.with_services(checkout, console, command, state=checkout.var / "bench")


def _services(checkout: Checkout, options: argparse.Namespace, _rest: list[str]) -> int:
    console = Console()
    if options.what == "start":
        ensure(checkout, kind="run", console=console)
        with ownership(checkout, console):
            variables = Services(checkout, detached=True).start(console)
        for name, value in sorted(variables.items()):
            console.say(f"export {name}='{value}'")
    elif options.what == "stop":
        with ownership(checkout, console):
            stopped = stop_detached(checkout)
        console.say(f"Stopped: {', '.join(stopped) or 'nothing was running'}")
    else:
        console.table(status_rows(checkout), header=("server", "state", "address"))
    return 0


def _clean(checkout: Checkout, options: argparse.Namespace, _rest: list[str]) -> int:
    console, folders = Console(), [p for p in (checkout.var, checkout.venv) if p.exists()]
    if not folders:
        console.say("Nothing to remove.")
        return 0
    names = " and ".join(str(path) for path in folders)
    console.say(f"This removes {names}: the local database, mails, logs and the environment.")
    if not options.yes:
        if not sys.stdin.isatty():
            raise Failure("nobody to ask here: say ./dev clean --yes")
        if input("Remove them? [y/N] ").strip().lower() not in {"y", "yes"}:
            return 1
    if checkout.var.exists():
        with ownership(checkout, console):
            stop_detached(checkout)
    with console.step("Removing"):
        for path in folders:
            shutil.rmtree(path)
    return 0


def _lock(checkout: Checkout, _options: argparse.Namespace, _rest: list[str]) -> int:
    return lockfile.lock(checkout, Console())


def _vendor(checkout: Checkout, _options: argparse.Namespace, rest: list[str]) -> int:
    command: Command = [sys.executable, "-m", "tools.vendor_assets", *rest]
    return foreground.run(command, folder=checkout.root, environment=dict(os.environ))


def _messages(checkout: Checkout, _options: argparse.Namespace, rest: list[str]) -> int:
    ensure(checkout, kind="test", console=Console(sys.stderr))
    command: Command = [checkout.python, "-m", "tools.messages", *rest]
    return foreground.run(command, folder=checkout.root, environment=dict(os.environ))


def _prove(checkout: Checkout, _options: argparse.Namespace, rest: list[str]) -> int:
    command: Command = [sys.executable, "-m", "tools.prove_dev", *rest]
    return foreground.run(command, folder=checkout.root, environment=dict(os.environ))
