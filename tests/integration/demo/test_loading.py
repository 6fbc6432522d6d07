"""Loading the demo world again, anew, on other days, and removing it."""

from __future__ import annotations

import datetime as dt
import json
import time
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Model

from buyers.models import DemandRequest, Outlet
from core.accounts.models import Organisation, User
from core.kernel import clock
from core.vault.models import Document
from matchmaking import demo
from matchmaking.models import Match
from producers.demo import starred_products
from producers.models import Paper, Product, RegistryList, SupplyOffer
from tests.factories.accounts import MembershipFactory
from tests.integration.demo.conftest import SEED

pytestmark = pytest.mark.usefixtures("loaded")
OWN = {"id", "decided_by_id", "created_at", "published_at"}
COMPARED = (Organisation, Product, Paper, SupplyOffer, Outlet, DemandRequest)


def told(*arguments: str) -> str:
    output = StringIO()
    call_command("load_demo", f"--seed={SEED}", *arguments, stdout=output)
    return output.getvalue()


def rows(model: type[Model]) -> list[tuple[object, ...]]:
    """The rows in order of their making, without keys."""
    names = [
        field.attname
        for field in model._meta.concrete_fields
        if field.attname not in OWN and not (field.is_relation and _is_ours(field))
    ]
    return list(model.objects.order_by("pk").values_list(*names))


def _is_ours(field) -> bool:
    return field.related_model._meta.app_label in {"accounts", "producers", "buyers", "vault"}


def test_a_second_load_says_unchanged_quickly():
    before = demo.counts()
    began = time.monotonic()
    assert "unchanged" in told()
    assert time.monotonic() - began < 2
    assert demo.counts() == before


def test_another_scale_asks_for_reset():
    with pytest.raises(CommandError, match="--reset"):
        told("--scale=2")


def test_the_last_line_of_json_counts_the_rows_and_names_the_logins():
    said = json.loads(told("--json", "--quiet").splitlines()[-1])
    assert said["products"] == Product.objects.count()
    assert said["offers"] == SupplyOffer.objects.count()
    assert said["requests"] == DemandRequest.objects.count()
    assert said["matches"] == Match.objects.count() > 100
    roles = [login["role"] for login in said["logins"]]
    assert roles[:3] == ["cooperative", "chain", "officer"]


def test_what_dev_reads_names_logins_and_goods(tmp_path, monkeypatch):
    path = tmp_path / "logins.json"
    monkeypatch.setenv("DEMO_LOGINS_FILE", str(path))
    told("--quiet")
    said = json.loads(path.read_text(encoding="utf-8"))
    assert set(said["goods"]) == {"product", "category", "price_vnd"}
    assert all(isinstance(login["totp_secret"], str) for login in said["logins"])


def test_reset_draws_the_same_world_and_leaves_real_rows_alone():
    home = Organisation.objects.order_by("pk").first().province
    real = MembershipFactory(organisation__province=home, organisation__commune=None)
    before = {model: rows(model) for model in COMPARED[1:]}
    told("--reset", "--quiet")
    for model, earlier in before.items():
        assert rows(model) == earlier, model
    real.refresh_from_db()
    assert Organisation.objects.filter(pk=real.organisation_id).exists()


def test_removing_leaves_nothing_of_the_demo():
    demo.remove()
    assert not Organisation.objects.exists()
    assert not User.objects.exists()
    assert not Product.objects.exists()
    assert not Document.objects.exists()
    assert not RegistryList.objects.exists()
    assert demo.loaded_world() is None


@pytest.mark.parametrize("day", [dt.date(2027, 6, 15), dt.date(2028, 2, 29)])
def test_the_numbers_hold_in_any_season(day, time_machine_at):
    time_machine_at(day)
    assert clock.today() == day
    told("--reset", "--quiet")
    assert starred_products(province_code="22", day=day) == {5: 5, 4: 107, 3: 320}
    assert Match.objects.count() > 60
