"""A small world of owners who must not see each other, with a mark in everything private."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import itertools

from django.core.files.base import ContentFile
from django.test import Client
from PIL import Image

from buyers.enums import RequestStatus
from core.accounts import selectors as accounts
from core.accounts import services
from core.accounts.enums import ApiScope, ClaimStatus, Role, Sector
from core.accounts.models import ApiKey, TaxCodeClaim
from core.catalogue.enums import ProposalState
from core.catalogue.models import SynonymProposal
from core.imports.enums import ImportState, RowOutcome, RowState
from core.imports.models import Import, ImportRow
from core.kernel import clock
from core.notifications import services as notifications
from core.notifications.sending import links
from core.places.enums import Confidence, NodeKind, RoadClass
from core.places.models import ProvincePact, RoadLink, RoadNode
from core.vault.models import Document, PacketShare
from fairs.enums import ParticipationStatus
from matchmaking import selectors as matchmaking
from matchmaking.enums import Channel, DeclineReason, Side
from matchmaking.models import Match
from matchmaking.services import decisions, refresh
from producers.enums import (
    DeskObstacle,
    DeskOutcome,
    DeskReason,
    DeskStep,
    OfferStatus,
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
from tests.factories import buyers, fairs, producers
from tests.integration.security.actors import Actor, Marks, World

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
# Stands in public names: no page may show it but escaped, or work out the sum.
MARKUP = "<script>alert(1)</script>{{7*7}}"


def _picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (4, 4), "orange").save(out, "PNG")
    return out.getvalue()


PICTURE = _picture()
_NUMBERS = itertools.count()


def build() -> World:
    """Make the world; the caller rolls it back."""
    marks = {name: Marks(name) for name in "abcdeosx"}
    at: dict[str, object] = {}
    here, there = people.province(), people.province("01", name="Hà Nội")
    _roads(at, here, there)
    users = _organisations(marks, at, here=here, there=there)
    _sellers(marks, at, users)
    _buyers(marks, at)
    _fairs(marks, at, users)
    _matches(marks, at, users)
    _messages(marks, at, users)
    _vault(marks, at)
    users |= _desk(here)
    _proposals(marks, at, users)
    _lists(marks, at, users)
    _registers(marks, at, users, here=here)
    users["guest"] = people.UserFactory(email=at["a.invitation"].email)
    actors = {"anonymous": Actor("anonymous")}
    actors |= {name: _signed_in(name, user) for name, user in users.items()}
    actors |= _keys(at, users)
    return World(actors=actors, marks=marks, at=at)


def _roads(at, here, there) -> None:
    ends = [
        RoadNode.objects.create(
            code=f"P{one.code}", name=one.name, kind=NodeKind.SEAT, province=one, lat=21, lon=106,
            source="test",
        )
        for one in (here, there)
    ]  # fmt: skip
    at["link"] = RoadLink.objects.create(
        start=ends[0], end=ends[1], km=155, truck_hours=2.7, road_class=RoadClass.EXPRESSWAY,
        source="test", confidence=Confidence.ESTIMATE,
    )  # fmt: skip
    at["gate"] = RoadNode.objects.create(
        code="GATE_X", name="Cửa khẩu X", kind=NodeKind.BORDER_GATE, province=here, lat=21.5,
        lon=107, source="test",
    )  # fmt: skip
    at["pact"] = ProvincePact.objects.create(
        a=there, b=here, name=f"Biên bản {MARKUP}", scope="nông sản", source="test",
        confidence=Confidence.SECONDARY,
    )  # fmt: skip


_PARTS = {
    "a": {},
    "b": {},
    "c": {"buyer": True},
    "d": {"buyer": True},
    "o": {"organiser": True},
    "x": {"organiser": True},
    "e": {"draft": True},
    "s": {"submitted": True, "claim": False},
}


def _organisations(marks, at, *, here, there) -> dict[str, object]:
    users = {}
    for number, (name, parts) in enumerate(_PARTS.items()):
        mark = marks[name]
        organisation = people.OrganisationFactory(
            name=f"Tổ chức {name.upper()} {MARKUP}",
            province=there if name == "d" else here,
            commune=None if name == "d" else people.commune(),
            contact_name=mark("contact name"),
            contact_email=f"{mark('contact e-mail').lower()}@vidu.example",
            contact_phone=mark.phone(100 + number),
            status_reason=mark("status reason"),
            tax_code=at["a"].tax_code if name == "s" else people.tax_code(500 + number),
            **parts,
        )
        mark.planted["contact e-mail"] = mark.planted["contact e-mail"].lower()
        mark.planted["tax code"] = organisation.tax_code
        at[name] = organisation
        if name == "e":
            people.MembershipFactory(user=users["a_owner"], organisation=organisation)
            continue
        users[f"{name}_owner"] = _member(mark, organisation, Role.OWNER)
    marks["s"].planted.pop("tax code")
    users["a_viewer"] = _member(marks["a"], at["a"], Role.VIEWER)
    TaxCodeClaim.objects.create(
        organisation=at["s"], tax_code=at["a"].tax_code, status=ClaimStatus.QUEUED
    )
    return users


def _member(mark, organisation, role):
    user = people.UserFactory(
        full_name=mark(f"{role} name"), email=f"{mark(f'{role} e-mail').lower()}@vidu.example"
    )
    mark.planted[f"{role} e-mail"] = mark.planted[f"{role} e-mail"].lower()
    membership = people.MembershipFactory(user=user, organisation=organisation, role=role)
    user.own_membership = membership
    return user


def _sellers(marks, at, users) -> None:
    for name in "ab":
        producer = producers.ProducerFactory(
            organisation=at[name], summary=f"Công khai {MARKUP}", website="https://vidu.example/"
        )
        _goods(at, name, producer, marks[name])
        _papers(at, name, producer, marks[name])
        _doors(at, name, users[f"{name}_owner"], marks[name])
    _words(at)
    marks["a"].planted["lowest price"] = "31.337.000"
    marks["a"].planted["lowest price, plain"] = "31337000"
    at["a.viewer"] = users["a_viewer"].own_membership


def _goods(at, name: str, producer, mark) -> None:
    product = producers.ProductFactory(producer=producer, name=f"Cam sành {name.upper()} {MARKUP}")
    archived = producers.ProductFactory(
        producer=producer, name=mark("archived product"), description=mark("archived words"),
        is_archived=True,
    )  # fmt: skip
    for picture in (producer.logo, product.photo, archived.photo):
        picture.save("thu.jpg", ContentFile(PICTURE))
    goods = {"producer": producer, "product": product}
    at |= {
        f"{name}.product": product,
        f"{name}.archived": archived,
        f"{name}.draft": producers.SupplyOfferFactory(**goods, note=mark("draft offer")),
        f"{name}.open": producers.SupplyOfferFactory(
            **goods, published=True, price_vnd=31_337_000 if name == "a" else 30_000_000
        ),
        f"{name}.second": producers.SupplyOfferFactory(**goods, published=True),
        f"{name}.withdrawn": producers.SupplyOfferFactory(
            **goods, note=mark("withdrawn offer"), status=OfferStatus.WITHDRAWN
        ),
    }


def _papers(at, name: str, producer, mark) -> None:
    at[f"{name}.paper"] = _paper(producer, mark, "submitted")
    at[f"{name}.returned"] = _paper(producer, mark, "returned", status=PaperStatus.RETURNED)
    at[f"{name}.verified"] = producers.PaperFactory(
        producer=producer, verified=True, kind=PaperKind.GROWING_AREA_CODE, market="VN",
        status_reason=mark("verified paper, reason"),
        evidence_url=f"https://vidu.example/{mark('verified paper, link')}",
    )  # fmt: skip


def _doors(at, name: str, owner, mark) -> None:
    """An invitation, an API key and a membership: what lets people and programs in."""
    at[f"{name}.invitation"] = people.InvitationFactory(
        organisation=at[name], email=f"{mark('invited').lower()}@vidu.example", invited_by=owner
    )
    mark.planted["invited"] = mark.planted["invited"].lower()
    at[f"{name}.key"] = services.create_api_key(
        organisation_id=at[name].pk, name=mark("name of an API key"), scopes=[ApiScope.READ],
        created_by_id=owner.pk,
    ).key  # fmt: skip
    at[f"{name}.membership"] = owner.own_membership


def _words(at) -> None:
    at["word"] = SynonymProposal.objects.create(
        term=f"cam thử {MARKUP}", term_key="cam thử", category=producers.category(),
        example=f"Cam thử {MARKUP}", organisation_ids=[at["a"].pk, at["b"].pk],
        province_ids=[at["a"].province_id],
    )  # fmt: skip
    at["decided word"] = SynonymProposal.objects.create(
        term="cam cũ", term_key="cam cũ", category=producers.category(), example="Cam cũ",
        organisation_ids=[at["a"].pk], province_ids=[at["a"].province_id],
        state=ProposalState.REJECTED, decided_at=clock.now(),
    )  # fmt: skip


def _lists(marks, at, users) -> None:
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


def _proposals(marks, at, users) -> None:
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


def _registers(marks, at, users, *, here) -> None:
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


def _buyers(marks, at) -> None:
    for name in "cd":
        mark = marks[name]
        group = buyers.BuyerGroupFactory(organisation=at[name], summary="Công khai")
        banner = buyers.BannerFactory(group=group, name=f"Siêu thị {name.upper()} {MARKUP}")
        outlet = buyers.OutletFactory(banner=banner, address=mark("outlet's address"))
        wanted = {"group": group, "delivery_province": people.province("01", name="Hà Nội")}
        at |= {
            f"{name}.banner": banner,
            f"{name}.outlet": outlet,
            f"{name}.draft": buyers.DemandRequestFactory(
                **wanted, words=mark("draft request"), note=mark("draft request, note")
            ),
            f"{name}.open": buyers.DemandRequestFactory(
                **wanted, published=True, category=producers.category(), words=f"cam sành {MARKUP}",
                price_ceiling_vnd_per_base=45_000,
            ),
            f"{name}.profile": buyers.RequirementProfileFactory(
                group=group, note=mark("draft requirements, note"), minimum_stars=3
            ),
            f"{name}.published": buyers.RequirementProfileFactory(
                group=group, category=producers.category(), published=True
            ),
            f"{name}.closed": buyers.DemandRequestFactory(
                **wanted, words=mark("closed request"), status=RequestStatus.CLOSED,
                closed_at=clock.now(), note=mark("closed request, note"),
            ),
        }  # fmt: skip


def _fairs(marks, at, users) -> None:
    for name in "ox":
        mark = marks[name]
        at[f"{name}.calling"] = fairs.FairFactory(
            organiser=at[name], calling=True, name=f"Hội chợ {name.upper()} {MARKUP}"
        )
        at[f"{name}.planned"] = fairs.FairFactory(
            organiser=at[name], name=mark("planned fair"), about=mark("planned fair, about")
        )
        fairs.DeadlineMarkFactory(fair=at[f"{name}.calling"], reference=mark("document number"))
    at["a.place"] = fairs.ParticipationFactory(
        fair=at["o.calling"], organisation=at["a"], note=marks["a"]("application, note"),
        showing=[at["a.product"]],
    )  # fmt: skip
    at["b.place"] = fairs.ParticipationFactory(
        fair=at["o.calling"], organisation=at["b"], reason=marks["b"]("application, reason"),
        status=ParticipationStatus.RETURNED,
    )  # fmt: skip


def _matches(marks, at, users) -> None:
    for offer in ("a.open", "a.second", "b.open"):
        refresh.refresh_matches_of_offer(offer_id=at[offer].pk)

    def found(offer: str, request: str) -> Match:
        return Match.objects.get(offer=at[offer], request=at[request])

    at["a×c"], at["a×d"], at["b×c"] = (
        found("a.open", "c.open"),
        found("a.open", "d.open"),
        found("b.open", "c.open"),
    )
    at["a×c agreed"], at["a×d declined"] = found("a.second", "c.open"), found("a.second", "d.open")
    for side, user in ((Side.PRODUCER, "a_owner"), (Side.BUYER, "c_owner")):
        voice = decisions.Voice(side=side, channel=Channel.PORTAL, user_id=users[user].pk)
        decisions.accept_match(match_id=at["a×c agreed"].pk, voice=voice)
    decisions.decline_match(
        match_id=at["a×d declined"].pk, reason=DeclineReason.OTHER,
        voice=decisions.Voice(
            side=Side.BUYER, channel=Channel.PORTAL, user_id=users["d_owner"].pk
        ),
        comment=marks["d"]("reason of a decline"),
    )  # fmt: skip


def _messages(marks, at, users) -> None:
    owner = users["a_owner"]
    notifications.notify(
        kind="match_proposed", user_id=owner.pk, dedupe_key="security", organisation_id=at["a"].pk,
        ref={"match_id": at["a×c"].pk},
    )  # fmt: skip
    at["a.notification"] = owner.notifications.get()
    at["mail link"] = matchmaking.mail_link_token(match_id=at["a×c"].pk, user_id=owner.pk)
    at["invitation token"] = accounts.invitation_token(at["a.invitation"])
    url = links.unsubscribe_url(user_id=owner.pk, topic="match")
    at["unsubscribe token"] = url.rstrip("/").rpartition("/")[2]


def _desk(here) -> dict[str, object]:
    administrator = people.UserFactory(is_staff=True)
    people.turn_on_totp(administrator)
    return {
        "officer": people.OfficerFactory(of=here),
        "officer_without_totp": people.OfficerFactory(
            of=here, of__sector=Sector.AGRICULTURE, second_factor=False
        ),
        "officer_elsewhere": people.OfficerFactory(of=people.province("27", name="Bắc Ninh")),
        "administrator": administrator,
    }


def _signed_in(name: str, user) -> Actor:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return Actor(name, cookies={key: morsel.value for key, morsel in client.cookies.items()})


def _keys(at, users) -> dict[str, Actor]:
    made = {}
    for owner, scope in (*itertools.product("ac", ApiScope), ("b", ApiScope.WRITE)):
        key = services.create_api_key(
            organisation_id=at[owner].pk, name="khóa", scopes=[scope],
            created_by_id=users[f"{owner}_owner"].pk,
        )  # fmt: skip
        name = f"{owner}_key_{scope.value}"
        made[name] = Actor(name, token=key.token)
    ApiKey.objects.update(last_used_on=clock.today())  # or each first call of the day writes it
    return made


def _vault(marks, at) -> None:
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
