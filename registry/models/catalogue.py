"""The catalogue: one row per asset, a projection that a consumer of the journal keeps."""

from __future__ import annotations

from django.db import models

from registry.kinds import KINDS
from registry.models.asset import Asset
from registry.models.version import AssetVersion
from registry.models.workspace import Workspace

MAX_FACT = 200
# What a search may ask for: each is found by itself where it is rare.
FACTS = (
    "task",
    "provider",
    "license",
    "risk_tier",
    "source_type",
    "lifecycle",
    "card_status",
    "scan_verdict",
)
MAX_LABEL = 451  # key of a tag, a colon, the indexed head of its value


class CatalogueEntry(models.Model):
    """What an asset is now, by its newest version that nobody deleted.

    Who may read it is asked of the workspace at every reading. ``as_of_seq`` is the place in the
    journal up to which the row tells everything. ``name_words`` and ``prose`` are searched.
    ``price`` is the dearest of what the spec asks for a million tokens.
    """

    asset = models.OneToOneField(
        Asset, on_delete=models.CASCADE, primary_key=True, related_name="catalogue_entry"
    )
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    version = models.ForeignKey(AssetVersion, null=True, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, choices=[(k.slug, k.label) for k in KINDS.values()])
    name = models.CharField(max_length=200)
    name_words = models.TextField(blank=True)
    summary = models.TextField(blank=True)
    prose = models.TextField(blank=True)
    task = models.CharField(max_length=MAX_FACT, blank=True)
    provider = models.CharField(max_length=MAX_FACT, blank=True)
    license = models.CharField(max_length=MAX_FACT, blank=True)
    risk_tier = models.CharField(max_length=MAX_FACT, blank=True)
    source_type = models.CharField(max_length=MAX_FACT, blank=True)
    parameters = models.BigIntegerField(null=True)
    context_length = models.BigIntegerField(null=True)
    price = models.DecimalField(max_digits=24, decimal_places=12, null=True)
    currency = models.CharField(max_length=3, blank=True)
    card_status = models.CharField(max_length=20, blank=True)
    lifecycle = models.CharField(max_length=10)
    scan_verdict = models.CharField(max_length=12)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    as_of_seq = models.BigIntegerField()

    class Meta:
        default_permissions = ()
        verbose_name_plural = "catalogue entries"
        indexes = [
            models.Index(fields=["name", "asset"], name="catalogue_by_name"),
            models.Index(fields=["-updated_at", "-asset"], name="catalogue_freshest_first"),
            models.Index(fields=["-created_at", "-asset"], name="catalogue_newest_first"),
            models.Index(fields=["kind", "task"], name="catalogue_by_kind_and_task"),
            models.Index(fields=["currency", "price"], name="catalogue_by_price"),
            models.Index(fields=["parameters"], name="catalogue_by_parameters"),
            models.Index(fields=["context_length"], name="catalogue_by_context_length"),
            models.Index(fields=["workspace", "name", "asset"], name="catalogue_place_by_name"),
            models.Index(
                fields=["workspace", "-updated_at", "-asset"], name="catalogue_place_freshest"
            ),
            models.Index(
                fields=["workspace", "-created_at", "-asset"], name="catalogue_place_newest"
            ),
            *(models.Index(fields=[fact], name=f"catalogue_by_{fact}") for fact in FACTS),
        ]

    def __str__(self) -> str:
        return f"{self.kind}/{self.name}"


class CatalogueLabel(models.Model):
    """One of several values that an entry has of a field: a tag, an alias, a modality, a name
    that it bore."""

    class Field(models.TextChoices):
        TAG = "tag"
        ALIAS = "alias"
        MODALITY = "modality"
        FORMER_NAME = "former_name"

    entry = models.ForeignKey(CatalogueEntry, on_delete=models.CASCADE, related_name="labels")
    field = models.CharField(max_length=12, choices=Field.choices)
    value = models.CharField(max_length=MAX_LABEL)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["entry", "field", "value"], name="one_label_per_value"),
        ]
        indexes = [models.Index(fields=["field", "value"], name="catalogue_labels_by_value")]

    def __str__(self) -> str:
        return f"{self.field} {self.value}"


class CatalogueMetric(models.Model):
    """The last value of a metric of an entry's version, in the workspace where it was measured:
    only its readers see it."""

    entry = models.ForeignKey(CatalogueEntry, on_delete=models.CASCADE, related_name="metrics")
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    version = models.ForeignKey(AssetVersion, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    evaluator = models.CharField(max_length=200, blank=True)
    value = models.FloatField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "workspace", "name", "evaluator"],
                name="one_last_value_per_metric",
            ),
        ]
        indexes = [models.Index(fields=["name", "value"], name="catalogue_metrics_by_value")]

    def __str__(self) -> str:
        return f"{self.name}={self.value}"


class CatalogueText(models.Model):
    """The words of an entry: a table of SQLite's FTS5, or a column of PostgreSQL's tsvector.

    The table is made by a migration, and both databases call the searched column like the table.
    """

    entry = models.OneToOneField(
        CatalogueEntry,
        on_delete=models.DO_NOTHING,
        primary_key=True,
        db_column="rowid",
        related_name="text",
    )
    everything = models.TextField(db_column="registry_cataloguetext")

    class Meta:
        managed = False
        db_table = "registry_cataloguetext"
        default_permissions = ()
