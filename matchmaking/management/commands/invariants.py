"""`manage.py invariants`: ask the database itself whether what must always hold does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.core.management.base import BaseCommand, CommandError

from core.kernel import clock
from matchmaking import rankings, selectors


class Command(BaseCommand):
    """Name what does not hold; exit 1 where anything does not.

    What is named while duties are open may be mended by them.
    """

    help = (
        "Checks that no active match rests on a paper that does not count on a delivery day, and"
        " that stored rankings are in order and true to their stored inputs."
    )

    def handle(self, *_args: object, **_options: object) -> None:
        """Look once."""
        judged = rankings.rejudge()
        found = [*_found(judged)]
        if found:
            raise CommandError("\n".join(found))
        self.stdout.write(
            "No active match rests on a paper that does not count.\n"
            f"All rankings are in order; {judged.pairs} pairs of them were judged again."
        )


def _found(judged: rankings.Rejudged) -> Iterator[str]:
    resting = selectors.matches_without_papers(day=clock.today())
    of_offers, of_requests = rankings.lists_out_of_order()
    pairs = [f"{offer}–{request}" for offer, request in judged.wrong]
    if resting:
        yield f"{len(resting)} active matches rest on no valid paper: {_named(resting)}"
    if of_offers:
        yield f"{len(of_offers)} rankings of offers are out of order: {_named(of_offers)}"
    if of_requests:
        yield f"{len(of_requests)} rankings of requests are out of order: {_named(of_requests)}"
    if pairs:
        yield f"{len(pairs)} ranked pairs have another score now: {_named(pairs)}"


def _named(things: Sequence[object]) -> str:
    return ", ".join(map(str, things))
