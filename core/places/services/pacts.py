"""Entering, changing and ending cooperation pacts between provinces."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.kernel.errors import InvalidInputError
from core.outbox import outbox
from core.places.enums import Confidence
from core.places.events import PactChanged
from core.places.models import AdminUnit, ProvincePact

_FIELDS: Final = ("name", "scope", "signed_on", "valid_to", "source", "confidence")


@dataclass(frozen=True, slots=True, kw_only=True)
class PactTerms:
    """What a pact says and between whom; both days are in, an unknown one is None."""

    a_id: int
    b_id: int
    name: str
    scope: str
    source: str
    signed_on: dt.date | None = None
    valid_to: dt.date | None = None
    confidence: Confidence = Confidence.CONFIRMED


@transaction.atomic
def enter_pact(*, terms: PactTerms, reason: str = "") -> ProvincePact:
    """Store a pact; loads of reference files leave it alone.

    Raises:
        InvalidInputError: One province twice, days in the wrong order, or a pact known already.

    Emits:
        PactChanged, in the same transaction.
    """
    return _store(ProvincePact(by_hand=True), terms, reason)


@transaction.atomic
def change_pact(*, pact_id: int, terms: PactTerms, reason: str = "") -> ProvincePact:
    """Change what a pact says; an end is a last day. Saying the same again does nothing.

    Raises:
        ProvincePact.DoesNotExist: No such pact.
        InvalidInputError: As for a new one.

    Emits:
        PactChanged, in the same transaction.
    """
    pact = ProvincePact.objects.select_for_update(no_key=True).get(pk=pact_id)
    said = (*_by_code(terms), *(getattr(terms, name) for name in _FIELDS))
    if (pact.a_id, pact.b_id, *(getattr(pact, name) for name in _FIELDS)) == said:
        return pact
    return _store(pact, terms, reason)


def _by_code(terms: PactTerms) -> list[int]:
    """Return both provinces, the smaller code first, as the reference file has them."""
    pair = AdminUnit.objects.filter(pk__in=[terms.a_id, terms.b_id])
    return list(pair.order_by("code").values_list("pk", flat=True))


def _store(pact: ProvincePact, terms: PactTerms, reason: str) -> ProvincePact:
    _check(terms)
    is_new = pact.pk is None
    pact.a_id, pact.b_id = _by_code(terms)
    for name in _FIELDS:
        setattr(pact, name, getattr(terms, name))
    pact.reason, pact.by_hand = reason, True
    pact.version = 1 if is_new else pact.version + 1
    try:
        with transaction.atomic():
            pact.save()
    except IntegrityError as error:
        raise InvalidInputError(
            _("These provinces already have a pact of this name."),
            {"name": [_("Give it another name, or change the one that exists.")]},
        ) from error
    outbox.append(PactChanged(pact_id=pact.pk, version=pact.version))
    return pact


def _check(terms: PactTerms) -> None:
    errors: dict[str, list[str]] = {}
    if terms.a_id == terms.b_id:
        errors["b"] = [_("Choose two different provinces.")]
    if terms.signed_on and terms.valid_to and terms.valid_to < terms.signed_on:
        errors["valid_to"] = [_("The last day lies before the day of signing.")]
    if errors:
        raise InvalidInputError(_("Check the provinces and the days."), errors)
