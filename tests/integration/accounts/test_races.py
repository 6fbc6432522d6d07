"""Two people at the same moment: one code held once, one owner left."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from core.accounts import services
from core.accounts.enums import ClaimStatus
from core.accounts.models import Membership, TaxCodeClaim
from core.kernel.errors import DomainError
from tests.factories.accounts import MembershipFactory, OrganisationFactory, tax_code

pytestmark = pytest.mark.django_db(transaction=True)


def together(*acts: Callable[[], object]) -> list[object]:
    """Run all acts at once, each on a connection of its own; return results or refusals."""
    gate = threading.Barrier(len(acts))
    results: list[object] = []

    def run(act: Callable[[], object]) -> None:
        gate.wait()
        try:
            results.append(act())
        except DomainError as error:
            results.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.parametrize("attempt", range(5))
def test_of_many_claims_at_once_one_is_held(attempt):
    code = tax_code(9_900 + attempt)
    claimants = [OrganisationFactory(tax_code=code, claim=False) for _ in range(4)]
    results = together(
        *(lambda pk=c.pk: services.claim_tax_code(organisation_id=pk) for c in claimants)
    )
    assert len(results) == 4
    statuses = sorted(TaxCodeClaim.objects.values_list("status", flat=True))
    assert statuses == [ClaimStatus.HELD] + [ClaimStatus.QUEUED] * 3


@pytest.mark.parametrize("attempt", range(5))
def test_two_owners_who_leave_at_once_leave_one_behind(attempt):
    one = MembershipFactory()
    two = MembershipFactory(organisation=one.organisation)
    results = together(
        *(lambda pk=m.pk: services.remove_member(membership_id=pk) for m in (one, two))
    )
    assert sum(isinstance(result, DomainError) for result in results) == 1
    assert Membership.objects.count() == 1
