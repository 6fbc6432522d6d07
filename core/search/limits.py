"""How long a search may take, and what is said when it takes longer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import OperationalError, connections, transaction
from django.utils.translation import gettext as _
from psycopg.errors import QueryCanceled

from core.kernel.errors import DomainError

LIMIT_MILLISECONDS: Final = 3_000


class SearchTooSlowError(DomainError):
    """The search was ended before it was done; the message says what to do next."""


@contextmanager
def time_limit(*, using: str, milliseconds: int = LIMIT_MILLISECONDS) -> Iterator[None]:
    """End each statement inside after some time.

    Raises:
        SearchTooSlowError: One took longer.
    """
    try:
        with transaction.atomic(using=using), connections[using].cursor() as cursor:
            cursor.execute(
                "SELECT current_setting('statement_timeout'),"
                " set_config('statement_timeout', %s, true)",
                [str(milliseconds)],
            )
            before = cursor.fetchone()[0]
            yield
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [before])
    except OperationalError as error:
        if not isinstance(error.__cause__, QueryCanceled):
            raise
        raise SearchTooSlowError(
            _("This search takes too long. Add another word, or choose a filter beside it.")
        ) from error
