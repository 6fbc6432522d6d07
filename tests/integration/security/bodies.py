"""A good body for each endpoint that takes one."""

from __future__ import annotations

import datetime as dt

from core.kernel import clock
from tests.integration.security.actors import World

REQUEST = {
    "words": "cam", "category": "cam", "quantity": "2", "unit": "tan", "period": "week",
    "price_ceiling_vnd": 45_000_000, "needed_from": "2026-12-01", "needed_to": "2027-01-01",
    "delivery_province": "01", "minimum_stars": 0, "required_papers": [], "note": "x",
    "outlet_ids": [], "banner_id": None, "market": "VN", "needs_invoice": False,
    "preferred_papers": [], "storage": "", "pack_size": None, "pack_unit": None,
}  # fmt: skip
PROFILE = {
    "banner_id": None, "category": "cam", "channel": "export", "market": "CN",
    "minimum_stars": 3, "required_papers": ["vietgap"], "preferred_papers": [],
    "needs_invoice": True, "needs_barcode": False, "test_report_months": 12,
    "weekly_capacity_kg": 300, "shelf_life_left_percent": 67, "payment_days": 30,
    "discount_percent": 15, "is_consignment": None, "opening_cost_vnd": 0,
    "note": "x", "based_on": "x",
}  # fmt: skip
PRODUCT = {"name": "Mít", "category": "cam", "storage": "chilled", "description": "x",
           "gtin": "", "shelf_life_days": 5}  # fmt: skip


def good_bodies(world: World) -> list[tuple[str, str, str, dict[str, object]]]:
    """Return (actor, method, path, body) for each endpoint that takes a body."""
    at = world.at
    offer, paper = _offer(at), _paper(at)
    sides = _sides(offer)
    return [
        ("a_key_write", "POST", "/api/v1/offers", offer),
        ("a_key_write", "PATCH", f"/api/v1/offers/{at['a.draft'].pk}", offer),
        ("a_key_write", "POST", "/api/v1/products", PRODUCT),
        ("a_key_write", "PATCH", f"/api/v1/products/{at['a.product'].pk}", PRODUCT),
        ("a_key_write", "POST", "/api/v1/papers", paper),
        ("a_key_write", "PATCH", f"/api/v1/papers/{at['a.returned'].pk}", paper | {"lot": "x"}
         | {"kind": "halal", "crop": None, "market": "", "area_ha": None}),
        ("a_key_write", "PATCH", f"/api/v1/documents/{at['a.document'].pk}",
         {"title": "Giấy phép", "kind": "business", "valid_until": "31/12/2027"}),
        ("a_key_write", "POST", f"/api/v1/dossiers/{at['a.dossier']}/share",
         {"documents": [at["a.document"].pk], "until": f"{clock.today() + dt.timedelta(9)}"}),
        ("c_key_write", "POST", "/api/v1/requests", REQUEST),
        ("c_key_write", "PATCH", f"/api/v1/requests/{at['c.draft'].pk}", REQUEST),
        ("c_key_write", "POST", "/api/v1/requirement-profiles", PROFILE),
        ("a_key_decide", "POST", f"/api/v1/matches/{at['a×c'].pk}/decide",
         {"verdict": "declined", "reason": "price", "comment": "x", "missing": []}),
        ("a_key_read", "POST", "/api/v1/match-previews", sides),
        ("a_key_read", "POST", "/api/v1/match-previews", {"offer": sides["offer"]}),
    ]  # fmt: skip


def _offer(at: dict[str, object]) -> dict[str, object]:
    return {
        "product": at["a.product"].pk, "quantity": "5", "unit": "tan", "price_vnd": 30_000_000,
        "available_from": "2026-12-01", "available_to": "2027-01-01", "note": "Loại 1",
        "weekly_capacity": "1", "minimum_lot": "1", "storage": "chilled", "origin_province": "22",
        "pack_size": None, "pack_unit": None, "origin_commune": None,
    }  # fmt: skip


def _paper(at: dict[str, object]) -> dict[str, object]:
    return {
        "kind": "growing_area_code", "number": "VN-QNOR-0001", "issuer": "Sở NN&MT",
        "product": at["a.product"].pk, "crop": "cam", "lot": "", "market": "VN",
        "area_ha": "1.5", "stars": None, "score": None, "test_report_on": None, "test_lab": "",
        "households": None, "daily_capacity_kg": None, "commune": None, "platform": "",
        "stage": "", "valid_from": "2026-01-01",
        "valid_to": "2027-01-01", "evidence_url": "",
    }  # fmt: skip


def _sides(offer: dict[str, object]) -> dict[str, dict[str, object]]:
    return {
        "offer": {k: offer[k] for k in ("quantity", "unit", "available_from", "available_to")}
        | {"product_name": "Cam", "category": "cam", "origin": {"province": "22"}},
        "request": {k: REQUEST[k] for k in ("words", "category", "quantity", "unit")}
        | {"needed_from": "2026-12-01", "needed_to": "2027-01-01", "places": [{"province": "01"}]},
    }
