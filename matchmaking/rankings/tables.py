"""The two tables of rankings as statements name them."""

from __future__ import annotations

from typing import Final, NamedTuple


class Table(NamedTuple):
    """One side's rankings; all names are ours, none is typed by anybody."""

    name: str
    owner: str
    """Column of whose list a row is."""
    key: str
    owners: str
    """Table of those who have lists."""
    partners: str
    """Table of those who are listed."""


OF_OFFERS: Final = Table(
    name="matchmaking_offerranking",
    owner="offer_id",
    key="offer_id",
    owners="producers_supplyoffer",
    partners="buyers_demandrequest",
)
OF_REQUESTS: Final = Table(
    name="matchmaking_requestranking",
    owner="request_id",
    key="request_id, part",
    owners="buyers_demandrequest",
    partners="producers_supplyoffer",
)
