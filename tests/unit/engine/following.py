"""Doing what the engine advises, as a producer or a buyer would."""

from __future__ import annotations

from dataclasses import replace

from matchmaking.engine.records import HeldPaper, slot_names


def follow(change, supply, demand):
    """Do what the engine advises."""
    facts = {FIELDS.get(name, name): value for name, value in change.facts.items()}
    if change.code in {"widen_category", "raise_ceiling", "allow_hours"}:
        return supply, replace(demand, **facts)
    if change.code == "state_quantity":
        return stating(change.facts["quantity_base"], supply, demand)
    if change.code in {"obtain_papers", "renew_papers"}:
        facts = {"papers": supply.papers + new_papers(change.facts)}
    does = {
        "state_net_content": lambda: {"dimension": demand.dimension},
        "reach_stars": lambda: {"stars": facts["stars"], **award_days(facts)},
        "renew_stars": lambda: award_days(facts),
        "change_storage": lambda: {"storage": demand.storage_required},
        "issue_invoice": lambda: {"can_issue_invoice": True},
        "register_barcode": lambda: {"has_gtin": True},
        "start_offer_by": lambda: {"first_day": facts["day"]},
        "extend_offer_to": lambda: {"last_day": facts["day"]},
    }
    return replace(supply, **does.get(change.code, lambda: facts)()), demand


def award_days(facts):
    return {"stars_from": facts["first_day"], "stars_to": facts["last_day"]}


def stating(quantity, supply, demand):
    """State the quantity wherever none is."""
    capacity = supply.weekly_capacity_base
    return (
        replace(
            supply,
            quantity_base=supply.quantity_base or quantity,
            weekly_capacity_base=quantity if capacity == 0 else capacity,
        ),
        replace(demand, quantity_base=demand.quantity_base or quantity),
    )


FIELDS = {"ceiling_vnd_per_base": "price_ceiling_vnd_per_base", "hours": "max_lead_hours"}


def new_papers(facts):
    days = {"valid_from": facts["first_day"], "valid_to": facts["last_day"]}
    split = (name.split(":") for name in slot_names(facts["papers"]))
    return tuple(HeldPaper(kind=kind, markets=tuple(markets), **days) for kind, *markets in split)
