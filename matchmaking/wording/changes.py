"""What would make a pair fit: the nearest change for each refusal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.utils.translation import gettext as _

from core.web.templatetags.nhipcau import number, quantity_about
from matchmaking.engine.explain import Change, RefusalReason
from matchmaking.wording.words import from_to, hours, on_day, paper_names, price_per, storage_name


def nearest_change(reason: RefusalReason, unit: str) -> str:
    """Return the nearest change that would lift a refusal, as a sentence; empty when none would."""
    change = reason.nearest_change
    return _CHANGES[change.code](change, unit) if change else ""


_CHANGES: Final[dict[str, Callable[[Change, str], str]]] = {
    "widen_category": lambda _c, _u: _("A request for the wider group would include it."),
    "state_net_content": lambda _c, _u: _("State what one pack weighs or holds."),
    "start_offer_by": lambda c, _u: (
        _("An offer that starts by %(day)s would fit.") % {"day": on_day(c.facts, "day")}
    ),
    "extend_offer_to": lambda c, _u: (
        _("An offer that runs until %(day)s would fit.") % {"day": on_day(c.facts, "day")}
    ),
    "state_quantity": lambda c, u: (
        _("State a quantity for those days: %(quantity)s would fit.")
        % {"quantity": quantity_about(c.facts.get("quantity_base"), u)}
    ),
    "lower_minimum_lot": lambda c, u: (
        _("A smallest lot of %(lot)s would fit.")
        % {"lot": quantity_about(c.facts.get("minimum_lot_base"), u)}
    ),
    "obtain_papers": lambda c, _u: (
        _("Obtain, or have verified: %(papers)s.") % {"papers": paper_names(int(c.facts["papers"]))}
    ),
    "renew_papers": lambda c, _u: (
        _("Renew for %(days)s: %(papers)s.")
        % {
            "days": from_to(c.facts, "first_day", "last_day"),
            "papers": paper_names(int(c.facts["papers"])),
        }
    ),
    "reach_stars": lambda c, _u: (
        _("An OCOP award of %(stars)d stars that holds for %(days)s would fit.")
        % {"stars": c.facts.get("stars", 0), "days": from_to(c.facts, "first_day", "last_day")}
    ),
    "renew_stars": lambda c, _u: (
        _("Renew the OCOP award for %(days)s.")
        % {"days": from_to(c.facts, "first_day", "last_day")}
    ),
    "change_storage": lambda c, _u: (
        _("Deliver the goods %(storage)s.") % {"storage": storage_name(c.facts.get("storage"))}
    ),
    "issue_invoice": lambda _c, _u: _("Say in the profile that invoices can be issued."),
    "register_barcode": lambda _c, _u: _("Register a barcode and add it to the product."),
    "extend_shelf_life": lambda c, _u: (
        _("A shelf life of %(days)s days would fit.")
        % {"days": number(c.facts.get("shelf_life_days"))}
    ),
    "allow_hours": lambda c, _u: (
        _("Allowing %(hours)s on the way would fit.") % {"hours": hours(c.facts.get("hours", 0))}
    ),
    "lower_price": lambda c, u: (
        _("A price of %(price)s or less would fit.")
        % {"price": price_per(c.facts.get("price_vnd_per_base", 0), u)}
    ),
    "raise_ceiling": lambda c, u: (
        _("A ceiling of %(ceiling)s or more would fit.")
        % {"ceiling": price_per(c.facts.get("ceiling_vnd_per_base", 0), u)}
    ),
}
