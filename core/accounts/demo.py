"""People and organisations of the demo world: invented, marked as such, safe to remove.

Rows are written as they end up, without events, so nobody is told of a past that never was.
Tax codes begin with 00, which no tax office has, or end with a sequence nobody is given.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import encrypt
from django.contrib.auth.hashers import make_password

from core.accounts import taxcode
from core.accounts.enums import (
    ClaimStatus,
    ConsentPurpose,
    OrganisationKind,
    OrganisationStatus,
    Role,
    Sector,
)
from core.accounts.models import (
    Consent,
    Membership,
    OfficerPost,
    Organisation,
    TaxCodeClaim,
    User,
)
from core.accounts.services.consents import consent_text
from core.kernel import clock
from core.kernel.text import fold
from core.places import selectors as places
from core.places.enums import AdminLevel
from core.places.models import AdminUnit

Drawn = TypeVar("Drawn")
DOMAIN: Final = "demo.nhipcau.example"
PASSWORD: Final = "cầu-nối-2026-demo"  # noqa: S105 -- published on purpose: everybody may enter the demo
TOTP_SECRET: Final = "NHIPCAUDEMOVIETNAM234567"  # noqa: S105 -- as above
MARK: Final = "(mẫu)"

SURNAMES: Final = (
    "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Hà", "Chíu", "Triệu",
    "Lý", "Ngô", "Dương", "Đinh", "Lục", "Phùng",
)  # fmt: skip
MIDDLE_NAMES: Final = ("Văn", "Thị", "Đức", "Thu", "Minh", "Ngọc", "Quang", "Hồng", "Xuân", "Thanh")
GIVEN_NAMES: Final = (
    "An", "Bình", "Chi", "Dũng", "Giang", "Hạnh", "Hòa", "Hương", "Khánh", "Lan", "Liên", "Long",
    "Mai", "Nam", "Nga", "Nhung", "Phúc", "Phương", "Quyên", "Sơn", "Tâm", "Thảo", "Thủy", "Tuấn",
    "Vân", "Việt", "Yến",
)  # fmt: skip
_STREETS: Final = ("Thôn 1", "Thôn 3", "Khu 2", "Khu 5", "Tổ 4", "Thôn Đông", "Bản Nà", "Khu chợ")
_AREA_CODES: Final[dict[str, str]] = {
    "01": "24", "04": "206", "08": "207", "11": "215", "12": "213", "14": "212", "15": "214",
    "19": "208", "20": "205", "22": "203", "24": "204", "25": "210", "31": "225", "33": "221",
    "37": "229", "38": "237", "40": "238", "42": "239", "48": "236", "79": "28",
}  # fmt: skip
_NATIONAL_DIGITS: Final = 10
_BIRTH_YEARS: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Business:
    """One organisation to be made with its owner; `number` makes it unique in the world."""

    number: int
    kind: OrganisationKind
    name: str
    province: AdminUnit
    commune: AdminUnit | None
    joined_at: dt.datetime
    owner_name: str
    email: str = ""
    status: OrganisationStatus = OrganisationStatus.APPROVED
    status_reason: str = ""
    is_producer: bool = False
    is_buyer: bool = False
    is_organiser: bool = False
    disputes: int | None = None
    """Number of the business whose tax code this one claims too."""
    more_members: Sequence[tuple[str, Role]] = field(default_factory=tuple)


def dice(*parts: object) -> random.Random:
    """Return a source of chance that falls the same way whenever it is named the same."""
    return random.Random(":".join(str(part) for part in parts))  # a demo, no secret


def drawn(table: Sequence[tuple[Drawn, int]], rng: random.Random) -> Drawn:
    """Draw one of the options of a table by the weights beside them."""
    options = [option for option, _ in table]
    return rng.choices(options, [weight for _, weight in table])[0]


def at_hour(day: dt.date, hour: int) -> dt.datetime:
    """Return a moment of a day in Việt Nam."""
    return dt.datetime.combine(day, dt.time(hour), tzinfo=clock.VIETNAM)


def person_name(number: int) -> str:
    """Return the name of the n-th invented person."""
    middle = MIDDLE_NAMES[number // 3 % len(MIDDLE_NAMES)]
    surname = SURNAMES[number * 7 % len(SURNAMES)]
    return f"{surname} {middle} {GIVEN_NAMES[number * 11 % len(GIVEN_NAMES)]}"


def tax_code(number: int, *, kind: OrganisationKind) -> str:
    """Return the n-th invented tax code: twelve digits for a household, else ten.

    Ten digits begin with 00; twelve end with the sequence 000000. Neither is ever issued.
    """
    place, rest = number % 96 + 1, number // 96
    if kind == OrganisationKind.HOUSEHOLD and rest < _BIRTH_YEARS * 2:
        return f"{place:03d}{rest % 2}{40 + rest // 2:02d}000000"
    nine = f"00{number * 11 + 10:07d}"
    found = next(n for n in range(int(nine), int(nine) + 11) if taxcode.check_digit(f"{n:09d}"))
    return f"{found:09d}{taxcode.check_digit(f'{found:09d}')}"


def phone(number: int, *, province: AdminUnit) -> str:
    """Return a landline number of the province that begins with 0, as none in use does."""
    area = _AREA_CODES.get(province.code, "203")
    return f"+84{area}{number % 1_000_000:0{_NATIONAL_DIGITS - len(area)}d}"


def email_of(name: str) -> str:
    """Return an address of the demo's own domain, which receives no mail."""
    return f"{name}@{DOMAIN}"


def communes_by_code(day: dt.date) -> dict[str, AdminUnit]:
    """Return the communes of a day by code."""
    found = places.units_on(day).filter(level=AdminLevel.COMMUNE).order_by("code")
    return {unit.code: unit for unit in found}


def provinces_by_code(day: dt.date) -> dict[str, AdminUnit]:
    """Return the provinces of a day by code."""
    return {unit.code: unit for unit in places.provinces(on=day)}


def create_businesses(businesses: Sequence[Business]) -> list[Organisation]:
    """Create organisations with tax code, owner and further members; return them in order."""
    organisations = Organisation.objects.bulk_create([_organisation(one) for one in businesses])
    _claim_tax_codes(businesses, organisations)
    _create_members(businesses, organisations)
    return organisations


def create_people(
    people: Iterable[tuple[str, str]], *, joined_at: dt.datetime, is_staff: bool = False
) -> list[User]:
    """Create people by address and name: verified, agreed to everything, one password for all."""
    password = _hashed()
    users = User.objects.bulk_create(
        User(
            email=email,
            full_name=name,
            password=password,
            is_demo=True,
            is_staff=is_staff,
            is_superuser=is_staff,
            date_joined=joined_at,
        )
        for email, name in people
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users
    )
    texts = [consent_text(purpose, language="vi") for purpose in ConsentPurpose]
    Consent.objects.bulk_create(
        Consent(
            user=user,
            purpose=text.purpose,
            text_version=text.version,
            text_sha256=text.sha256,
            given_at=joined_at,
        )
        for user in users
        for text in texts
    )
    return users


def give_second_factor(users: Iterable[User]) -> None:
    """Let people sign in with the demo's one-time codes."""
    Authenticator.objects.bulk_create(
        Authenticator(
            user=user, type=Authenticator.Type.TOTP, data={"secret": encrypt(TOTP_SECRET)}
        )
        for user in users
    )


def post_officers(posts: Mapping[tuple[str, Sector], str], *, joined_at: dt.datetime) -> None:
    """Create officers with a second factor; `posts` names the address by province and sector."""
    provinces = provinces_by_code(clock.today())
    people = [
        (email_of(name), f"{person_name(900 + at)} {MARK}")
        for at, name in enumerate(posts.values())
    ]
    users = create_people(people, joined_at=joined_at)
    OfficerPost.objects.bulk_create(
        OfficerPost(user=user, province=provinces[code], sector=sector)
        for user, (code, sector) in zip(users, posts, strict=True)
    )
    give_second_factor(users)


def owners_of(organisation_ids: Iterable[int]) -> dict[int, int]:
    """Return the user id of each organisation's owner."""
    owners = Membership.objects.filter(organisation_id__in=organisation_ids, role=Role.OWNER)
    return dict(owners.values_list("organisation_id", "user_id"))


def officers_by_province(sector: Sector) -> dict[int, int]:
    """Return the demo officer's user id by province id."""
    posts = OfficerPost.objects.filter(user__is_demo=True, sector=sector)
    return dict(posts.values_list("province_id", "user_id"))


def organisation_id_of(email: str) -> int:
    """Return the demo organisation whose contact address this is."""
    return Organisation.objects.get(is_demo=True, contact_email=email).pk


def demo_organisation_ids() -> list[int]:
    """Return the ids of all demo organisations."""
    return list(Organisation.objects.filter(is_demo=True).values_list("pk", flat=True))


def remove() -> None:
    """Remove the demo's people and organisations with everything that hangs on them."""
    Organisation.objects.filter(is_demo=True).delete()
    User.objects.filter(is_demo=True).delete()


_hash: dict[str, str] = {}


def _hashed() -> str:
    """Hash the password once: it is the same, and public, for everybody."""
    if PASSWORD not in _hash:
        _hash[PASSWORD] = make_password(PASSWORD)
    return _hash[PASSWORD]


def _organisation(business: Business) -> Organisation:
    code = tax_code(business.number, kind=business.kind)
    if business.disputes is not None:
        code = tax_code(business.disputes, kind=business.kind)
    was_decided = business.status in {OrganisationStatus.APPROVED, OrganisationStatus.RETURNED}
    was_submitted = business.status != OrganisationStatus.DRAFT
    submitted_at = business.joined_at + dt.timedelta(hours=2)
    return Organisation(
        kind=business.kind,
        name=business.name,
        name_folded=fold(business.name),
        is_producer=business.is_producer,
        is_buyer=business.is_buyer,
        is_organiser=business.is_organiser,
        tax_code=code,
        province=business.province,
        commune=business.commune,
        address=_STREETS[business.number % len(_STREETS)],
        contact_name=business.owner_name,
        contact_phone=phone(business.number, province=business.province),
        contact_email=_owner_email(business),
        status=business.status,
        status_reason=business.status_reason,
        submitted_at=submitted_at if was_submitted else None,
        decided_at=submitted_at + dt.timedelta(days=1) if was_decided else None,
        is_demo=True,
        created_at=business.joined_at,
    )


def _owner_email(business: Business) -> str:
    return business.email or email_of(f"chu{business.number}")


def _claim_tax_codes(businesses: Sequence[Business], organisations: Sequence[Organisation]) -> None:
    TaxCodeClaim.objects.bulk_create(
        TaxCodeClaim(
            organisation=organisation,
            tax_code=organisation.tax_code,
            status=ClaimStatus.HELD if business.disputes is None else ClaimStatus.QUEUED,
            created_at=business.joined_at,
        )
        for business, organisation in zip(businesses, organisations, strict=True)
        if business.status != OrganisationStatus.DRAFT
    )


def _create_members(businesses: Sequence[Business], organisations: Sequence[Organisation]) -> None:
    people: list[tuple[str, str]] = []
    roles: list[tuple[Organisation, Role]] = []
    for business, organisation in zip(businesses, organisations, strict=True):
        people.append((_owner_email(business), business.owner_name))
        roles.append((organisation, Role.OWNER))
        for at, (name, role) in enumerate(business.more_members, start=1):
            people.append((email_of(f"nguoi{business.number}-{at}"), name))
            roles.append((organisation, role))
    joined_at = min((one.joined_at for one in businesses), default=clock.now())
    users = create_people(people, joined_at=joined_at)
    Membership.objects.bulk_create(
        Membership(user=user, organisation=organisation, role=role, created_at=joined_at)
        for user, (organisation, role) in zip(users, roles, strict=True)
    )
