"""Lists handed in by a producer, worked off as the workers would."""

from __future__ import annotations

import io

import pytest
from django.core.files.base import ContentFile

from core.imports import registry, services
from core.imports.models import Import
from core.imports.registry import Context
from core.kernel import clock
from core.sheets.writing import Sheet, write_xlsx
from tests.factories.accounts import MembershipFactory, OrganisationFactory, province
from tests.factories.producers import ProducerFactory, category


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def seller(db):
    """An approved producer with an owner, in a province, and one kind of product: oranges."""
    category()
    organisation = OrganisationFactory(province=province(), is_producer=True)
    ProducerFactory(organisation=organisation)
    return MembershipFactory(organisation=organisation).user, organisation


def xlsx(*rows, name="Dữ liệu") -> bytes:
    target = io.BytesIO()
    write_xlsx(target, sheets=[Sheet(name=name, rows=rows)])
    return target.getvalue()


def csv(*rows) -> bytes:
    lines = (";".join(f'"{cell}"' for cell in row) for row in rows)
    return "\n".join(lines).encode("utf-8-sig")


def hand_in(content: bytes, *, kind: str, organisation=None, user=None, province=None, as_of=None):
    return services.upload_list(
        kind=registry.kind_named(kind),
        upload=ContentFile(content, name="danh sách.xlsx"),
        context=Context(
            organisation_id=organisation.pk if organisation else None,
            province_id=province.pk if province else None,
            user_id=user.pk if user else None,
            as_of=as_of or clock.today(),
        ),
    )


def work_off(found: Import, *, most: int = 1000) -> Import:
    """Do the parts one after the other, as the duties of their events would."""
    for _part in range(most):
        found.refresh_from_db()
        if not found.is_busy:
            break
        services.advance(import_id=found.pk, version=found.version)
    found.refresh_from_db()
    return found


def checked(content: bytes, **whose) -> Import:
    return work_off(hand_in(content, **whose))


def applied(content: bytes, **whose) -> Import:
    found = checked(content, **whose)
    services.confirm_import(import_id=found.pk)
    return work_off(found)


def undone(found: Import) -> Import:
    services.recall_import(import_id=found.pk)
    return work_off(found)


def counts(found: Import) -> tuple[int, int, int, int]:
    return found.new_count, found.changed_count, found.unchanged_count, found.refused_count


def reasons(found: Import) -> dict[int, list[str]]:
    return {row.number: row.reasons for row in found.rows.filter(outcome="refused")}
