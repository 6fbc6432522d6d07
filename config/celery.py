"""The Celery app: two queues, messages of one integer, one pulse a minute."""

from __future__ import annotations

import os
import threading
from typing import Any

from celery import Celery
from celery.concurrency.solo import TaskPool as Solo
from celery.signals import celeryd_after_setup, worker_ready
from django.conf import settings

from core.outbox.registry import matching_queue
from matchmaking.engine import market
from matchmaking.engine.kernels.choice import CHOICE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("nhipcau")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    imports=["core.outbox.tasks"],
    result_backend=None,
    task_ignore_result=True,
    task_serializer="json",
    accept_content=["json"],
    task_default_queue="default",
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    task_publish_retry=False,  # a ring that fails is the sweep's business
    broker_transport_options={
        "visibility_timeout": 300,
        "unacked_restore_interval": 10,
        "unacked_mutex_expire": 30,
        "socket_timeout": 5,
        "socket_connect_timeout": 3,
        "socket_keepalive": True,
        "health_check_interval": 10,
        "global_keyprefix": "nc:",
    },
    task_acks_late=True,
    task_reject_on_worker_lost=False,  # the inbox's lease hands out again, without a poison loop
    task_time_limit=120,
    task_soft_time_limit=100,
    worker_prefetch_multiplier=1,
    worker_max_tasks_per_child=1000,
    worker_max_memory_per_child=300_000,
    worker_enable_remote_control=False,
    worker_send_task_events=False,
    worker_soft_shutdown_timeout=10,
    worker_cancel_long_running_tasks_on_connection_loss=True,
    worker_hijack_root_logger=False,
    # Without it Celery's Django fixup closes the database connection around each task, and a worker
    # spends most of its time on new ones; core.outbox.tasks looks after the connections instead.
    CELERY_DB_REUSE_MAX=1_000_000,
    beat_schedule={"pulse": {"task": "outbox.pulse", "schedule": 60.0}},
)


@celeryd_after_setup.connect
def warm_up(instance: Any, **_: Any) -> None:  # noqa: ANN401 -- Celery's worker is untyped
    """Compile the ranking while a worker that matches begins; until that is done, NumPy ranks."""
    if _parts(instance) and issubclass(instance.pool_cls, Solo):
        threading.Thread(target=_compile, daemon=True).start()


def _compile() -> None:
    """Compile what keeps lists before the ranking says that it is ready."""
    market.warm_up()
    CHOICE.load()


@worker_ready.connect
def rank_first(sender: Any, **_: Any) -> None:  # noqa: ANN401 -- Celery's consumer is untyped
    """Load the market of a worker that matches, and store what one that died had not stored."""
    from matchmaking.services import refresh  # noqa: PLC0415 -- Django's apps are ready only now

    for part in _parts(sender):
        refresh.begin_part(part)


def _parts(worker: Any) -> list[int]:  # noqa: ANN401 -- Celery's worker is untyped
    names = worker.app.amqp.queues.consume_from
    shards = range(settings.MATCHING_SHARDS)
    return [shard for shard in shards if matching_queue(shard) in names]
