"""The product's rules said again in SQL list what the engine lists: an oracle, and a fair peer."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from django.db import connection

from matchmaking.engine.ranking import columnar_per_supply
from matchmaking.engine.ruleset import DEFAULT_RULESET

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "tests/bench"))

from incremental_numpy import Numpy
from incremental_postgres import FORMS, Postgres
from matching_world import build_world

WORLD = build_world(40, 600, seed=7)


@pytest.fixture(scope="module")
def listed():
    found = columnar_per_supply(WORLD.supply, WORLD.demand, WORLD.terrain, DEFAULT_RULESET)
    lists = {int(offer_id): [] for offer_id in WORLD.supply.offer_id}
    for row, asked, score in zip(found.supply, found.demand, found.score, strict=True):
        pair = int(WORLD.demand.request_id[asked]), int(score)
        lists[int(WORLD.supply.offer_id[row])].append(pair)
    return lists


@pytest.fixture
def postgres(db):
    params = connection.get_connection_params()
    address = " ".join(
        f"{name}='{params[name]}'"
        for name in ("host", "port", "user", "password", "dbname")
        if params.get(name)
    )
    peer = Postgres(address, world=WORLD, rules=DEFAULT_RULESET, offers=np.arange(40))
    yield peer
    peer.close()


def test_world_has_pairs_to_list(listed):
    assert sum(map(len, listed.values())) > 100


def test_postgresql_lists_what_the_engine_lists(postgres, listed):
    for form in FORMS:
        assert {offer: postgres.best(form, offer) for offer in listed} == listed


def test_postgresql_stores_what_the_engine_lists(postgres, listed):
    some = {offer: pairs for offer, pairs in listed.items() if pairs}
    postgres.store_rows("leaf", list(listed))
    postgres.store_packed("sets", list(listed))
    assert postgres.stored() == postgres.stored_packed() == some


def test_numpy_with_prepared_slices_lists_what_the_engine_lists(listed):
    peer = Numpy(WORLD, DEFAULT_RULESET)
    for row, offer in enumerate(WORLD.supply.offer_id.tolist()):
        assert peer.best(row) == listed[offer]
