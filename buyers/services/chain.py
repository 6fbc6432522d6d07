"""Changing the tree below a group: banners and outlets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from buyers.enums import OutletKind, RequestStatus
from buyers.models import Banner, DemandRequest, Outlet
from buyers.services.requests import announce_change
from buyers.services.terms import Errors, raise_if_any
from core.kernel import text
from core.places import selectors as places

MAX_BANNER_NAME: Final = 120
MAX_OUTLET_NAME: Final = 160
MAX_ADDRESS: Final = 200
OUTLETS_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletDetails:
    """What is said of one outlet; ids as chosen, not yet trusted."""

    name: str
    kind: str
    province_id: int
    commune_id: int | None = None
    address: str = ""


@transaction.atomic
def add_banner(*, group_id: int, name: str) -> Banner:
    """Add a name over the door.

    Raises:
        InvalidInputError: The name is missing, too long or taken.
    """
    siblings = Banner.objects.filter(group=group_id, is_archived=False)
    cleaned = _checked_name(name, taken=_names(siblings), most=MAX_BANNER_NAME)
    return Banner.objects.create(group_id=group_id, name=cleaned)


@transaction.atomic
def revise_banner(*, banner_id: int, name: str) -> Banner:
    """Rename a banner; open requests that show it get a new version.

    Raises:
        Banner.DoesNotExist: No such banner, or it is archived.
        InvalidInputError: The name is missing, too long or taken.

    Emits:
        DemandRequestChanged for each open request of the banner.
    """
    banner = _locked_banner(banner_id)
    siblings = Banner.objects.filter(group=banner.group_id, is_archived=False)
    taken = _names(siblings.exclude(pk=banner.pk))
    cleaned = _checked_name(name, taken=taken, most=MAX_BANNER_NAME)
    if cleaned != banner.name:
        banner.name = cleaned
        banner.save(update_fields=["name"])
        announce_change(_open_requests(Q(banner=banner)))
    return banner


@transaction.atomic
def archive_banner(*, banner_id: int) -> Banner:
    """Take a banner and its outlets out of use; requests keep their record of it.

    Raises:
        Banner.DoesNotExist: No such banner, or it is archived.

    Emits:
        DemandRequestChanged for each open request of the banner or one of its outlets.
    """
    banner = _locked_banner(banner_id)
    touched = _open_requests(Q(banner=banner) | Q(outlets__banner=banner))
    banner.is_archived = True
    banner.save(update_fields=["is_archived"])
    banner.outlets.filter(is_archived=False).update(is_archived=True)
    announce_change(touched)
    return banner


@transaction.atomic
def add_outlet(*, banner_id: int, details: OutletDetails) -> Outlet:
    """Add one place that sells or receives goods.

    Raises:
        Banner.DoesNotExist: No such banner, or it is archived.
        InvalidInputError: A field cannot be accepted.
    """
    banner = _locked_banner(banner_id)
    name = _checked_details(details, taken=_names(_outlets_of(banner.pk)))
    return Outlet.objects.create(banner=banner, **_columns(details, name))


@transaction.atomic
def add_outlets(*, banner_id: int, details: Sequence[OutletDetails]) -> list[Outlet]:
    """Add many outlets at once, all or none.

    Raises:
        Banner.DoesNotExist: No such banner, or it is archived.
        InvalidInputError: A row cannot be accepted; the field is named ``row <n>``, from 1.
    """
    banner = _locked_banner(banner_id)
    if len(details) > OUTLETS_AT_ONCE:
        sentence = _("At most %(most)s outlets at a time, please.") % {"most": OUTLETS_AT_ONCE}
        raise_if_any({"lines": [sentence]})
    errors = check_outlets(banner_id=banner.pk, details=details)
    raise_if_any({f"row {number}": found for number, found in errors.items()})
    return Outlet.objects.bulk_create(
        Outlet(banner=banner, **_columns(one, text.clean(one.name))) for one in details
    )


def check_outlets(*, banner_id: int, details: Sequence[OutletDetails]) -> dict[int, list[str]]:
    """Return what is wrong with each row, by its number from 1; names must differ."""
    taken = _names(_outlets_of(banner_id))
    known = set(places.provinces().values_list("pk", flat=True))
    found: dict[int, list[str]] = {}
    for number, one in enumerate(details, start=1):
        errors = _name_errors(one.name, taken=taken, most=MAX_OUTLET_NAME) + _address_errors(one)
        if one.province_id not in known:
            errors.append(_("Choose a province from the list."))
        if errors:
            found[number] = errors
        taken.add(text.clean(one.name).casefold())
    return found


@transaction.atomic
def revise_outlet(*, outlet_id: int, details: OutletDetails) -> Outlet:
    """Change an outlet; open requests delivered to it get a new version if the place moved.

    Raises:
        Outlet.DoesNotExist: No such outlet, or it is archived.
        InvalidInputError: A field cannot be accepted.

    Emits:
        DemandRequestChanged for each open request delivered there.
    """
    outlet = _locked_outlet(outlet_id)
    taken = _names(_outlets_of(outlet.banner_id).exclude(pk=outlet.pk))
    columns = _columns(details, _checked_details(details, taken=taken))
    changed = {name for name, value in columns.items() if getattr(outlet, name) != value}
    for name in changed:
        setattr(outlet, name, columns[name])
    if changed:
        outlet.save(update_fields=sorted(changed))
    if changed & {"province_id", "commune_id"}:
        announce_change(_open_requests(Q(outlets=outlet)))
    return outlet


@transaction.atomic
def archive_outlet(*, outlet_id: int) -> Outlet:
    """Take an outlet out of use; open requests no longer deliver to it.

    Raises:
        Outlet.DoesNotExist: No such outlet, or it is archived.

    Emits:
        DemandRequestChanged for each open request delivered there.
    """
    outlet = _locked_outlet(outlet_id)
    outlet.is_archived = True
    outlet.save(update_fields=["is_archived"])
    announce_change(_open_requests(Q(outlets=outlet)))
    return outlet


def _locked_banner(banner_id: int) -> Banner:
    banners = Banner.objects.select_for_update(no_key=True)
    return banners.get(pk=banner_id, is_archived=False)


def _locked_outlet(outlet_id: int) -> Outlet:
    outlets = Outlet.objects.select_for_update(no_key=True)
    return outlets.get(pk=outlet_id, is_archived=False)


def _outlets_of(banner_id: int) -> QuerySet[Outlet]:
    return Outlet.objects.filter(banner=banner_id, is_archived=False)


def _names(rows: QuerySet[Banner] | QuerySet[Outlet]) -> set[str]:
    return {name.casefold() for name in rows.values_list("name", flat=True)}


def _open_requests(condition: Q) -> list[int]:
    found = DemandRequest.objects.filter(condition, status=RequestStatus.PUBLISHED)
    return sorted(set(found.values_list("pk", flat=True)))


def _checked_name(name: str, *, taken: set[str], most: int) -> str:
    errors = _name_errors(name, taken=taken, most=most)
    raise_if_any({"name": errors} if errors else {})
    return text.clean(name)


def _name_errors(name: str, *, taken: set[str], most: int) -> list[str]:
    cleaned = text.clean(name)
    if not text.fold(cleaned):
        return [_("Write the name as it stands over the door.")]
    if len(cleaned) > most:
        return [_("At most %(most)s characters, please.") % {"most": most}]
    if cleaned.casefold() in taken:
        return [_("This name is already in your list.")]
    return []


def _address_errors(details: OutletDetails) -> list[str]:
    if len(text.clean(details.address)) <= MAX_ADDRESS:
        return []
    return [_("At most %(most)s characters, please.") % {"most": MAX_ADDRESS}]


def _checked_details(details: OutletDetails, *, taken: set[str]) -> str:
    """Return the cleaned name, or refuse all wrong fields at once."""
    errors: Errors = {}
    if found := _name_errors(details.name, taken=taken, most=MAX_OUTLET_NAME):
        errors["name"] = found
    if found := _address_errors(details):
        errors["address"] = found
    if details.kind not in OutletKind.values:
        errors["kind"] = [_("Choose one from the list.")]
    errors |= _place_errors(details)
    raise_if_any(errors)
    return text.clean(details.name)


def _place_errors(details: OutletDetails) -> Errors:
    if not places.provinces().filter(pk=details.province_id).exists():
        return {"province": [_("Choose a province from the list.")]}
    communes = places.communes_of(details.province_id)
    if details.commune_id is not None and not communes.filter(pk=details.commune_id).exists():
        return {"commune": [_("This commune is not in the chosen province.")]}
    return {}


def _columns(details: OutletDetails, name: str) -> dict[str, object]:
    return {
        "name": name,
        "kind": details.kind,
        "province_id": details.province_id,
        "commune_id": details.commune_id,
        "address": text.clean(details.address),
    }
