"""Codes of a comparison as words for the person who decides."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise

BASIS: Final[dict[str, Words]] = {
    "tax_code": _("same tax code"),
    "tax_parent": _("same business, another branch"),
    "gtin": _("same barcode"),
    "decision": _("same decision"),
    "name": _("same name"),
    "name_near": _("similar name"),
    "holder": _("same holder"),
    "holder_near": _("similar holder"),
    "commune": _("same commune"),
}
CLASHES: Final[dict[str, Words]] = {
    "other_holder": _("same tax code, but the holder has another name"),
    "other_tax_code": _("same barcode, but another tax code"),
    "other_product": _("same barcode, but another product"),
    "other_stars": _("same decision, but other stars"),
    "namesake": _("another tax code: perhaps a namesake"),
    "other_gtin": _("another barcode: perhaps another size"),
    "other_form": _("another form of the product"),
}
FLAWS: Final[dict[str, Words]] = {
    "tax_code": _("The tax code cannot be right: its check digit or length does not fit."),
    "gtin": _("The barcode cannot be right: its check digit or length does not fit."),
    "stars": _("The stars could not be read."),
    "stage": _("How far the shop has come could not be read."),
    "decided_on": _("The day of the decision could not be read, or lies after the list."),
    "address": _("The commune is not certain from the address."),
    "elsewhere": _("The address lies in another province."),
}
FIELDS: Final[dict[str, Words]] = {
    "name": _("Name"),
    "holder": _("Holder"),
    "tax_code": _("Tax code"),
    "gtin": _("Barcode (GTIN)"),
    "commune": _("Commune"),
    "stars": _("Stars"),
    "decision_number": _("Decision"),
    "stage": _("Shop"),
    "address": _("Address"),
}
TABS: Final[dict[str, Words]] = {
    "certain": _("Certain"),
    "uncertain": _("Uncertain"),
    "conflict": _("Contradictions"),
    "absent": _("Not on the portal"),
    "decided": _("Decided"),
    "pending": _("Being compared"),
}


def words_of(codes: list[str], known: dict[str, Words]) -> list[Words]:
    """Return codes as words; one that a later release wrote is left out."""
    return [known[code] for code in codes if code in known]
