"""Changes to the geography: files loaded, links, gates and pacts changed, labels moved on."""

from __future__ import annotations

from core.places.services.gates import GateHours, set_gate_hours
from core.places.services.groups import save_group
from core.places.services.labels import move_labels
from core.places.services.links import change_link_status
from core.places.services.loading import load_places
from core.places.services.pacts import PactTerms, change_pact, enter_pact

__all__ = [
    "GateHours",
    "PactTerms",
    "change_link_status",
    "change_pact",
    "enter_pact",
    "load_places",
    "move_labels",
    "save_group",
    "set_gate_hours",
]
