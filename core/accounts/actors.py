"""Who is acting, for whom, and with which posts; the value every rule is asked about."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.accounts.enums import ApiScope, Role, Sector
from core.accounts.models import Organisation, User


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """One request's actor.

    `organisation` is the one the person is acting for now (None: no membership); `posts` holds
    (province id, sector) pairs. An API key acts for its organisation without a person and
    carries `scopes`; a signed-in person carries None there, which means all of them.
    """

    user: User | None = None
    organisation: Organisation | None = None
    role: Role | None = None
    posts: frozenset[tuple[int, Sector]] = field(default_factory=frozenset)
    scopes: frozenset[ApiScope] | None = None
    has_second_factor: bool = False

    @property
    def is_signed_in(self) -> bool:
        """Whether somebody, or somebody's key, stands behind the request."""
        return self.user is not None or self.scopes is not None

    @property
    def organisation_id(self) -> int | None:
        """Id of the organisation acted for."""
        return self.organisation.pk if self.organisation else None

    @property
    def user_id(self) -> int | None:
        """Id of the acting person; None for an API key."""
        return self.user.pk if self.user else None

    @property
    def is_administrator(self) -> bool:
        """Whether the person runs the service."""
        return self.user is not None and self.user.is_staff

    @property
    def is_officer(self) -> bool:
        """Whether the person serves as officer of any province."""
        return bool(self.posts)

    @property
    def province_ids(self) -> frozenset[int]:
        """Provinces in which the person serves as officer."""
        return frozenset(province_id for province_id, _sector in self.posts)

    def has_scope(self, scope: ApiScope) -> bool:
        """Tell whether an API key was given `scope`; a person always has it."""
        return self.scopes is None or scope in self.scopes


ANONYMOUS = Actor()
