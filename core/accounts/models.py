"""People, the organisations they act for, and the proof of what they agreed to."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from core.accounts.enums import (
    ApiScope,
    ClaimStatus,
    ConsentPurpose,
    OrganisationKind,
    OrganisationStatus,
    Role,
    Sector,
)
from core.kernel import clock
from core.search import FoldedWords


class UserManager(BaseUserManager["User"]):
    """Creates users by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> User:
        """Create a person; the address is stored in lower case."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None) -> User:
        """Create an administrator."""
        return self.create_user(email, password, is_staff=True, is_superuser=True)

    def get_by_natural_key(self, username: str | None) -> User:
        """Find by address whatever its capitals."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """One person who signs in."""

    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    full_name = models.CharField(_("full name"), max_length=120, blank=True)
    language = models.CharField(
        _("language"), max_length=7, choices=[("vi", "Tiếng Việt"), ("en", "English")], default="vi"
    )
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("administrator"), default=False)
    is_demo = models.BooleanField(_("demo"), default=False)
    date_joined = models.DateTimeField(default=clock.now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email")]

    def __str__(self) -> str:
        return self.full_name or self.email

    def get_full_name(self) -> str:
        """Return the name people call this person by."""
        return str(self)


@pghistory.track(
    model_name="OrganisationRevision",
    exclude=["contact_name", "contact_phone", "contact_email", "tax_code"],
)
class Organisation(models.Model):
    """A business that sells, buys or both, or an organiser of fairs."""

    kind = models.CharField(_("kind"), max_length=20, choices=OrganisationKind.choices)
    name = models.CharField(_("name"), max_length=200)
    name_folded = models.CharField(max_length=200, editable=False)
    is_producer = models.BooleanField(_("sells"), default=False)
    is_buyer = models.BooleanField(_("buys"), default=False)
    is_organiser = models.BooleanField(_("organises fairs"), default=False)
    tax_code = models.CharField(_("tax code"), max_length=14, blank=True)
    province = models.ForeignKey(
        "places.AdminUnit", models.PROTECT, related_name="+", verbose_name=_("province")
    )
    commune = models.ForeignKey(
        "places.AdminUnit",
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("commune"),
    )
    address = models.CharField(_("street and number"), max_length=200, blank=True)
    contact_name = models.CharField(_("contact person"), max_length=120)
    contact_phone = PhoneNumberField(_("contact phone"))
    contact_email = models.EmailField(_("contact e-mail"))
    status = models.CharField(
        max_length=12, choices=OrganisationStatus.choices, default=OrganisationStatus.DRAFT
    )
    status_reason = models.CharField(_("reason"), max_length=500, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_producer=True)
                | models.Q(is_buyer=True)
                | models.Q(is_organiser=True),
                name="organisation_has_a_part",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="submitted") | models.Q(submitted_at__isnull=False),
                name="organisation_submitted_at",
            ),
        ]
        indexes = [
            models.Index(
                fields=["province", "submitted_at"],
                name="organisation_desk",
                condition=models.Q(status="submitted"),
            ),
            GinIndex(OpClass("name_folded", name="gin_trgm_ops"), name="organisation_search"),
            GinIndex(FoldedWords("name_folded"), name="organisation_words"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_approved(self) -> bool:
        """Whether anything of it may be public."""
        return self.status == OrganisationStatus.APPROVED


@pghistory.track(model_name="TaxCodeClaimRevision", exclude=["tax_code"])
class TaxCodeClaim(models.Model):
    """One organisation's claim to a tax code; at most one claim of a code is held."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="tax_code_claims")
    tax_code = models.CharField(max_length=14)
    status = models.CharField(max_length=10, choices=ClaimStatus.choices)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tax_code"],
                name="tax_code_held_once",
                condition=models.Q(status=ClaimStatus.HELD),
            ),
            models.UniqueConstraint(
                fields=["organisation", "tax_code"], name="tax_code_claimed_once_each"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_status_display()} #{self.pk}"


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    model_name="MembershipRevision",
)
class Membership(models.Model):
    """A person may act for an organisation, within a role."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=10, choices=Role.choices)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "organisation"], name="membership_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"


class Invitation(models.Model):
    """An offer of membership sent to an address; its link carries a signature, not a secret."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-mail address"))
    role = models.CharField(_("role"), max_length=10, choices=Role.choices)
    invited_by = models.ForeignKey(User, models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=clock.now, editable=False)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                "organisation",
                name="invitation_open_once",
                condition=models.Q(accepted_at__isnull=True, revoked_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} · {self.get_role_display()}"


@pghistory.track(model_name="OfficerPostRevision")
class OfficerPost(models.Model):
    """A person serves as officer of a province in one sector."""

    user = models.ForeignKey(User, models.CASCADE, related_name="officer_posts")
    province = models.ForeignKey("places.AdminUnit", models.PROTECT, related_name="+")
    sector = models.CharField(max_length=12, choices=Sector.choices)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "province", "sector"], name="officer_post_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_sector_display()} · {self.province}"


class Consent(models.Model):
    """One person's agreement to one purpose, with the version of the words it was given to."""

    user = models.ForeignKey(User, models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=20, choices=ConsentPurpose.choices)
    text_version = models.CharField(max_length=20)
    text_sha256 = models.CharField(max_length=64)
    given_at = models.DateTimeField(default=clock.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "purpose"],
                name="consent_in_force_once",
                condition=models.Q(withdrawn_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.text_version}"


@pghistory.track(model_name="ApiKeyRevision", exclude=["secret_sha256", "last_used_on"])
class ApiKey(models.Model):
    """A key to the API for one organisation; only its hash is stored."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="api_keys")
    name = models.CharField(_("name"), max_length=80)
    prefix = models.CharField(max_length=12, unique=True)
    secret_sha256 = models.CharField(max_length=64)
    scopes = ArrayField(models.CharField(max_length=10, choices=ApiScope.choices))
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now, editable=False)
    last_used_on = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class IdempotencyKey(models.Model):
    """The answer once given to an API request, so that repeating it changes nothing."""

    owner = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    request_sha256 = models.CharField(max_length=64)
    status_code = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(null=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "key"], name="idempotency_key_once"),
        ]

    def __str__(self) -> str:
        return self.key


class DemoWorld(models.Model):
    """Which demo world is loaded: by which numbers it was drawn, and around which day."""

    seed = models.IntegerField()
    scale = models.PositiveIntegerField()
    day = models.DateField()
    loaded_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.day} · {self.seed} × {self.scale}"
