"""Handlers that write an effect without any unique key, so that a double would show."""

from __future__ import annotations

import datetime as dt
import os

from django.apps import AppConfig
from django.db import connection

from tests.fault.app.strikes import Struck, note_start, suffer


def strike(event: Struck) -> None:
    note_start(event)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO fault_effect (thing_id) VALUES (%s)", [event.thing_id])
    if event.mode == "mail":
        from core.notifications.services import notify

        key = f"fault:{event.thing_id}"
        notify(kind="fault_note", user_id=event.user_id, dedupe_key=key, ref={})
    suffer(event)


class FaultConfig(AppConfig):
    name = "tests.fault.app"
    label = "fault"

    def ready(self) -> None:
        from core.notifications.registry import (
            NotificationKind,
            register,
        )
        from core.outbox import claims, tasks
        from core.outbox.registry import Consumer, subscribe

        claims.LEASE = dt.timedelta(seconds=float(os.environ.get("FAULT_LEASE_S", "10")))
        tasks.LONGEST_RUN_S = float(os.environ.get("FAULT_LONGEST_RUN_S", "110"))
        subscribe([Consumer("fault.strike", (Struck,), strike)])
        words = {"organisation_name": "Thử", "province_name": "Thử", "url": "/x/"}
        register(
            NotificationKind("fault_note", "match", "organisation_approved", lambda _: dict(words))
        )
