"""What the environment may say of the workers, and what Celery makes of it."""

from __future__ import annotations

import pytest
from celery.fixups.django import DjangoWorkerFixup
from django.core.exceptions import ImproperlyConfigured

from config.celery import app
from config.env import read_env


@pytest.mark.parametrize("shards", ["0", "-1", "65"])
def test_a_number_of_shards_that_cannot_be_meant_stops_the_start(monkeypatch, shards):
    monkeypatch.setenv("MATCHING_SHARDS", shards)
    with pytest.raises(ImproperlyConfigured, match="MATCHING_SHARDS"):
        read_env()


def test_a_worker_keeps_its_database_connection_between_tasks():
    assert DjangoWorkerFixup(app).db_reuse_max > 1000
