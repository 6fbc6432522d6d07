"""Ringing a worker through Celery; together with the tasks the only place that knows it."""

from __future__ import annotations

from typing import Any

import kombu
from celery import current_app
from kombu.exceptions import OperationalError as BrokerError

from core.outbox import tasks

__all__ = ["BrokerError", "Doorbell"]

_CONSUME: Any = tasks.consume  # celery-types knows nothing of `connection`


class Doorbell:
    """One connection to the broker that fails at once instead of waiting for it.

    Celery's own pool would retry for seconds and, once closed by force, stays closed for good.
    """

    def __init__(self) -> None:
        self._connection: kombu.Connection | None = None

    def ring(self, inbox_id: int, *, queue: str) -> None:
        """Put the duty's id into a queue.

        Raises:
            BrokerError: The broker did not take it.
        """
        self._try(
            lambda broker: _CONSUME.apply_async(
                (inbox_id,), queue=queue, connection=broker, retry=False
            )
        )

    def waiting(self, queue: str) -> int:
        """Return how many rings a queue holds.

        Raises:
            BrokerError: The broker did not answer.
        """
        return int(self._try(lambda broker: broker.default_channel.client.llen(queue)))

    def answers(self) -> bool:
        """Tell whether a fresh connection gets an answer, whatever became of ours."""
        fresh = Doorbell()
        try:
            fresh.waiting("default")
        except BrokerError:
            return False
        finally:
            fresh.close()
        return True

    def close(self) -> None:
        """Forget the connection; the next call opens another."""
        broker, self._connection = self._connection, None
        if broker is not None:
            broker.release()

    def _try(self, step: Any) -> Any:  # noqa: ANN401 -- kombu's and Celery's calls are untyped
        try:
            if self._connection is None:
                self._connection = current_app.connection_for_write(
                    transport_options={"max_retries": 0}
                )
            return step(self._connection)
        except Exception as error:
            self.close()
            raise BrokerError(str(error)) from error
