"""What people type about themselves and their organisation."""

from __future__ import annotations

from core.accounts.forms.sign_up import SignUpExtras

__all__ = ["SignUpExtras"]
