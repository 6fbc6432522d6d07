"""The forms of a paper: by its holder, and by the officer who decides."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final, cast

from crispy_forms.layout import Column, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Organisation
from core.places import selectors as places
from core.places.models import AdminUnit
from core.vault.forms import DocumentChoiceField, document_field
from core.vault.selectors import documents_of
from core.web.fields import CleanCharField, CountField, DayField
from core.web.typed_fields import TypedQuantityField
from producers import selectors
from producers.enums import Market, PaperKind, Platform, StorefrontStage
from producers.forms.base import by_set, helper_with, set_choices, set_rows
from producers.models import Paper, Product
from producers.selectors import crops
from producers.services import PaperInput
from producers.services.paper_special import FIELD_KINDS, MOST_HOUSEHOLDS
from producers.services.paper_values import AREA_KINDS, CODE_KINDS

_CHOOSE = _("Choose…")
NUMBER_LABELS: Final = {
    PaperKind.OCOP_AWARD: _("Number of the decision"),
    PaperKind.GROWING_AREA_CODE: _("Growing-area code"),
    PaperKind.PACKING_FACILITY_CODE: _("Packing-facility code"),
    PaperKind.TRACE_LINK: _("Code or name in the tracing system"),
    PaperKind.SELF_DECLARATION: _("Number of the declaration"),
    PaperKind.STOREFRONT: _("Name or address of the shop"),
    PaperKind.FOOD_SAFETY_EXEMPTION: _("On what ground: the paper or the rule"),
    PaperKind.SAFE_COMMITMENT: _("Number or name of the list"),
}
NUMBER_EXAMPLES: Final = {
    PaperKind.GROWING_AREA_CODE: _("For example VN-QNOR-0001."),
    PaperKind.PACKING_FACILITY_CODE: _("For example VN-QNPH-001."),
    PaperKind.FOOD_SAFETY: _("For example 12/2026/GCNATTP-QN."),
    PaperKind.GLOBALGAP: _("The GGN has 13 digits."),
}
ISSUER_LABELS: Final = {
    PaperKind.SELF_DECLARATION: _("Declared by"),
    PaperKind.TRACE_LINK: _("Tracing system"),
    PaperKind.SAFE_COMMITMENT: _("Kept by"),
}
ISSUER_NOTES: Final = {
    PaperKind.SELF_DECLARATION: _("Your organisation, as the declaration names it."),
    PaperKind.TRACE_LINK: _("For example qn.check.net.vn or TraceViet."),
    PaperKind.SAFE_COMMITMENT: _("The commune, cooperative or union that keeps the list."),
}
FIRST_DAY_LABELS: Final = {
    PaperKind.OCOP_AWARD: _("Day of the decision"),
    PaperKind.SELF_DECLARATION: _("Day of the declaration"),
    PaperKind.STOREFRONT: _("Account opened on"),
}
LINK_LABELS: Final = {
    PaperKind.TRACE_LINK: _("Address of the tracing page"),
    PaperKind.STOREFRONT: _("Address of the shop"),
}
_WITHOUT_END: Final = {
    PaperKind.SELF_DECLARATION,
    PaperKind.TRACE_LINK,
    PaperKind.STOREFRONT,
    PaperKind.SAFE_COMMITMENT,
    PaperKind.FOOD_SAFETY_EXEMPTION,
}
_WRONG_POINTS: Final = (
    "invalid", "min_value", "max_value", "max_digits", "max_decimal_places", "max_whole_digits",
)  # fmt: skip
_WRITE_POINTS: Final = _("Write the points as 0 to 100, with at most two decimals.")
_NEEDED: Final = {"households", "commune", "platform", "stage"}
_SPECIAL: Final = (
    "stars", "score", "market", "area_ha", "daily_capacity_kg", "crop", "households", "commune",
    "platform", "stage", "test_report_on", "test_lab", "lot",
)  # fmt: skip


class PaperForm(forms.Form):
    """A paper of one kind, with the fields that matter for it."""

    product: forms.ModelChoiceField[Product] = forms.ModelChoiceField(
        label=_("Product"),
        queryset=None,
        required=False,
        empty_label=_("Everything we make"),
        help_text=_("Leave empty when the paper covers everything you make."),
    )
    number = CleanCharField(label=_("Number"), max_length=80)
    issuer = CleanCharField(
        label=_("Issued by"),
        max_length=160,
        help_text=_("The authority or the certification body."),
    )
    stars = forms.TypedChoiceField(
        label=_("Stars"),
        coerce=int,
        empty_value=None,
        choices=[("", _CHOOSE), *((n, "★" * n) for n in range(1, 6))],
        required=False,
    )
    market = forms.ChoiceField(
        label=_("Market"), choices=[("", _CHOOSE), *Market.choices], required=False
    )
    area_ha = TypedQuantityField(
        label=_("Area in hectares"),
        unit="ha",
        required=False,
        help_text=_("For example 1,049.32 ha or 5 sào Bắc Bộ."),
    )
    daily_capacity_kg = TypedQuantityField(
        label=_("Capacity of one day, in kg"),
        unit="kg",
        required=False,
        help_text=_("What the facility packs on one day. For example 5 tấn or 4500 kg."),
    )
    crop = forms.TypedChoiceField(
        label=_("Crop or kind of product"),
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.Select(attrs={"data-picker": "", "data-placeholder": _("Not said")}),
        help_text=_("Chosen, the paper counts for this kind of product only."),
    )
    lot = CleanCharField(
        label=_("Lot"),
        max_length=60,
        required=False,
        help_text=_("Only when the paper is for one lot. Offers need a paper for all lots."),
    )
    score = forms.DecimalField(
        label=_("Points of the decision"),
        min_value=0,
        max_value=100,
        max_digits=5,
        decimal_places=2,
        localize=True,
        required=False,
        error_messages=dict.fromkeys(_WRONG_POINTS, _WRITE_POINTS),
        help_text=_("0 to 100; we check that they mean as many stars."),
    )
    test_report_on = DayField(label=_("Day of the test report"), required=False)
    test_lab = CleanCharField(label=_("Laboratory"), max_length=160, required=False)
    households = CountField(label=_("Households"), most=MOST_HOUSEHOLDS, required=False)
    commune: forms.ModelChoiceField[AdminUnit] = forms.ModelChoiceField(
        label=_("Commune of the households"),
        queryset=None,
        required=False,
        empty_label=_("Choose…"),
        widget=forms.Select(attrs={"data-picker": ""}),
        error_messages={"invalid_choice": _("This commune is not in your province. Choose again.")},
    )
    platform = forms.ChoiceField(
        label=_("Platform"), choices=[("", _CHOOSE), *Platform.choices], required=False
    )
    stage = forms.ChoiceField(
        label=_("How far it has come"),
        choices=[("", _CHOOSE), *StorefrontStage.choices],
        required=False,
    )
    valid_from = DayField(label=_("Valid from"))
    valid_to = DayField(
        label=_("Valid to"), required=False, help_text=_("Leave empty when it has no end.")
    )
    evidence = document_field(
        label=_("Scan or photo"),
        help_text=_(
            "PDF, JPEG, PNG or WebP, at most 10 MB. Only you and the officers of your province see"
            " it. Place and camera data are taken out of pictures; in a PDF they stay."
        ),
    )
    document = DocumentChoiceField(
        label=_("Or one of your documents"),
        queryset=None,
        required=False,
        empty_label=_("None of these"),
        help_text=_("A file you sent before need not be sent again."),
    )
    evidence_url = CleanCharField(
        label=_("Link to the register"),
        max_length=300,
        required=False,
        help_text=_("Where an officer can look the paper up, for example https://…"),
    )

    def __init__(
        self,
        *args: Any,
        producer_id: int,
        kind: PaperKind,
        paper: Paper | None = None,
        renews: Paper | None = None,
        **kwargs: Any,
    ) -> None:
        known = _initial(paper) if renews is None else _renewal(renews)
        kwargs["initial"] = known | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.kind = kind
        set_rows(self, "product", rows=selectors.products_of(producer_id))
        self._offer_crops(paper or renews)
        documents = documents_of(producer_id)
        set_rows(self, "document", rows=documents)
        if not documents.exists():
            del self.fields["document"]
        number = self.fields["number"]
        number.label = NUMBER_LABELS.get(kind, number.label)
        number.help_text = NUMBER_EXAMPLES.get(kind, "")
        self._name_for_the_kind()
        self._drop_what_does_not_matter()
        self._offer_communes(producer_id)
        special = [name for name in _SPECIAL if name in self.fields]
        columns = "row-cols-1 row-cols-md-2"
        self.helper = helper_with(
            "product",
            Row(*self._columns("number", "issuer"), css_class=columns),
            Row(*(Column(name) for name in special), css_class=columns),
            Row(*self._columns("valid_from", "valid_to"), css_class=columns),
            "evidence",
            *(["document"] if "document" in self.fields else []),
            "evidence_url",
        )

    def _columns(self, *names: str) -> list[Column]:
        return [Column(name) for name in names if name in self.fields]

    def _offer_crops(self, stored: Paper | None) -> None:
        """Offer what is grown or raised, by set; what a stored paper names stays on offer."""
        groups = by_set(crops.crops_for(self.kind), whole=True)
        offered = {value for _set, options in groups for value, _name in options}
        crop = stored.crop if stored is not None else None
        kept = [(crop.pk, crop.name)] if crop is not None and crop.pk not in offered else []
        set_choices(self, "crop", choices=[("", _("Not said")), *groups, *kept])
        if self.kind == PaperKind.PACKING_FACILITY_CODE:
            words = _("The code of a facility that packs several crops: once for each of them.")
            self.fields["crop"].help_text = words

    def _offer_communes(self, producer_id: int) -> None:
        """Offer the communes of the producer's province, its own one first chosen."""
        if "commune" not in self.fields:
            return
        home = Organisation.objects.get(pk=producer_id)
        set_rows(self, "commune", rows=places.communes_of(home.province_id or 0))
        if not self.initial.get("commune"):
            self.initial["commune"] = home.commune_id

    def _name_for_the_kind(self) -> None:
        named = {
            "issuer": ISSUER_LABELS,
            "valid_from": FIRST_DAY_LABELS,
            "evidence_url": LINK_LABELS,
        }
        for name, labels in named.items():
            self.fields[name].label = labels.get(self.kind, self.fields[name].label)
        issuer = self.fields["issuer"]
        issuer.help_text = ISSUER_NOTES.get(self.kind, issuer.help_text)
        if self.kind in LINK_LABELS:
            self.fields["evidence_url"].help_text = _("For example https://…")
        if self.kind == PaperKind.STOREFRONT:  # the platform is the issuer, and a shop has no end
            del self.fields["issuer"], self.fields["valid_to"]

    def _drop_what_does_not_matter(self) -> None:
        if self.kind == PaperKind.OCOP_AWARD:
            product = cast("forms.ModelChoiceField[Product]", self.fields["product"])
            product.required, product.help_text = True, _("The product that was awarded.")
            product.empty_label = str(_CHOOSE)
            self.fields["stars"].required = True
            self.fields["valid_to"].help_text = _("Left empty: 36 months after the decision.")
        else:
            del self.fields["stars"]
        if self.kind in CODE_KINDS:
            self.fields["market"].required = True
        else:
            del self.fields["market"]
        if self.kind not in AREA_KINDS:
            del self.fields["area_ha"]
        for name, kinds in FIELD_KINDS.items():
            field = name.removesuffix("_id")
            if self.kind not in kinds:
                del self.fields[field]
            elif field in _NEEDED:
                self.fields[field].required = True
        if self.kind not in _WITHOUT_END | {PaperKind.OCOP_AWARD}:
            self.fields["valid_to"].help_text = _("As printed on the paper.")

    def values(self) -> PaperInput:
        """Return the paper for the service."""
        typed = self.cleaned_data
        platform = typed.get("platform", "")
        product, document, commune = typed["product"], typed.get("document"), typed.get("commune")
        return PaperInput(
            kind=self.kind.value,
            number=typed["number"],
            issuer=typed.get("issuer") or str(Platform(platform).label),
            valid_from=typed["valid_from"],
            valid_to=typed.get("valid_to"),
            product_id=product.pk if product else None,
            stars=typed.get("stars"),
            market=typed.get("market", ""),
            area_ha=typed.get("area_ha"),
            daily_capacity_kg=typed.get("daily_capacity_kg"),
            crop_id=typed.get("crop"),
            lot=typed.get("lot", ""),
            score=typed.get("score"),
            test_report_on=typed.get("test_report_on"),
            test_lab=typed.get("test_lab", ""),
            households=typed.get("households"),
            commune_id=commune.pk if commune else None,
            platform=platform,
            stage=typed.get("stage", ""),
            evidence=typed["evidence"],
            document_id=document.pk if document else None,
            evidence_url=typed["evidence_url"],
        )


def _initial(paper: Paper | None) -> dict[str, object]:
    if paper is None:
        return {}
    names = (
        "number",
        "issuer",
        "stars",
        "market",
        "area_ha",
        "daily_capacity_kg",
        "valid_from",
        "valid_to",
        "evidence_url",
        "lot",
        "score",
        "test_report_on",
        "test_lab",
        "households",
        "platform",
        "stage",
    )
    chosen = {
        "product": paper.product_id, "crop": paper.crop_id, "document": paper.document_id,
        "commune": paper.commune_id,
    }  # fmt: skip
    return {name: getattr(paper, name) for name in names} | chosen


def _renewal(paper: Paper) -> dict[str, object]:
    """What stays the same when a paper is renewed; the new one begins on the day after."""
    same = _initial(paper)
    for name in ("valid_to", "score", "test_report_on", "test_lab", "evidence_url"):
        del same[name]
    if paper.kind not in CODE_KINDS:
        del same["number"]
    if paper.valid_to is not None:
        same["valid_from"] = paper.valid_to + dt.timedelta(days=1)
    return same


class ReasonForm(forms.Form):
    """Why an officer refuses what another one proposed."""

    reason = CleanCharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The producer reads this. Say what to change or why it counts no longer."),
    )
