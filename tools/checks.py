"""``./dev check``: everything CI asks for besides the tests."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable
from functools import partial

from tools import lockfile
from tools.checkout import Checkout
from tools.console import Console
from tools.processes import Command

# The settings are imported by the type checker and the migrations check; nothing connects.
_HARMLESS = {
    "DJANGO_SETTINGS_MODULE": "config.settings",
    "SECRET_KEY": "only-for-checks-never-deployed-0123456789-abcdef",
    "DATABASE_URL": "postgres://nobody@/none?host=/nonexistent",
    "REDIS_URL": "unix:///nonexistent",
    "EMAIL_URL": "memorymail://",
    "SITE_URL": "http://127.0.0.1:8000",
}
_IMPORT_LINTER = "from importlinter.cli import lint_imports_command; lint_imports_command()"


def run(checkout: Checkout, console: Console) -> int:
    """Run every check, also after one failed, and return 1 if any did."""
    programs: list[tuple[str, Command]] = [
        ("style (ruff check)", ["-m", "ruff", "check", ".", "dev"]),
        ("layout (ruff format)", ["-m", "ruff", "format", "--check", ".", "dev"]),
        ("types (mypy)", ["-m", "mypy"]),
        ("import contracts (import-linter)", ["-c", _IMPORT_LINTER]),
        (
            "migrations complete",
            ["-W", "ignore::RuntimeWarning", "manage.py", "makemigrations", "--check", "--dry-run"],
        ),
        ("templates (djlint)", ["-m", "djlint", "templates", "--lint", "--quiet"]),
        ("compose file", ["-m", "tools.compose"]),
    ]
    failed = [
        label
        for label, arguments in programs
        if not _passes(console, label, partial(_call, checkout, arguments))
    ]
    exports = "requirements/ agrees with uv.lock and pyproject.toml"
    if not _passes(console, exports, lambda: "\n".join(lockfile.disagreements(checkout.root))):
        failed.append(exports)
    if failed:
        console.say(f"\n{len(failed)} of {len(programs) + 1} checks failed: {'; '.join(failed)}")
    else:
        console.say(f"\nAll {len(programs) + 1} checks passed.")
    return 1 if failed else 0


def _passes(console: Console, label: str, check: Callable[[], str]) -> bool:
    """``check`` returns what is wrong; nothing when all is well."""
    began = time.monotonic()
    wrong = check()
    sign = "✗" if wrong else "✓"
    console.say(f"{sign} {label}  ({time.monotonic() - began:.1f} s)")
    if wrong:
        console.say("    " + wrong.strip().replace("\n", "\n    "))
    return not wrong


def _call(checkout: Checkout, arguments: Command) -> str:
    done = subprocess.run(
        [checkout.python, *arguments],
        cwd=checkout.root,
        env={**os.environ, **_HARMLESS, "TMPDIR": str(checkout.scratch)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode == 0:
        return ""
    return done.stdout.decode("utf-8", "replace") or f"exit status {done.returncode}"
