"""People, organisations and posts for tests: approved and ready to act unless told otherwise."""

from __future__ import annotations

import datetime as dt
import functools

import factory
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from factory.django import DjangoModelFactory

from core.accounts import taxcode
from core.accounts.enums import (
    ClaimStatus,
    OrganisationKind,
    OrganisationStatus,
    Role,
    Sector,
)
from core.accounts.models import (
    Invitation,
    Membership,
    OfficerPost,
    Organisation,
    TaxCodeClaim,
    User,
)
from core.kernel import clock
from core.kernel.text import fold
from core.places.enums import AdminLevel, UnitKind
from core.places.models import AdminUnit

PASSWORD = "cầu nối sản xuất 2026"
TOTP_SECRET = "JBSWY3DPEHPK3PXP"
SINCE = dt.date(2025, 7, 1)


def province(code: str = "22", *, name: str = "Quảng Ninh") -> AdminUnit:
    """Return the province of that code, made on first use."""
    values = {
        "name": name,
        "name_folded": fold(name),
        "kind": UnitKind.PROVINCE,
        "source": "test",
    }
    found, _ = AdminUnit.objects.get_or_create(
        code=code, level=AdminLevel.PROVINCE, valid_from=SINCE, defaults=values
    )
    return found


def commune(
    code: str = "06652", *, name: str = "Hà Tu", within: AdminUnit | None = None
) -> AdminUnit:
    """Return the commune of that code, made on first use."""
    values = {
        "name": name,
        "name_folded": fold(name),
        "kind": UnitKind.WARD,
        "parent": within or province(),
        "source": "test",
    }
    found, _ = AdminUnit.objects.get_or_create(
        code=code, level=AdminLevel.COMMUNE, valid_from=SINCE, defaults=values
    )
    return found


def tax_code(number: int) -> str:
    """Return the n-th valid ten-digit tax code of the 57 series."""
    candidate = 1_000 + number * 7
    while True:
        nine = f"57{candidate:07d}"
        check = taxcode.check_digit(nine)
        if check is not None:
            return f"{nine}{check}"
        candidate += 1


@functools.cache
def hashed(password: str) -> str:
    """Return the password's hash; made once, since a good hash is slow."""
    return make_password(password)


class UserFactory(DjangoModelFactory):
    """A person with a verified address and the password `PASSWORD`."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"nguoi{n}@vidu.example")
    full_name = factory.Sequence(lambda n: f"Nguyễn Văn Thử {n}")
    language = "vi"

    @factory.post_generation
    def password(self, create, extracted, **kwargs):
        if create:
            self.password = hashed(extracted or PASSWORD)
            self.save(update_fields=["password"])

    @factory.post_generation
    def address(self, create, extracted, **kwargs):
        if create and extracted is not False:
            EmailAddress.objects.create(user=self, email=self.email, verified=True, primary=True)


class OrganisationFactory(DjangoModelFactory):
    """An approved producer of Quảng Ninh; its tax code is held unless it is a draft."""

    class Meta:
        model = Organisation
        skip_postgeneration_save = True

    class Params:
        draft = factory.Trait(status=OrganisationStatus.DRAFT, submitted_at=None, decided_at=None)
        submitted = factory.Trait(status=OrganisationStatus.SUBMITTED, decided_at=None)
        buyer = factory.Trait(is_producer=False, is_buyer=True, kind=OrganisationKind.CHAIN)
        organiser = factory.Trait(
            is_producer=False, is_organiser=True, kind=OrganisationKind.ORGANISER
        )

    kind = OrganisationKind.COOPERATIVE
    name = factory.Sequence(lambda n: f"Hợp tác xã Thử nghiệm {n}")
    name_folded = factory.LazyAttribute(lambda o: fold(o.name))
    is_producer = True
    tax_code = factory.Sequence(tax_code)
    province = factory.LazyFunction(province)
    commune = factory.LazyAttribute(lambda o: commune() if o.province.code == "22" else None)
    address = "Số 1, phố Thử"
    contact_name = "Trần Thị Liên Hệ"
    contact_phone = "+84912345678"
    contact_email = factory.Sequence(lambda n: f"lienhe{n}@vidu.example")
    status = OrganisationStatus.APPROVED
    submitted_at = factory.LazyFunction(clock.now)
    decided_at = factory.LazyFunction(clock.now)

    @factory.post_generation
    def claim(self, create, extracted, **kwargs):
        if not create or extracted is False or not self.tax_code:
            return
        if self.status == OrganisationStatus.DRAFT:
            return
        TaxCodeClaim.objects.create(
            organisation=self, tax_code=self.tax_code, status=extracted or ClaimStatus.HELD
        )


class MembershipFactory(DjangoModelFactory):
    """An owner of an approved organisation."""

    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    role = Role.OWNER


class InvitationFactory(DjangoModelFactory):
    """An open invitation to edit for an approved organisation."""

    class Meta:
        model = Invitation

    organisation = factory.SubFactory(OrganisationFactory)
    email = factory.Sequence(lambda n: f"khach{n}@vidu.example")
    role = Role.EDITOR
    invited_by = factory.SubFactory(UserFactory)
    expires_at = factory.LazyFunction(lambda: clock.now() + dt.timedelta(days=14))


def turn_on_totp(user: User) -> Authenticator:
    """Give the person a working TOTP authenticator with the secret `TOTP_SECRET`."""
    return Authenticator.objects.create(
        user=user, type=Authenticator.Type.TOTP, data={"secret": TOTP_SECRET}
    )


class OfficerFactory(UserFactory):
    """A trade officer of Quảng Ninh with TOTP on; pass `of=` for other provinces."""

    @factory.post_generation
    def second_factor(self, create, extracted, **kwargs):
        if create and extracted is not False:
            turn_on_totp(self)

    @factory.post_generation
    def of(self, create, extracted, **kwargs):
        if create:
            OfficerPost.objects.create(
                user=self,
                province=extracted or province(),
                sector=kwargs.get("sector", Sector.TRADE),
            )
