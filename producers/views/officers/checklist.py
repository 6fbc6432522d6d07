"""What an officer compares before finding a paper good, by kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from producers.enums import PaperKind
from producers.models import Paper

_ALWAYS: Final = (
    _("The name on the paper is the producer's, or a paper shows the change of name."),
    _("Number, issuer, first and last day are as typed."),
    _("Every page is there, with stamp and signature."),
)
_CERTIFIED: Final = _("The certifying body is recognised for this standard.")
_NAMES_GOODS: Final = _("The annex names this product or process.")
_OF_KIND: Final[Mapping[PaperKind, tuple[Promise, ...]]] = {
    PaperKind.OCOP_AWARD: (
        _("The decision lists this very product, with as many stars as typed."),
        _("The issuer could give so many stars on that day; a district that is gone still counts."),
    ),
    PaperKind.FOOD_SAFETY: (
        _("Address and kind of production are those of this business."),
        _("The last day is at most three years after the first."),
    ),
    PaperKind.SELF_DECLARATION: (
        _("The product's name is the same in declaration, test report and here."),
        _("The test report is of a designated laboratory and not older than twelve months."),
    ),
    PaperKind.VIETGAP: (_CERTIFIED, _("Crop, hectares and place are as in the annex.")),
    PaperKind.GLOBALGAP: (
        _CERTIFIED,
        _("The number with 13 digits is found in the GLOBALG.A.P. database."),
    ),
    PaperKind.ORGANIC: (_CERTIFIED, _("Crop, hectares and place are as in the annex.")),
    PaperKind.HACCP: (_CERTIFIED, _NAMES_GOODS),
    PaperKind.ISO_22000: (_CERTIFIED, _NAMES_GOODS),
    PaperKind.HALAL: (
        _CERTIFIED,
        _NAMES_GOODS,
        _("The importing country accepts this certifying body."),
    ),
    PaperKind.GROWING_AREA_CODE: (
        _("Code, crop, hectares and market are as in the register of codes."),
        _("The importing country has not suspended the code."),
    ),
    PaperKind.PACKING_FACILITY_CODE: (
        _("Code, address, crop, market and daily capacity are as in the register of codes."),
        _("The importing country has not suspended the code."),
    ),
    PaperKind.TRACE_LINK: (_("The link opens and shows this product, lot and producer."),),
    PaperKind.CNNT: (_("The decision names this product, its level and year."),),
    PaperKind.FOOD_SAFETY_EXEMPTION: (
        _("The business belongs to a group that needs no certificate."),
    ),
    PaperKind.SAFE_COMMITMENT: (
        _("The list names as many households as typed, and the commune named here has signed it."),
    ),
    PaperKind.STOREFRONT: (
        _("The shop opens on the platform under this name and stands where it says it does."),
    ),
}


def checklist_of(paper: Paper) -> tuple[Promise, ...]:
    """Return what to compare, the usual things first."""
    return (*_ALWAYS, *_OF_KIND[PaperKind(paper.kind)])
