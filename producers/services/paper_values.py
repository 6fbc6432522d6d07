"""What a paper of each kind must say."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from core.kernel import clock, context
from core.vault.content import CheckedFile
from core.vault.enums import ContentKind
from core.vault.models import Document
from core.vault.selectors import documents_of
from core.vault.services import Description, add_document
from producers.enums import Market, PaperKind
from producers.models import Paper
from producers.services.checking import FieldErrors
from producers.services.inputs import PaperInput
from producers.services.paper_lookups import PaperLookups
from producers.services.paper_special import award_days, last_day_of, set_special
from producers.services.profiles import check_web_address

CODE_KINDS: Final = frozenset({PaperKind.GROWING_AREA_CODE, PaperKind.PACKING_FACILITY_CODE})
AREA_KINDS: Final = frozenset(
    {
        PaperKind.GROWING_AREA_CODE,
        PaperKind.VIETGAP,
        PaperKind.GLOBALGAP,
        PaperKind.ORGANIC,
    }
)
MAX_AREA_HA: Final = Decimal(1_000_000)
MAX_STARS: Final = 5
LONGEST_VALIDITY: Final = dt.timedelta(days=20 * 366)


def set_values(paper: Paper, values: PaperInput, *, lookups: PaperLookups | None = None) -> None:
    """Put checked values on a paper; `lookups` serve many papers of one transaction.

    Raises:
        InvalidInputError: With the fields at fault.
    """
    errors, lookups = FieldErrors(), lookups or PaperLookups()
    errors.choice("kind", value=values.kind, known=PaperKind.values)
    paper.number = errors.line("number", typed=values.number, most=80, required=True)
    paper.issuer = errors.line("issuer", typed=values.issuer, most=160, required=True)
    paper.evidence_url = errors.line("evidence_url", typed=values.evidence_url, most=300)
    check_web_address(errors, "evidence_url", url=paper.evidence_url)
    _check_validity(errors, values)
    _check_product(errors, paper.producer_id, values, lookups)
    _check_stars(errors, values)
    _check_market(errors, values)
    _check_area(errors, values)
    award_days(errors, values)
    set_special(errors, paper, values, lookups=lookups)
    _check_document(errors, paper, values)
    errors.raise_any()
    paper.kind, paper.product_id = values.kind, values.product_id
    paper.valid_from, paper.valid_to = values.valid_from, last_day_of(values)
    paper.stars, paper.area_ha = values.stars, values.area_ha
    paper.market = values.market if values.kind in CODE_KINDS else ""
    if values.evidence is not None:
        paper.document = kept_evidence(paper, values.evidence)
    elif values.document_id is not None:
        paper.document_id = values.document_id


def kept_evidence(paper: Paper, file: CheckedFile) -> Document:
    """Return the holder's document of a file, kept from now on if it was not."""
    title = f"{PaperKind(paper.kind).label} {paper.number}"
    return add_document(
        organisation_id=paper.producer_id,
        file=file,
        said=Description(title=title[:160], kind=ContentKind.PAPER),
        user_id=context.current().actor_id,
    ).document


def _check_document(errors: FieldErrors, paper: Paper, values: PaperInput) -> None:
    chosen = values.document_id
    if chosen is None or values.evidence is not None or chosen == paper.document_id:
        return
    if not documents_of(paper.producer_id).filter(pk=chosen).exists():
        errors.add("document", _("Choose one of your documents."))


def _check_validity(errors: FieldErrors, values: PaperInput) -> None:
    if values.valid_from > clock.today() + dt.timedelta(days=366):
        errors.add("valid_from", _("This day is more than a year ahead. Check the year."))
    if values.valid_to is None:
        return
    if values.valid_to < values.valid_from:
        errors.add("valid_to", _("The last day is before the first one."))
    elif values.valid_to - values.valid_from > LONGEST_VALIDITY:
        errors.add("valid_to", _("No paper is valid for more than 20 years. Check the year."))


def _check_product(
    errors: FieldErrors, producer_id: int, values: PaperInput, lookups: PaperLookups
) -> None:
    if values.product_id is None:
        if values.kind == PaperKind.OCOP_AWARD:
            errors.add("product", _("An OCOP award belongs to one product. Choose it."))
        return
    if not lookups.has_product(producer_id=producer_id, product_id=values.product_id):
        errors.add("product", _("Choose one of your products."))


def _check_stars(errors: FieldErrors, values: PaperInput) -> None:
    is_award = values.kind == PaperKind.OCOP_AWARD
    if is_award and (values.stars is None or not 1 <= values.stars <= MAX_STARS):
        errors.add("stars", _("Say how many stars the decision gives: 1 to 5."))
    if not is_award and values.stars is not None:
        errors.add("stars", _("Only an OCOP award has stars. Leave this empty."))


def _check_market(errors: FieldErrors, values: PaperInput) -> None:
    if values.kind in CODE_KINDS:
        if not values.market:
            errors.add("market", _("Say for which market the code was issued."))
        else:
            errors.choice("market", value=values.market, known=Market.values)


def _check_area(errors: FieldErrors, values: PaperInput) -> None:
    area = values.area_ha
    if area is not None and not 0 < area <= MAX_AREA_HA:
        errors.add("area_ha", _("Write an area above zero, in hectares."))
    elif area is not None and area != round(area, 2):
        errors.add("area_ha", _("At most two decimals, please."))
