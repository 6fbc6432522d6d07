"""Which processes a portal has."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.checkout import Checkout
from tools.parts import parts


@pytest.mark.parametrize(
    ("shards", "workers"),
    [
        (None, {"worker-matching": "matching"}),
        ("1", {"worker-matching": "matching"}),
        ("many", {"worker-matching": "matching"}),  # the parts themselves refuse to start
        ("2", {"worker-matching": "matching", "worker-matching-1": "matching.1"}),
    ],
)
def test_each_matching_shard_has_a_worker_for_its_queue(monkeypatch, shards, workers):
    monkeypatch.delenv("MATCHING_SHARDS", raising=False)
    if shards is not None:
        monkeypatch.setenv("MATCHING_SHARDS", shards)
    found = {
        part.name: part.command[part.command.index("-Q") + 1]
        for part in parts(Checkout(Path("/nowhere")), 8000)
        if part.name.startswith("worker-matching")
    }
    assert found == workers
