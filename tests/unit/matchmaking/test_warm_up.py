"""A worker that matches compiles the ranking beside its first duties; no other worker does."""

from __future__ import annotations

import threading
from types import SimpleNamespace

import pytest
from celery.concurrency.prefork import TaskPool as Prefork
from celery.concurrency.solo import TaskPool as Solo

from config.celery import warm_up
from matchmaking.engine import market
from matchmaking.engine.kernels.choice import CHOICE


@pytest.mark.parametrize(
    ("queues", "pool", "expected"),
    [
        (["matching"], Solo, True),
        (["default", "matching"], Solo, True),
        (["default"], Solo, False),
        (["matching"], Prefork, False),
    ],
)
def test_warm_up(monkeypatch, queues, pool, expected):
    loaded = threading.Event()
    steps: list[str] = []
    monkeypatch.setattr(market, "warm_up", lambda: steps.append("lists"))
    monkeypatch.setattr(CHOICE, "load", lambda: (steps.append("ready"), loaded.set()))
    names = SimpleNamespace(queues=SimpleNamespace(consume_from=dict.fromkeys(queues)))

    warm_up(instance=SimpleNamespace(app=SimpleNamespace(amqp=names), pool_cls=pool))

    assert loaded.wait(5 if expected else 0.05) is expected
    assert steps == (["lists", "ready"] if expected else [])
