"""Who sells, who buys and where they meet, with what passes between them."""

from __future__ import annotations

from django.core.files.base import ContentFile

from buyers.enums import RequestStatus
from core.accounts import selectors as accounts
from core.accounts import services
from core.accounts.enums import ApiScope
from core.catalogue.enums import ProposalState
from core.catalogue.models import SynonymProposal
from core.kernel import clock
from core.notifications import services as notifications
from core.notifications.sending import links
from fairs.enums import ParticipationStatus
from matchmaking import selectors as matchmaking
from matchmaking.enums import Channel, DeclineReason, Side
from matchmaking.models import Match
from matchmaking.services import decisions, refresh
from producers.enums import (
    OfferStatus,
)
from tests.factories import accounts as people
from tests.factories import buyers, fairs, producers
from tests.integration.security.actors import MARKUP
from tests.integration.security.world_papers import PICTURE, papers_of


def sellers(marks, at, users) -> None:
    for name in "ab":
        producer = producers.ProducerFactory(
            organisation=at[name], summary=f"Công khai {MARKUP}", website="https://vidu.example/"
        )
        _goods(at, name, producer, marks[name])
        papers_of(at, name, producer, marks[name])
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
        term=f"cam thử {MARKUP}", term_key="cam thử", category=producers.crop(),
        example=f"Cam thử {MARKUP}", organisation_ids=[at["a"].pk, at["b"].pk],
        province_ids=[at["a"].province_id],
    )  # fmt: skip
    at["decided word"] = SynonymProposal.objects.create(
        term="cam cũ", term_key="cam cũ", category=producers.category(), example="Cam cũ",
        organisation_ids=[at["a"].pk], province_ids=[at["a"].province_id],
        state=ProposalState.REJECTED, decided_at=clock.now(),
    )  # fmt: skip


def buyers_of(marks, at) -> None:
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


def fairs_with_applications(marks, at, users) -> None:
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


def matches(marks, at, users) -> None:
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


def messages(marks, at, users) -> None:
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
