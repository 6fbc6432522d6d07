"""What a load balancer and an operator ask: is the process up, does the work move on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from core.outbox import heartbeats
from core.outbox.selectors import pipeline_health

MAX_RELAY_LAG_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """The answer of /readyz; `ready` is False where a request could not be served truthfully."""

    ready: bool
    database: bool
    migrations: bool
    valkey: bool
    relay_lag_seconds: float | None = None
    open_duties: int | None = None
    dead_duties: int | None = None
    oldest_due_seconds: float | None = None
    heartbeat_hours: Mapping[str, float | None] = field(default_factory=dict)
    degraded: tuple[str, ...] = ()

    def to_json(self) -> dict[str, object]:
        """Return the JSON form."""
        return asdict(self)


def readiness() -> Readiness:
    """Look at database, migrations, relay lag, dead duties and daily work.

    Valkey away, or daily work not done for a day and a half, only degrades.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        migrated = not _unapplied_migrations()
    except DatabaseError:
        return Readiness(ready=False, database=False, migrations=False, valkey=_valkey_answers())
    if not migrated:
        return Readiness(ready=False, database=True, migrations=False, valkey=_valkey_answers())
    pipeline = pipeline_health()
    valkey, signs = _valkey_answers(), heartbeats.signs()
    degraded = [
        name
        for name, bad in (
            ("valkey", not valkey),
            ("relay", (pipeline.relay_lag_seconds or 0) > MAX_RELAY_LAG_SECONDS),
            ("dead duties", pipeline.dead_duties > 0),
            *((f"daily {sign.name}", sign.is_stale) for sign in signs),
        )
        if bad
    ]
    return Readiness(
        ready=True,
        database=True,
        migrations=True,
        valkey=valkey,
        relay_lag_seconds=pipeline.relay_lag_seconds,
        open_duties=pipeline.open_duties,
        dead_duties=pipeline.dead_duties,
        oldest_due_seconds=pipeline.oldest_due_seconds,
        heartbeat_hours={sign.name: sign.age_hours for sign in signs},
        degraded=tuple(degraded),
    )


_migrations_seen = {"complete": False}


def _unapplied_migrations() -> bool:
    # Reading every migration takes 50 ms; once complete, a process cannot become incomplete.
    if not _migrations_seen["complete"]:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        _migrations_seen["complete"] = not plan
    return not _migrations_seen["complete"]


def _valkey_answers() -> bool:
    try:
        client = cache._cache.get_client()  # type: ignore[attr-defined]  # noqa: SLF001 -- the fallback would hide that it is away
        return bool(client.ping())
    except Exception:  # noqa: BLE001 -- whatever is wrong with it, it does not answer
        return False
