"""The demo's producers: who they are, what they make, which papers they hold."""

from __future__ import annotations

from producers.demo.documents import share_all
from producers.demo.lists import create as create_lists
from producers.demo.plan import COOPERATIVE_EMAIL, Ground
from producers.demo.writing import (
    Setting,
    counts,
    create,
    main_job_goods,
    remove,
    starred_products,
)
from producers.services.paper_special import plus_months

__all__ = [
    "COOPERATIVE_EMAIL",
    "Ground",
    "Setting",
    "counts",
    "create",
    "create_lists",
    "main_job_goods",
    "plus_months",
    "remove",
    "share_all",
    "starred_products",
]
