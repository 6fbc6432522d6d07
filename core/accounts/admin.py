"""People and organisations for the administrator: mostly to read; officers are appointed here."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.accounts import services, taxcode
from core.accounts.enums import Sector
from core.accounts.forms.fields import NameField, offer
from core.accounts.models import (
    ApiKey,
    Consent,
    Membership,
    OfficerPost,
    Organisation,
    TaxCodeClaim,
    User,
)
from core.places import selectors as places
from core.search.admin import SearchAdmin


class ReadOnlyAdmin(SearchAdmin[Any]):
    """Rows that change through the portal alone."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class PersonForm(forms.ModelForm[User]):
    full_name = NameField(label=_("full name"), max_length=120)

    class Meta:
        model = User
        fields = ("email", "full_name", "language", "is_active", "is_staff")


@admin.register(User)
class UserAdmin(SearchAdmin[User]):
    form = PersonForm
    list_display = ("email", "full_name", "language", "is_active", "is_staff", "date_joined")
    list_filter = ("is_active", "is_staff", "is_demo")
    search_fields = ("email", "full_name")
    ordering = ("email",)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:  # noqa: FBT001 -- Django's signature
        """Make a new account without a password; its owner sets one by "forgot my password"."""
        if not change:
            obj.email = obj.email.lower()
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class PostForm(forms.ModelForm[OfficerPost]):
    class Meta:
        model = OfficerPost
        fields = ("user", "province", "sector", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "province" in self.fields:
            offer(self, field="province", units=places.provinces())


@admin.register(OfficerPost)
class OfficerPostAdmin(SearchAdmin[OfficerPost]):
    form = PostForm
    list_display = ("user", "province", "sector", "is_active")
    list_filter = ("sector", "is_active")
    list_select_related = ("user", "province")
    search_fields = ("user__email", "user__full_name")
    autocomplete_fields = ("user",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("user", "province", "sector") if obj else ()

    def save_model(
        self,
        request: HttpRequest,
        obj: OfficerPost,
        form: Any,
        change: bool,  # noqa: FBT001 -- Django's signature
    ) -> None:
        """Appoint through the service, or end the post."""
        if change and not obj.is_active:
            services.end_post(post_id=obj.pk)
            return
        stored = services.appoint_officer(
            user_id=obj.user_id, province_id=obj.province_id, sector=Sector(obj.sector)
        )
        obj.pk = stored.pk

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Organisation)
class OrganisationAdmin(ReadOnlyAdmin):
    list_display = ("name", "kind", "province", "status", "submitted_at", "decided_at", "is_demo")
    list_filter = ("status", "kind", "is_demo")
    list_select_related = ("province",)
    search_fields = ("name",)
    search_codes = ("tax_code",)
    exclude = ("tax_code",)
    readonly_fields = ("masked_tax_code",)

    @admin.display(description=_("tax code"))
    def masked_tax_code(self, organisation: Organisation) -> str:
        return taxcode.mask(organisation.tax_code)


@admin.register(TaxCodeClaim)
class TaxCodeClaimAdmin(ReadOnlyAdmin):
    list_display = ("organisation", "masked_tax_code", "status", "decided_by", "decided_at")
    list_filter = ("status",)
    list_select_related = ("organisation", "decided_by")
    exclude = ("tax_code",)
    readonly_fields = ("masked_tax_code",)

    @admin.display(description=_("tax code"))
    def masked_tax_code(self, claim: TaxCodeClaim) -> str:
        return taxcode.mask(claim.tax_code)


@admin.register(Membership)
class MembershipAdmin(ReadOnlyAdmin):
    list_display = ("user", "organisation", "role", "created_at")
    list_filter = ("role",)
    list_select_related = ("user", "organisation")
    search_fields = ("user__email", "organisation__name")


@admin.register(Consent)
class ConsentAdmin(ReadOnlyAdmin):
    list_display = ("user", "purpose", "text_version", "given_at", "withdrawn_at")
    list_filter = ("purpose", "text_version")
    list_select_related = ("user",)
    search_fields = ("user__email",)


@admin.register(ApiKey)
class ApiKeyAdmin(ReadOnlyAdmin):
    list_display = ("name", "organisation", "prefix", "created_at", "last_used_on", "revoked_at")
    list_select_related = ("organisation",)
    search_fields = ("name", "organisation__name", "prefix")
    exclude = ("secret_sha256",)
