"""Taking a file in: stored privately under a name of our own, looked at before anything else."""

from __future__ import annotations

import datetime as dt
import hashlib
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from core.imports.events import ImportUploaded
from core.imports.models import Import
from core.imports.registry import Context, Kind
from core.imports.selectors import has_too_many_waiting
from core.kernel import clock, text
from core.kernel.errors import InvalidInputError, NotAllowedError
from core.outbox import outbox
from core.sheets.limits import LIMITS

OLDEST: Final = dt.timedelta(days=10 * 366)
_LONGEST_NAME: Final = 150
_PIECE: Final = 256 * 1024


def checked_upload(upload: File[bytes]) -> File[bytes]:
    """Refuse an empty or oversized file before it is stored.

    Raises:
        ValidationError: It is empty or larger than 20 MB.
    """
    if not upload.size:
        raise ValidationError(_("The file is empty."))
    if upload.size > LIMITS.file_bytes:
        raise ValidationError(_("The file is larger than 20 MB. Split it into several."))
    return upload


@transaction.atomic
def upload_list(
    *,
    kind: Kind,
    upload: File[bytes],
    context: Context,
    sheet: str = "",
) -> Import:
    """Store a file and have it read and checked; nothing else is changed yet.

    Raises:
        InvalidInputError: The day cannot be meant.
        NotAllowedError: Too many files of this owner are still being worked on.

    Emits:
        ImportUploaded.
    """
    owner = {"organisation_id": context.organisation_id, "province_id": context.province_id}
    if has_too_many_waiting(**owner):
        raise NotAllowedError(_("Five of your lists are still being worked on. Wait for them."))
    _check_day(context.as_of)
    upload.seek(0)
    sha256 = _sha256(upload)
    upload.seek(0)
    found = Import(
        kind=kind.code,
        organisation_id=context.organisation_id,
        province_id=context.province_id,
        created_by_id=context.user_id,
        file_name=(text.clean(Path(upload.name or "").name) or "list")[-_LONGEST_NAME:],
        file_sha256=sha256,
        sheet=sheet,
        as_of=context.as_of,
    )
    found.file.save(f"{uuid.uuid4().hex}.bin", upload, save=False)
    found.save()
    outbox.append(
        ImportUploaded(
            import_id=found.pk,
            version=1,
            kind=kind.code,
            organisation_id=context.organisation_id,
        )
    )
    return found


@contextmanager
def on_disk(found: Import) -> Iterator[Path]:
    """Give the stored file as a path for the child that reads it, wherever it is stored."""
    with tempfile.NamedTemporaryFile(prefix="nhipcau-") as copy, found.file.open("rb") as stored:
        while piece := stored.read(_PIECE):
            copy.write(piece)
        copy.flush()
        yield Path(copy.name)


def _sha256(upload: File[bytes]) -> str:
    digest = hashlib.sha256()
    while piece := upload.read(_PIECE):
        digest.update(piece)
    return digest.hexdigest()


def _check_day(day: dt.date) -> None:
    today = clock.today()
    if not today - OLDEST <= day <= today:
        sentence = _("Choose the day the list is of: today or a day of the last ten years.")
        raise InvalidInputError(sentence, {"as_of": [sentence]})
