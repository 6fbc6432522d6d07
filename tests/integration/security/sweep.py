"""Sending one thing and saying what went wrong: a crash, a long wait, or dirt that was kept."""

from __future__ import annotations

import os
import time
import unicodedata

from django.db import connection

from tests.integration.security.actors import Actor, World

SEED = 2026
# `SWEEP_SCALE=2 ./dev test tests/integration/security tests/e2e` looks twice as hard.
SCALE = int(os.environ.get("SWEEP_SCALE", "1"))
LONGEST_SECONDS = 3
SESSION_TABLES = ("django_session", "idempotency", "pghistory_context")


class Watch:
    """Collects the texts that statements write, and what must never be among them."""

    def __init__(self) -> None:
        self.dirty: list[str] = []

    def __call__(self, execute, sql, params, many, context):
        if sql.startswith(("INSERT", "UPDATE")) and not any(t in sql[:60] for t in SESSION_TABLES):
            self.dirty += [repr(p) for p in _texts(params) if is_dirty(p)]
        return execute(sql, params, many, context)


def _texts(params):
    for one in params or ():
        if isinstance(one, str) and len(one) < 5_000 and "pbkdf2" not in one:
            yield one


def is_dirty(text: str) -> bool:
    kept = {"\n", "\u200d", "\ufe0f"}
    hidden = (c for c in text if c not in kept)
    invisible = any(unicodedata.category(c) in {"Cc", "Cf", "Zl", "Zp"} for c in hidden)
    return invisible or unicodedata.normalize("NFC", text) != text


def complain(response, seconds: float) -> list[str]:
    wrong = []
    if response.status_code >= 500:
        wrong.append(str(response.status_code))
    if seconds > LONGEST_SECONDS:
        wrong.append(f"{seconds:.1f} s")
    body = response.content.decode("utf-8", "replace")
    if "text/html" in response.get("Content-Type", "") and "<script>alert(1)" in body:
        wrong.append("markup is not escaped")
    return wrong


def send(world: World, actor: Actor, method: str, path: str, data=None, **more):
    watch, start = Watch(), time.monotonic()
    with connection.execute_wrapper(watch):
        response, _ = world.try_out(actor, method, path, data, **more)
    wrong = complain(response, time.monotonic() - start)
    return response, [*wrong, *(f"stored {text}" for text in watch.dirty[:2])]
