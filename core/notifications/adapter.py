"""Mail of the accounts pages, through the ledger."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """Sends as allauth does, for the moment."""
