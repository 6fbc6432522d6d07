"""What the world keeps in writing: papers, documents, lists and registers."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import itertools

from django.core.files.base import ContentFile
from PIL import Image

from core.imports.enums import ImportState, RowOutcome, RowState
from core.imports.models import Import, ImportRow
from core.kernel import clock
from core.vault.models import Document, PacketShare
from producers.enums import (
    DeskObstacle,
    DeskOutcome,
    DeskReason,
    DeskStep,
    PaperKind,
    PaperStatus,
    ProposalStep,
    RegistrySource,
    RegistrySubject,
)
from producers.models import (
    DeskBatch,
    DeskItem,
    PaperProposal,
    Registry,
    RegistryCandidate,
    RegistryDecision,
    RegistryEntry,
    RegistryList,
)
from tests.factories import accounts as people
from tests.factories import producers
from tests.integration.security.actors import MARKUP

_NUMBERS = itertools.count()


def _picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (4, 4), "orange").save(out, "PNG")
    return out.getvalue()


PICTURE = _picture()


def _paper(producer, mark, what: str, **values):
    paper = producers.PaperFactory(
        producer=producer,
        number=mark(f"{what} paper, number"),
        issuer=mark(f"{what} paper, issuer"),
        status_reason=mark(f"{what} paper, reason"),
        **values,
    )
    paper.document = _document(producer.organisation, title=mark(f"{what} paper, document"))
    paper.save()
    return paper


def _document(organisation, **values):
    """Return a document with a small picture of its own, so that no two have the same content."""
    content = PICTURE + str(next(_NUMBERS)).encode()
    document = Document(
        organisation=organisation, title_folded="x", type="png", size=len(content),
        sha256=hashlib.sha256(content).hexdigest(), **values,
    )  # fmt: skip
    document.file.save("x", ContentFile(content))
    return document


def papers_of(at, name: str, producer, mark) -> None:
    at[f"{name}.paper"] = _paper(producer, mark, "submitted")
    at[f"{name}.returned"] = _paper(producer, mark, "returned", status=PaperStatus.RETURNED)
    at[f"{name}.verified"] = producers.PaperFactory(
        producer=producer, verified=True, kind=PaperKind.GROWING_AREA_CODE, market="VN",
        status_reason=mark("verified paper, reason"),
        evidence_url=f"https://vidu.example/{mark('verified paper, link')}",
    )  # fmt: skip


def proposals(marks, at, users) -> None:
    """One that a colleague of the officer made, and one of the officer's own."""
    colleague = people.OfficerFactory(of=people.province())
    for name, officer in (("a.proposal", colleague), ("a.own_proposal", users["officer"])):
        paper = _paper(at["a"].producer, marks["a"], name, status=PaperStatus.SUSPENDED)
        at[name] = PaperProposal.objects.create(
            paper=paper, paper_version=paper.version, step=ProposalStep.REVOKE,
            reason=marks["a"](f"{name}, reason"), proposed_by=officer,
        )  # fmt: skip
    at["decision"] = DeskBatch.objects.create(
        officer=users["officer"], step=DeskStep.RETURN, why=DeskReason.OTHER, asked=1
    )
    DeskItem.objects.create(
        batch=at["decision"], paper=at["a.paper"], outcome=DeskOutcome.LEFT_OUT,
        obstacle=DeskObstacle.STATE, version=1,
    )  # fmt: skip


def imported_lists(marks, at, users) -> None:
    """A list of each producer that was checked and waits to be taken over."""
    for name in "ab":
        mark = marks[name]
        at[f"{name}.import"] = found = Import.objects.create(
            kind="products", organisation=at[name], created_by=users[f"{name}_owner"],
            file=ContentFile(b"x", name="x"), file_name=mark("name of a list"),
            as_of=clock.today(), state=ImportState.CHECKED, row_count=2, done_count=2,
            new_count=1, refused_count=1, ignored_headers=[mark("heading of a list")],
        )  # fmt: skip
        ImportRow.objects.create(
            of=found, number=2, cells={"name": mark("cell of a list")}, state=RowState.PLANNED,
            outcome=RowOutcome.NEW, label=mark("row of a list"),
            changes=[["name", "", mark("value of a list")]],
        )  # fmt: skip
        ImportRow.objects.create(
            of=found, number=3, cells={"name": "x"}, state=RowState.PLANNED,
            outcome=RowOutcome.REFUSED, reasons=[mark("reason of a refusal")],
        )  # fmt: skip


def vault(marks, at) -> None:
    """What A keeps, what it put away, and what it shares with O and C."""
    a, mark = at["a"], marks["a"]
    at["a.document"] = _document(a, title=mark("document"), kind="business")
    at["a.unused"] = _document(a, title=mark("unused document"), archived_at=clock.now())
    until = clock.today() + dt.timedelta(days=30)
    for name, packet, subject, receiver in (
        ("a.fair share", "fair", at["a.place"].pk, "o"),
        ("a.chain share", "chain", at["a×c agreed"].pk, "c"),
    ):
        at[name] = PacketShare.objects.create(
            organisation=a, receiver=at[receiver], packet=packet, subject_id=subject,
            title=mark(name), until=until,
        )  # fmt: skip
        at[name].documents.add(at["a.document"])
    at["a.dossier"] = f"fair-{at['a.place'].pk}"


def registers(marks, at, users, *, here) -> None:
    """A list with an open and a linked row, and an earlier one that was taken back."""
    registry = Registry.objects.create(
        province=here, source=RegistrySource.OCOP_REGISTER, subject=RegistrySubject.PRODUCTS
    )
    day = clock.today() - dt.timedelta(days=30)
    at["register"] = RegistryList.objects.create(registry=registry, as_of=day)
    at["earlier register"] = RegistryList.objects.create(
        registry=registry, as_of=day - dt.timedelta(days=180), withdrawn_at=clock.now()
    )
    said = {"list": at["register"], "decision_number": "7/QĐ-UBND", "decided_on": day, "stars": 4}
    for row, name in enumerate(("entry", "linked entry"), start=2):
        at[name] = RegistryEntry.objects.create(
            key=name, row_number=row, name=f"Cam {row} {MARKUP}", name_folded=f"cam {row}",
            holder=marks["b"](f"register row {row}"), outlook="certain", **said,
        )  # fmt: skip
        RegistryCandidate.objects.create(
            entry=at[name], organisation=at["a"], product=at["a.product"], points=90,
            is_certain=True, basis=["tax_code"],
        )  # fmt: skip
    at["registry decision"] = RegistryDecision.objects.create(
        entry=at["linked entry"], verdict="same", organisation=at["a"], product=at["a.product"],
        decided_by=users["officer"],
    )  # fmt: skip
