"""Fairs and applications for tests: ahead of us, and as far along as told."""

from __future__ import annotations

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from core.accounts.enums import OrganisationKind
from core.kernel import clock
from core.kernel.text import fold
from fairs.enums import FairKind, FairPhase, ParticipationStatus
from fairs.models import DeadlineMark, Fair, Participation
from tests.factories.accounts import OrganisationFactory, province


def days_from_now(days: int) -> dt.date:
    """Return the day so many days from today."""
    return clock.today() + dt.timedelta(days=days)


class FairFactory(DjangoModelFactory):
    """A planned OCOP fair of 100 booths in Quảng Ninh, open in 100 days for a week."""

    class Meta:
        model = Fair
        skip_postgeneration_save = True

    class Params:
        calling = factory.Trait(
            phase=FairPhase.CALLING, announced_at=factory.LazyFunction(clock.now)
        )
        reviewing = factory.Trait(
            phase=FairPhase.REVIEWING, announced_at=factory.LazyFunction(clock.now)
        )
        running = factory.Trait(
            phase=FairPhase.RUNNING,
            announced_at=factory.LazyFunction(clock.now),
            opens_on=factory.LazyFunction(lambda: days_from_now(-2)),
            applications_from=factory.LazyFunction(lambda: days_from_now(-60)),
            applications_to=factory.LazyFunction(lambda: days_from_now(-30)),
        )
        cancelled = factory.Trait(phase=FairPhase.CANCELLED, phase_reason="Bão số 3")

    organiser = factory.SubFactory(
        OrganisationFactory,
        is_producer=False,
        is_organiser=True,
        kind=OrganisationKind.ORGANISER,
        name=factory.Sequence(lambda n: f"Trung tâm Xúc tiến thử {n}"),
    )
    kind = FairKind.OCOP_FAIR
    name = factory.Sequence(lambda n: f"Hội chợ OCOP thử nghiệm {n}")
    name_folded = factory.LazyAttribute(lambda o: fold(o.name))
    province = factory.LazyFunction(province)
    venue_name = "Cung Quy hoạch, Hội chợ và Triển lãm"
    opens_on = factory.LazyFunction(lambda: days_from_now(100))
    closes_on = factory.LazyAttribute(lambda o: o.opens_on + dt.timedelta(days=6))
    applications_from = factory.LazyFunction(lambda: days_from_now(-5))
    applications_to = factory.LazyFunction(lambda: days_from_now(25))
    booth_quota = 100

    @factory.post_generation
    def co_hosts(self, create, extracted, **kwargs):
        if create and extracted:
            self.co_provinces.set(extracted)


class ParticipationFactory(DjangoModelFactory):
    """An application that waits, for one booth."""

    class Meta:
        model = Participation
        skip_postgeneration_save = True

    class Params:
        approved = factory.Trait(
            status=ParticipationStatus.APPROVED,
            booths_granted=factory.SelfAttribute("booths_wanted"),
            decided_at=factory.LazyFunction(clock.now),
        )

    fair = factory.SubFactory(FairFactory, calling=True)
    organisation = factory.SubFactory(OrganisationFactory)
    booths_wanted = 1

    @factory.post_generation
    def showing(self, create, extracted, **kwargs):
        if create and extracted:
            self.products.set(extracted)


class DeadlineMarkFactory(DjangoModelFactory):
    """A registration recorded today."""

    class Meta:
        model = DeadlineMark

    fair = factory.SubFactory(FairFactory)
    code = "register"
    done_on = factory.LazyFunction(clock.today)
    reference = "123/SCT-QLTM"
