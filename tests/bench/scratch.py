"""A database of a bench's own, migrated, beside whatever else the cluster holds."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

ROOT = Path(__file__).resolve().parents[2]
APPS = ("core", "producers", "buyers", "fairs", "matchmaking")
HARMLESS = {
    "DJANGO_SETTINGS_MODULE": "config.settings",
    "SECRET_KEY": "only-for-benches-never-deployed-0123456789-abcdef",
    "EMAIL_URL": "memorymail://",
}


def set_up(name: str, **environment: str) -> str:
    """Make the database anew, let Django know of it, return its address.

    Migrating takes longer than most measurements, so a migrated database is kept to copy from
    until a migration changes.
    """
    url, template = os.environ["DATABASE_URL"], f"bench_migrated_{_digest()}"
    os.environ.update({**HARMLESS, **environment})
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        known = "SELECT 1 FROM pg_database WHERE datname = %s"
        if not connection.execute(known, [template]).fetchone():
            _migrate(connection, url, template)
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    os.environ["DATABASE_URL"] = _address(url, name)
    import django

    django.setup()
    return os.environ["DATABASE_URL"]


def _migrate(connection: psycopg.Connection, url: str, template: str) -> None:
    """Migrate under another name first, so that half a migration is never taken for a whole."""
    connection.execute("DROP DATABASE IF EXISTS bench_migrating WITH (FORCE)")
    connection.execute("CREATE DATABASE bench_migrating")
    environment = {**os.environ, "DATABASE_URL": _address(url, "bench_migrating")}
    command = [sys.executable, str(ROOT / "manage.py"), "migrate", "--verbosity", "0"]
    subprocess.run(command, env=environment, cwd=ROOT, check=True)
    connection.execute(f"ALTER DATABASE bench_migrating RENAME TO {template}")


def _digest() -> str:
    total = hashlib.sha256()
    for app in APPS:
        for path in sorted((ROOT / app).glob("**/migrations/*.py")):
            total.update(path.read_bytes())
    return total.hexdigest()[:12]


def _address(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
