"""Changing what buyers say: one sentence, one transaction each."""

from __future__ import annotations

from buyers.services.chain import (
    MAX_ADDRESS,
    MAX_BANNER_NAME,
    MAX_OUTLET_NAME,
    OUTLETS_AT_ONCE,
    OutletDetails,
    add_banner,
    add_outlet,
    add_outlets,
    archive_banner,
    archive_outlet,
    check_outlets,
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
    reckoning_of,
    reopen_demand_request,
    revise_demand_request,
    save_request_draft,
    terms_of,
)
from buyers.services.terms import (
    MAX_WORDS,
    Amounts,
    Reckoning,
    RequestTerms,
    check_days,
    reckon,
)

__all__ = [
    "MAX_ADDRESS",
    "MAX_BANNER_NAME",
    "MAX_OUTLET_NAME",
    "MAX_WORDS",
    "OUTLETS_AT_ONCE",
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
    "check_days",
    "check_outlets",
    "close_demand_request",
    "copy_request",
    "default_window",
    "discard_request_draft",
    "expire_requests",
    "next_window",
    "publish_demand_request",
    "reckon",
    "reckoning_of",
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
