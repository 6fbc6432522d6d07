"""What producers do when something happened elsewhere."""

from __future__ import annotations

from core.accounts import selectors as accounts
from core.accounts.events import OrganisationApproved, OrganisationReturned, OrganisationSubmitted
from core.accounts.models import Organisation
from core.imports.enums import ImportState
from core.imports.events import ImportFinished
from core.imports.models import Import
from core.imports.services.chunks import context_of
from core.kernel import clock
from core.kernel.calendar import DayBegan
from core.notifications import services as notifications
from core.outbox.registry import Consumer
from producers import selectors, services
from producers.events import (
    PaperExpired,
    PaperExpiring,
    PaperOverdue,
    PaperProposed,
    PaperRenewed,
    PaperReopened,
    PaperReturned,
    PaperRevoked,
    PaperSuspended,
    PaperVerified,
    RegistryImported,
    RegistryPartCompared,
)
from producers.models import Paper, PaperProposal
from producers.resources import registries

Standing = OrganisationSubmitted | OrganisationApproved | OrganisationReturned
PaperDecision = PaperVerified | PaperReturned | PaperSuspended | PaperRevoked | PaperReopened
PaperEnding = PaperExpiring | PaperExpired


def register_approved(event: OrganisationApproved) -> None:
    if Organisation.objects.filter(pk=event.organisation_id, is_producer=True).exists():
        services.register_producer(organisation_id=event.organisation_id)


def reconsider_offers(event: Standing) -> None:
    services.reconsider_offers(producer_id=event.organisation_id)


def expire_offers(event: DayBegan) -> None:
    services.expire_offers(day=event.day)


def follow_papers(event: DayBegan) -> None:
    services.follow_papers(day=services.day_to_follow(event.day))


def watch_desk(event: DayBegan) -> None:
    services.watch_desk(day=services.day_to_follow(event.day))


def tell_papers_overdue(event: PaperOverdue) -> None:
    """Tell the officers of the province, once a day however many papers became overdue."""
    paper = Paper.objects.filter(pk=event.paper_id).select_related("producer__organisation").first()
    province_id = paper.producer.organisation.province_id if paper else None
    today = clock.today()
    for officer in accounts.officers_of(province_id) if province_id else ():
        notifications.notify(
            kind="papers_overdue",
            user_id=officer.pk,
            dedupe_key=f"papers_overdue:{today}:{officer.pk}",
            ref={"day": today.isoformat()},
        )


def tell_paper_decided(event: PaperDecision) -> None:
    _tell_holder("paper_decided", event.paper_id, version=event.version)


def tell_paper_expiring(event: PaperExpiring) -> None:
    _tell_holder("paper_expiring", event.paper_id, version=event.version, of=event.within_days)


def tell_paper_expired(event: PaperExpired) -> None:
    """Tell the holder, unless another paper goes on in its place."""
    if not Paper.objects.filter(selectors.is_renewed(), pk=event.paper_id).exists():
        _tell_holder("paper_expired", event.paper_id, version=event.version)


def tell_paper_renewed(event: PaperRenewed) -> None:
    _tell_holder("paper_renewed", event.paper_id, version=event.version, of=event.renewed_id)


def tell_paper_proposed(event: PaperProposed) -> None:
    """Tell the officers of the province who may confirm: all but the one who proposed."""
    proposal = PaperProposal.objects.select_related("paper__producer__organisation").get(
        pk=event.proposal_id
    )
    province_id = proposal.paper.producer.organisation.province_id
    officers = accounts.officers_of(province_id) if province_id else ()
    for officer in officers:
        if officer.pk != proposal.proposed_by_id:
            notifications.notify(
                kind="paper_proposed",
                user_id=officer.pk,
                dedupe_key=f"paper_proposed:{proposal.pk}:{officer.pk}",
                ref={"proposal_id": proposal.pk},
            )


def compare_registry(event: RegistryImported | RegistryPartCompared) -> None:
    services.compare_part(list_id=event.list_id, version=event.version)


def finish_registry(event: ImportFinished) -> None:
    """Have a register compared once its file was taken in, wholly or until somebody stopped."""
    kind = registries.kind_of(event.kind)
    if kind is None or event.state not in {ImportState.APPLIED, ImportState.CANCELLED}:
        return
    found = Import.objects.filter(pk=event.import_id).first()
    if found is not None and found.province_id is not None:
        services.finish_list_of(values=kind.list_of(context_of(found)))


def compare_newcomer(event: OrganisationApproved) -> None:
    services.compare_newcomer(organisation_id=event.organisation_id)


def _tell_holder(kind: str, paper_id: int, *, version: int, of: int | None = None) -> None:
    paper = Paper.objects.filter(pk=paper_id).first()
    if paper is None:
        return
    told = f"{kind}:{paper_id}:{version}" + ("" if of is None else f":{of}")
    for user in accounts.members_to_tell(paper.producer_id):
        notifications.notify(
            kind=kind,
            user_id=user.pk,
            dedupe_key=f"{told}:{user.pk}",
            ref={"paper_id": paper_id, "version": version, "of": of},
            organisation_id=paper.producer_id,
        )


CONSUMERS = (
    Consumer("producers.register_approved", (OrganisationApproved,), register_approved),
    Consumer(
        "producers.reconsider_offers",
        (OrganisationSubmitted, OrganisationApproved, OrganisationReturned),
        reconsider_offers,
    ),
    Consumer("producers.expire_offers", (DayBegan,), expire_offers),
    Consumer("producers.follow_papers", (DayBegan,), follow_papers),
    Consumer("producers.watch_desk", (DayBegan,), watch_desk),
    Consumer("producers.tell_papers_overdue", (PaperOverdue,), tell_papers_overdue),
    Consumer(
        "producers.tell_paper_decided",
        (PaperVerified, PaperReturned, PaperSuspended, PaperRevoked, PaperReopened),
        tell_paper_decided,
    ),
    Consumer("producers.tell_paper_expiring", (PaperExpiring,), tell_paper_expiring),
    Consumer("producers.tell_paper_expired", (PaperExpired,), tell_paper_expired),
    Consumer("producers.tell_paper_renewed", (PaperRenewed,), tell_paper_renewed),
    Consumer("producers.tell_paper_proposed", (PaperProposed,), tell_paper_proposed),
    Consumer(
        "producers.compare_registry", (RegistryImported, RegistryPartCompared), compare_registry
    ),
    Consumer("producers.finish_registry", (ImportFinished,), finish_registry),
    Consumer("producers.compare_newcomer", (OrganisationApproved,), compare_newcomer),
)
