"""The chains a product can be held against: what each asks for, and what it looks for now."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from buyers import selectors as buyers
from buyers.selectors import ProfileFacts
from matchmaking import columns
from matchmaking.engine import readiness
from matchmaking.engine.readiness import Asked, Goods, Standing, Wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """One way to the shelf: a chain, perhaps one banner of it, through one channel."""

    key: str
    group_id: int | None
    name: str
    banner_id: int | None
    banner_name: str
    channel: str
    market: str
    profiles: tuple[ProfileFacts, ...]
    """All of the chain; the most specific one for the goods at hand holds."""

    def profile_for(self, category_order: int) -> ProfileFacts | None:
        """Return the profile that holds for goods; None where the chain asks for other goods."""
        return buyers.best_profile(
            self.profiles,
            category_order=category_order,
            banner_id=self.banner_id,
            channel=self.channel,
            market=self.market,
        )


class Cell(NamedTuple):
    """One product at one chain: the gaps as bits, the profile, and the requests for its kind.

    There are half a million of them for ten thousand products, so it is a tuple.
    """

    chain: Chain
    profile: ProfileFacts
    gaps: int
    welcome: int
    wanted: tuple[Wanted, ...]

    @property
    def is_ready(self) -> bool:
        """Whether nothing is missing."""
        return self.gaps == 0


def chains(group_id: int | None = None) -> list[Chain]:
    """Return the chains that ask for anything, by name; the verified ones first.

    Args:
        group_id: Only this buyer's; None for all, with the unverified defaults.
    """
    profiles = buyers.published_profiles()
    if group_id is not None:
        profiles = [one for one in profiles if one.group_id == group_id]
    return chains_of(profiles)


def chains_of(profiles: Sequence[ProfileFacts]) -> list[Chain]:
    """Return the chains of given profiles, each banner, channel and market once."""
    by_owner: dict[str, list[ProfileFacts]] = {}
    for one in profiles:
        by_owner.setdefault(_owner(one), []).append(one)
    found = {
        (_owner(one), one.banner_id, one.channel, one.market): one
        for one in sorted(profiles, key=lambda one: one.is_verified)
    }
    made = [
        Chain(
            key=f"{owner}-{banner_id or 0}-{channel or 'all'}-{market}",
            group_id=one.group_id,
            name=one.chain_name,
            banner_id=banner_id,
            banner_name=one.banner_name,
            channel=channel,
            market=market,
            profiles=tuple(by_owner[owner]),
        )
        for (owner, banner_id, channel, market), one in found.items()
    ]
    return sorted(
        made, key=lambda one: (one.group_id is None, one.name, one.banner_name, one.channel)
    )


_Row = tuple[Chain, ProfileFacts, Asked, tuple[Wanted, ...]]


class Board:
    """Chains and open requests, looked up once for each kind of goods."""

    def __init__(self, chains: Sequence[Chain], wanted: Iterable[Wanted]) -> None:
        self.chains = chains
        self._wanted: dict[int, list[Wanted]] = {}
        for one in wanted:
            self._wanted.setdefault(one.group_id, []).append(one)
        self._asked: dict[int, list[tuple[Chain, ProfileFacts, Asked]]] = {}
        self._rows: dict[tuple[int, str], list[_Row]] = {}

    def asked_of(self, category_order: int) -> list[tuple[Chain, ProfileFacts, Asked]]:
        """Return what each chain asks of goods of a category."""
        known = self._asked.get(category_order)
        if known is None:
            pairs = ((chain, chain.profile_for(category_order)) for chain in self.chains)
            known = [(chain, one, columns.profile(one)) for chain, one in pairs if one]
            self._asked[category_order] = known
        return known

    def kinds(self) -> set[tuple[int, int]]:
        """Return the categories that open requests ask for, as ranges with the last one in."""
        every = (one for wanted in self._wanted.values() for one in wanted)
        return {(one.category_lo, one.category_hi - 1) for one in every}

    def wanted_of(self, chain: Chain, goods: Goods) -> tuple[Wanted, ...]:
        """Return the chain's open requests for goods of this kind, papers aside."""
        own = self._wanted.get(chain.group_id or 0, [])
        banners = {"", chain.banner_name} if chain.banner_name else None
        return tuple(
            one
            for one in own
            if one.suits(goods) and (banners is None or one.banner_name in banners)
        )

    def cells(self, goods: Goods, *, has: Standing) -> tuple[Cell, ...]:
        """Return how a product stands at each chain that asks for its kind."""
        kind = (goods.category_order, goods.storage)
        rows = self._rows.get(kind)
        if rows is None:
            asked_of = self.asked_of(goods.category_order)
            rows = [(*one, self.wanted_of(one[0], goods)) for one in asked_of]
            self._rows[kind] = rows
        lacks = ~has.held
        gaps = readiness.gaps
        return tuple(
            [
                Cell(chain, profile, gaps(has, asked), asked.preferred & lacks, wanted)
                for chain, profile, asked, wanted in rows
            ]
        )


def board(group_id: int | None = None, *, category_orders: Collection[int] | None = None) -> Board:
    """Return the chains of today, or of one buyer, with their open requests.

    Args:
        group_id: Only this buyer's; None for all.
        category_orders: Leave out requests for goods of other categories, which those at hand do
            not meet; None for all.
    """
    facts = buyers.request_facts(None, category_orders=category_orders)
    own = (one for one in facts if group_id in {None, one.organisation_id})
    return Board(chains(group_id), map(columns.wanted, own))


def _owner(profile: ProfileFacts) -> str:
    return str(profile.group_id) if profile.group_id is not None else profile.default_code
