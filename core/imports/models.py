"""Lists that were handed in, row by row: what each said, did, and how it can be taken back."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.imports.enums import ImportState, RowOutcome, RowState
from core.kernel import clock


class Import(models.Model):
    """One file handed in for one kind of list; kept with who, when and as of which day."""

    kind = models.CharField(max_length=40)
    organisation = models.ForeignKey(
        "accounts.Organisation", models.CASCADE, null=True, blank=True, related_name="+"
    )
    province = models.ForeignKey(
        "places.AdminUnit", models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_by = models.ForeignKey(
        "accounts.User", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)
    asked_at = models.DateTimeField(default=clock.now, editable=False)
    """When a person asked for the present step: handed in, said yes, or asked to undo."""
    file = models.FileField(upload_to="imports/%Y/%m")
    file_name = models.CharField(_("file"), max_length=150)
    file_sha256 = models.CharField(max_length=64)
    sheet = models.CharField(_("sheet"), max_length=60, blank=True)
    as_of = models.DateField(_("the list is of"))
    state = models.CharField(
        max_length=10, choices=ImportState.choices, default=ImportState.UPLOADED
    )
    problem = models.CharField(max_length=30, blank=True)
    problem_detail = models.CharField(max_length=500, blank=True)
    ignored_headers = models.JSONField(default=list)
    row_count = models.PositiveIntegerField(default=0)
    done_count = models.PositiveIntegerField(default=0)
    new_count = models.PositiveIntegerField(default=0)
    changed_count = models.PositiveIntegerField(default=0)
    unchanged_count = models.PositiveIntegerField(default=0)
    refused_count = models.PositiveIntegerField(default=0)
    applied_count = models.PositiveIntegerField(default=0)
    undone_count = models.PositiveIntegerField(default=0)
    kept_count = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation__isnull=True, province__isnull=False)
                | Q(organisation__isnull=False, province__isnull=True),
                name="import_has_one_owner",
            ),
            models.CheckConstraint(
                condition=Q(done_count__lte=models.F("row_count")), name="import_progress"
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "-id"], name="import_of_organisation"),
            models.Index(fields=["province", "-id"], name="import_of_province"),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_busy(self) -> bool:
        """Whether the service works on it now."""
        return self.state in BUSY

    @property
    def is_stoppable(self) -> bool:
        """Whether a person may stop it between two chunks."""
        return self.state in STOPPABLE

    @property
    def percent(self) -> int:
        """How far the present step is, 0 to 100."""
        return 100 * self.done_count // self.row_count if self.row_count else 0

    @property
    def to_do_count(self) -> int:
        """How many rows would change anything."""
        return self.new_count + self.changed_count

    @property
    def not_reached_count(self) -> int:
        """How many of these rows nobody has taken over."""
        return self.to_do_count - self.applied_count

    @property
    def standing_count(self) -> int:
        """How many rows that were taken over still stand and may be undone."""
        return self.applied_count - self.undone_count - self.kept_count


BUSY = frozenset(
    {ImportState.UPLOADED, ImportState.CHECKING, ImportState.APPLYING, ImportState.UNDOING}
)
STOPPABLE = frozenset(
    {ImportState.UPLOADED, ImportState.CHECKING, ImportState.CHECKED, ImportState.APPLYING}
)


class ImportPiece(models.Model):
    """Rows of a file that wait to be checked, as they came: [[number, {column: cell}], …].

    Gone when they are checked, or when nobody wants them checked any more.
    """

    of = models.ForeignKey(Import, models.CASCADE, related_name="pieces")
    rows = models.JSONField()

    class Meta:
        verbose_name = _("piece of an import")
        verbose_name_plural = _("pieces of imports")

    def __str__(self) -> str:
        return f"{self.of_id} · {self.pk}"


class ImportRow(models.Model):
    """One row of a file: its cells, what it comes to, what it wrote and how that looked before."""

    of = models.ForeignKey(Import, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    cells = models.JSONField()
    state = models.CharField(max_length=7, choices=RowState.choices, default=RowState.PLANNED)
    outcome = models.CharField(max_length=9, choices=RowOutcome.choices, blank=True)
    key = models.CharField(max_length=400, blank=True)
    label = models.CharField(max_length=200, blank=True)
    reasons = models.JSONField(default=list)
    changes = models.JSONField(default=list)
    ref = models.BigIntegerField(null=True, blank=True)
    mark = models.CharField(max_length=16, blank=True)
    before = models.JSONField(null=True, blank=True)

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of imports")
        constraints = [
            models.UniqueConstraint(fields=["of", "number"], name="import_row_once"),
        ]
        indexes = [
            models.Index(fields=["of", "state", "number"], name="import_row_to_do"),
            models.Index(fields=["of", "outcome", "number"], name="import_row_outcome"),
            models.Index(fields=["of", "key"], name="import_row_key", condition=~Q(key="")),
            models.Index(fields=["ref"], name="import_row_wrote", condition=Q(state="applied")),
        ]

    def __str__(self) -> str:
        return f"{self.number} · {self.label}"
