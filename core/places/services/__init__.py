"""Changes to the geography: reference data loaded, links opened and closed, labels moved on."""

from __future__ import annotations

from core.places.services.labels import move_labels
from core.places.services.links import change_link_status
from core.places.services.loading import load_places

__all__ = ["change_link_status", "load_places", "move_labels"]
