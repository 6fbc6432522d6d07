"""Changing what buyers say: one sentence, one transaction each."""

from __future__ import annotations

from buyers.services.chain import (
    OutletDetails,
    add_banner,
    add_outlet,
    add_outlets,
    archive_banner,
    archive_outlet,
    revise_banner,
    revise_outlet,
)
from buyers.services.groups import GroupDetails, register_buyer_group, revise_group
from buyers.services.repeats import copy_request, default_window, next_window, repeat_request
from buyers.services.requests import (
    close_demand_request,
    discard_request_draft,
    expire_requests,
    publish_demand_request,
    reopen_demand_request,
    revise_demand_request,
    save_request_draft,
    terms_of,
)
from buyers.services.terms import Amounts, Reckoning, RequestTerms, reckon

__all__ = [
    "Amounts",
    "GroupDetails",
    "OutletDetails",
    "Reckoning",
    "RequestTerms",
    "add_banner",
    "add_outlet",
    "add_outlets",
    "archive_banner",
    "archive_outlet",
    "close_demand_request",
    "copy_request",
    "default_window",
    "discard_request_draft",
    "expire_requests",
    "next_window",
    "publish_demand_request",
    "reckon",
    "register_buyer_group",
    "reopen_demand_request",
    "repeat_request",
    "revise_banner",
    "revise_demand_request",
    "revise_group",
    "revise_outlet",
    "save_request_draft",
    "terms_of",
]
