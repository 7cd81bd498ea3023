"""When an asset is to be evaluated again, and the requests that follow from it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.facts import Fact
from core.fields import CanonicalJSONField
from core.ids import new_uuid
from registry.models.asset import Asset
from registry.models.version import AssetVersion


class ReevaluationRule(Fact):
    """The version that ``alias`` names (the newest without one) is to be evaluated on the newest
    version of ``dataset``: when that is new, when a threshold is missed, or after so many days."""

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="reevaluation_rules")
    alias = models.CharField(max_length=200, blank=True)
    dataset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="+")
    thresholds = CanonicalJSONField()
    interval_days = models.PositiveIntegerField(null=True)
    set_by = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")

    class Meta(Fact.Meta):
        default_permissions = ()
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=["asset", "alias", "dataset"],
                condition=Q(valid_to__isnull=True),
                name="one_reevaluation_rule_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(interval_days__isnull=True) | Q(interval_days__gte=1),
                name="reevaluation_interval",
            ),
        ]


class ReevaluationRequest(models.Model):
    """A version is to be evaluated again, with the causes; closed by a result, or with a reason."""

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    rule = models.ForeignKey(ReevaluationRule, on_delete=models.PROTECT, related_name="requests")
    version = models.ForeignKey(AssetVersion, on_delete=models.PROTECT, related_name="+")
    dataset = models.ForeignKey(AssetVersion, on_delete=models.PROTECT, related_name="+")
    causes = CanonicalJSONField()
    opened_at = models.DateTimeField(default=timezone.now, editable=False)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(
        "core.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    result = models.ForeignKey(AssetVersion, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["rule"], condition=Q(closed_at__isnull=True), name="one_open_reevaluation"
            ),
        ]
