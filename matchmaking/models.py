"""Who should talk to whom, why, and what they said."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.kernel import clock
from matchmaking.engine.readiness import NAMEABLE
from matchmaking.enums import Channel, DeclineReason, MatchStatus, ShownBy, Side, Verdict

FULL_SCORE = 10_000
MAX_ID = 2**62
"""No row has a larger id; asking for one would only overflow the column."""


class Ruleset(models.Model):
    """Weights and limits of scoring as data; a published version never changes."""

    version = models.PositiveIntegerField(unique=True)
    rules = models.JSONField()
    note = models.CharField(max_length=300, blank=True)
    is_active = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name = _("ruleset")
        verbose_name_plural = _("rulesets")
        constraints = [
            models.UniqueConstraint(
                fields=["is_active"], name="ruleset_active_once", condition=Q(is_active=True)
            ),
        ]

    def __str__(self) -> str:
        return f"v{self.version}"


class Match(models.Model):
    """One offer and one request that fit, with all that is needed to score them again.

    `supply` and `demand` are the engine's inputs as they stood, `pair` the freight facts between
    them, `parts` the points of each criterion; their sum is `score`, in basis points (0–10,000).
    """

    offer = models.ForeignKey("producers.SupplyOffer", models.CASCADE, related_name="matches")
    request = models.ForeignKey("buyers.DemandRequest", models.CASCADE, related_name="matches")
    producer = models.ForeignKey("producers.Producer", models.CASCADE, related_name="matches")
    group = models.ForeignKey("buyers.BuyerGroup", models.CASCADE, related_name="matches")
    status = models.CharField(
        max_length=10, choices=MatchStatus.choices, default=MatchStatus.PROPOSED
    )
    score = models.PositiveSmallIntegerField()
    parts = models.JSONField()
    supply = models.JSONField()
    demand = models.JSONField()
    pair = models.JSONField()
    refusals = models.JSONField(default=list, blank=True)
    ruleset = models.ForeignKey(Ruleset, models.PROTECT, related_name="matches")
    offer_version = models.PositiveIntegerField()
    request_version = models.PositiveIntegerField()
    producer_verdict = models.CharField(
        max_length=10, choices=Verdict.choices, default=Verdict.PENDING
    )
    buyer_verdict = models.CharField(
        max_length=10, choices=Verdict.choices, default=Verdict.PENDING
    )
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    changed_at = models.DateTimeField(default=clock.now)
    agreed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("match")
        verbose_name_plural = _("matches")
        constraints = [
            models.UniqueConstraint(fields=["offer", "request"], name="match_pair_once"),
            models.CheckConstraint(condition=Q(score__lte=10_000), name="match_score_range"),
            models.CheckConstraint(
                condition=~Q(status="agreed")
                | (Q(producer_verdict="accepted") & Q(buyer_verdict="accepted")),
                name="match_agreed_by_both",
            ),
            models.CheckConstraint(condition=~Q(producer=F("group_id")), name="match_two_parties"),
        ]
        indexes = [
            models.Index(fields=["producer", "status", "-score", "id"], name="match_of_producer"),
            models.Index(fields=["group", "status", "-score", "id"], name="match_of_group"),
            models.Index(fields=["request", "-score", "id"], name="match_of_request"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def share(self) -> float:
        """The score as a share in [0, 1]."""
        return self.score / FULL_SCORE

    @property
    def is_answered(self) -> bool:
        """Whether a side has accepted: people are dealing with it."""
        return Verdict.ACCEPTED in {self.producer_verdict, self.buyer_verdict}

    def verdict_of(self, side: Side) -> Verdict:
        """Return what a side has said so far."""
        return Verdict(self.producer_verdict if side == Side.PRODUCER else self.buyer_verdict)

    def organisation_id_of(self, side: Side) -> int:
        """Return the organisation that speaks for a side."""
        owner = self.producer_id if side == Side.PRODUCER else self.group_id
        return int(owner)


class Decision(models.Model):
    """One side's word on a match; rows are only added.

    `missing` is what a buyer who declines for papers says it misses, as codes of readiness.
    """

    match = models.ForeignKey(Match, models.CASCADE, related_name="decisions")
    side = models.CharField(max_length=10, choices=Side.choices)
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    reason = models.CharField(max_length=16, choices=DeclineReason.choices, blank=True)
    comment = models.CharField(_("comment"), max_length=500, blank=True)
    missing = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    decided_by = models.ForeignKey(
        "accounts.User", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        constraints = [
            models.CheckConstraint(
                condition=~Q(verdict="declined") | ~Q(reason=""), name="decision_declined_says_why"
            ),
            models.CheckConstraint(
                condition=Q(missing=[])
                | Q(
                    side="buyer",
                    verdict="declined",
                    reason="papers",
                    missing__contained_by=list(NAMEABLE),
                ),
                name="decision_misses_known_papers",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_side_display()}: {self.get_verdict_display()}"


class Impression(models.Model):
    """A match that a list or a mail showed one side on a day; of whom at that side is not kept.

    `place` is the first one of that day, from 1; a mail about one match shows it in the first.
    """

    match = models.ForeignKey(
        Match, models.CASCADE, related_name="impressions", db_index=False
    )  # the constraint begins with it
    side = models.CharField(max_length=10, choices=Side.choices)
    channel = models.CharField(max_length=10, choices=ShownBy.choices)
    place = models.PositiveSmallIntegerField()
    shown_on = models.DateField()

    class Meta:
        verbose_name = _("impression")
        verbose_name_plural = _("impressions")
        constraints = [
            models.UniqueConstraint(
                fields=["match", "side", "channel", "shown_on"], name="impression_once_a_day"
            ),
            models.CheckConstraint(condition=Q(place__gte=1), name="impression_place_from_1"),
        ]
        indexes = [models.Index(fields=["shown_on"], name="impression_by_day")]

    def __str__(self) -> str:
        return f"{self.match_id}: {self.place}"


class Shortfall(models.Model):
    """How far a producer lies below the average of what buyers were shown lately, in 1/10,000.

    Counted once a day from the impressions; who was not shown at all has no row and lacks all.
    """

    producer = models.OneToOneField(
        "producers.Producer", models.CASCADE, primary_key=True, related_name="shortfall"
    )
    share = models.PositiveSmallIntegerField()
    counted_on = models.DateField()

    class Meta:
        verbose_name = _("shortfall of exposure")
        verbose_name_plural = _("shortfalls of exposure")
        constraints = [
            models.CheckConstraint(condition=Q(share__lte=10_000), name="shortfall_is_a_share")
        ]

    def __str__(self) -> str:
        return f"{self.producer_id}: {self.share}"


class ScoredGround(models.Model):
    """Roads and pacts that every stored match was scored on; there is one row.

    Compared with those of now it tells which pairs a change touches, however many links changed
    since, and in whatever order they were told.
    """

    ONLY = 1

    name = models.TextField()
    nodes = models.JSONField()
    links = models.JSONField()
    pacts = models.JSONField()
    scored_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("scored ground")
        verbose_name_plural = _("scored grounds")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="scored_ground_once")]

    def __str__(self) -> str:
        return str(self.scored_at)


class _Ranking(models.Model):
    """The best partners of one offer or request, packed; best first, then lowest id.

    A list is a thing of its own beside matches: it says who would fit best now, a match what two
    sides know and said. `part` is the shard that keeps the row. `partner_ids` are int64 and
    `scores` uint16, both big-endian, which PostgreSQL reads by a cast. `inputs` are the engine's
    columns of that version as `rankings.packing` wrote them; empty: read the facts.
    """

    part = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField()
    # Rulesets are never deleted; asked of the database row by row, that costs a third of storing.
    ruleset = models.ForeignKey(
        Ruleset, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    count = models.PositiveSmallIntegerField()
    horizon = models.BigIntegerField()
    """As of which the row last changed: every transaction below it was seen."""
    ranked_at = models.DateTimeField(default=clock.now)
    inputs = models.BinaryField(blank=True)
    partner_ids = models.BinaryField(blank=True)
    scores = models.BinaryField(blank=True)

    class Meta:
        abstract = True


class OfferRanking(_Ranking):
    """The best requests of one open offer."""

    offer = models.OneToOneField(
        "producers.SupplyOffer", models.CASCADE, primary_key=True, related_name="ranking"
    )

    class Meta:
        verbose_name = _("ranking of an offer")
        verbose_name_plural = _("rankings of offers")

    def __str__(self) -> str:
        return f"#{self.offer_id}: {self.count}"


class RequestRanking(_Ranking):
    """The best offers of one open request among those of one shard."""

    pk = models.CompositePrimaryKey("request_id", "part")
    request = models.ForeignKey(
        "buyers.DemandRequest", models.CASCADE, related_name="rankings", db_index=False
    )

    class Meta:
        verbose_name = _("ranking of a request")
        verbose_name_plural = _("rankings of requests")

    def __str__(self) -> str:
        return f"#{self.request_id}: {self.count}"


class MarketState(models.Model):
    """How far the stored rankings of a shard have come: written with them, never apart."""

    shard = models.PositiveSmallIntegerField(primary_key=True)
    horizon = models.BigIntegerField()
    """Every transaction below it is in the rankings; those at or above it are to be read again."""
    cluster = models.CharField(max_length=64, blank=True)
    """Who counted the transactions: numbers of another cluster say nothing here."""
    ruleset = models.ForeignKey(Ruleset, models.PROTECT, related_name="+", db_index=False)
    ground = models.TextField(blank=True)
    """Name of the roads and pacts that all rankings were made on."""
    facts = models.CharField(max_length=64, blank=True)
    """Names what stored inputs rest on besides offers, requests and papers."""
    settled_at = models.DateTimeField(default=clock.now)
    began_at = models.DateTimeField(default=clock.now)
    """When everything was last read from the beginning; a market of before it is out of date."""

    class Meta:
        verbose_name = _("state of a market")
        verbose_name_plural = _("states of markets")

    def __str__(self) -> str:
        return f"{self.shard}: {self.horizon}"
