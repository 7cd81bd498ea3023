"""What risks are about, and who was reminded of them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from audits.models.finding import Finding
from audits.models.framework import MAX_CONTROL, MAX_NAME
from audits.models.risk import Risk
from core.facts import Fact
from core.ids import new_uuid
from policies.models import Exemption
from registry.models import Asset, AssetVersion, Workspace

THINGS = ("asset", "version", "finding", "exemption")
KINDS = [(kind, kind) for kind in (*THINGS, "control")]


def _only(thing: str) -> Q:
    """The condition that a link leads to that thing alone; to a control where it is empty."""
    condition = Q(workspace__isnull=not thing)
    for name in THINGS:
        condition &= Q(**{f"{name}__isnull": name != thing})
    return condition & (Q(control="") if thing else ~Q(control=""))


class RiskLink(Fact):
    """What a risk is about, or is treated by: exactly one thing. ``workspace`` is that of the
    thing; a control has none."""

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    risk = models.ForeignKey(Risk, on_delete=models.PROTECT, related_name="links")
    workspace = models.ForeignKey(Workspace, null=True, on_delete=models.PROTECT, related_name="+")
    asset = models.ForeignKey(Asset, null=True, on_delete=models.PROTECT, related_name="risk_links")
    version = models.ForeignKey(
        AssetVersion, null=True, on_delete=models.PROTECT, related_name="risk_links"
    )
    finding = models.ForeignKey(
        Finding, null=True, on_delete=models.PROTECT, related_name="risk_links"
    )
    exemption = models.ForeignKey(
        Exemption, null=True, on_delete=models.PROTECT, related_name="risk_links"
    )
    framework = models.CharField(max_length=MAX_NAME, blank=True)
    control = models.CharField(max_length=MAX_CONTROL, blank=True)
    linked_by = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")
    ended_by = models.ForeignKey("core.User", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Fact.Meta):
        default_permissions = ()
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                condition=_only("asset")
                | _only("version")
                | _only("finding")
                | _only("exemption")
                | (_only("") & ~Q(framework="")),
                name="risk_link_to_one_thing",
            ),
            *[
                models.UniqueConstraint(
                    fields=["risk", name],
                    condition=Q(valid_to__isnull=True, **{f"{name}__isnull": False}),
                    name=f"one_open_risk_link_per_{name}",
                )
                for name in THINGS
            ],
            models.UniqueConstraint(
                fields=["risk", "framework", "control"],
                condition=Q(valid_to__isnull=True) & ~Q(control=""),
                name="one_open_risk_link_per_control",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.risk_id}"

    @property
    def kind(self) -> str:
        """Return what the risk is linked to: asset, version, finding, exemption or control."""
        for name in THINGS:
            if getattr(self, f"{name}_id") is not None:
                return name
        return "control"


class RiskReminder(models.Model):
    """That a risk's owner was told of a review that is overdue, once for each date."""

    risk = models.ForeignKey(Risk, on_delete=models.PROTECT, related_name="reminders")
    review_on = models.DateField()
    told_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["risk", "review_on"], name="reminded_once_per_date"),
        ]

    def __str__(self) -> str:
        return f"{self.risk_id} {self.review_on}"
