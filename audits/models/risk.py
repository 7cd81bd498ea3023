"""The risk register: risks as append-only revisions."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from core.ids import new_uuid
from registry.models import Workspace

FROM_ONE_TO_FIVE = (1, 2, 3, 4, 5)
SCORES = ("inherent_likelihood", "inherent_impact", "residual_likelihood", "residual_impact")


class Level(models.TextChoices):
    """How grave a risk is: of likelihood times impact."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


def level(likelihood: int, impact: int) -> Level:
    """Return the level of a place in the five by five matrix: up to 4 low, up to 9 medium, up to
    16 high, beyond critical."""
    score = likelihood * impact
    if score <= 4:
        return Level.LOW
    if score <= 9:
        return Level.MEDIUM
    return Level.HIGH if score <= 16 else Level.CRITICAL


class Risk(models.Model):
    """What may go wrong in a workspace, or in the organisation without one.

    All that is said of it stands in its revisions; ``current`` is the newest of them.
    """

    class Category(models.TextChoices):
        SAFETY = "safety"
        FUNDAMENTAL_RIGHTS = "fundamental_rights"
        FAIRNESS = "fairness"
        PRIVACY = "privacy"
        SECURITY = "security"
        ROBUSTNESS = "robustness"
        TRANSPARENCY = "transparency"
        COMPLIANCE = "compliance"
        SUPPLY_CHAIN = "supply_chain"
        OPERATIONAL = "operational"

    class Treatment(models.TextChoices):
        AVOID = "avoid"
        REDUCE = "reduce"
        TRANSFER = "transfer"
        ACCEPT = "accept"

    class State(models.TextChoices):
        OPEN = "open"
        TREATED = "treated"
        ACCEPTED = "accepted"
        CLOSED = "closed"

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    workspace = models.ForeignKey(
        Workspace, null=True, on_delete=models.PROTECT, related_name="risks"
    )
    current = models.OneToOneField(
        "audits.RiskRevision", null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["workspace", "-id"], name="risks_of_workspace")]

    def __str__(self) -> str:
        return self.current.title if self.current else str(self.uuid)


# What a revision may say of the state; accepting is a verb of its own.
MOVES = [(state.value, state.label) for state in Risk.State if state != Risk.State.ACCEPTED]


class RiskRevision(models.Model):
    """A risk as somebody left it, numbered from 1. The residual scores are those after treatment,
    null until somebody judged them. ``change`` names what was done, ``reason`` why."""

    class Change(models.TextChoices):
        CREATED = "created"
        REVISED = "revised"
        REVIEWED = "reviewed"
        ACCEPTED = "accepted"

    risk = models.ForeignKey(Risk, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    change = models.CharField(max_length=8, choices=Change.choices)
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    category = models.CharField(max_length=20, choices=Risk.Category.choices)
    inherent_likelihood = models.PositiveSmallIntegerField()
    inherent_impact = models.PositiveSmallIntegerField()
    residual_likelihood = models.PositiveSmallIntegerField(null=True)
    residual_impact = models.PositiveSmallIntegerField(null=True)
    treatment = models.CharField(max_length=8, choices=Risk.Treatment.choices, blank=True)
    treatment_reason = models.TextField(blank=True)
    owner = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")
    review_on = models.DateField()
    state = models.CharField(max_length=8, choices=Risk.State.choices)
    accepted_by = models.ForeignKey(
        "core.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.TextField(blank=True)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    made_by = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["risk", "number"], name="one_risk_revision_per_number"),
            models.CheckConstraint(condition=Q(number__gte=1), name="risk_revisions_from_one"),
            models.CheckConstraint(
                condition=Q(
                    inherent_likelihood__in=FROM_ONE_TO_FIVE, inherent_impact__in=FROM_ONE_TO_FIVE
                ),
                name="risk_inherent_from_one_to_five",
            ),
            models.CheckConstraint(
                condition=Q(residual_likelihood__isnull=True, residual_impact__isnull=True)
                | Q(residual_likelihood__in=FROM_ONE_TO_FIVE, residual_impact__in=FROM_ONE_TO_FIVE),
                name="risk_residual_from_one_to_five",
            ),
            models.CheckConstraint(
                condition=Q(treatment="", treatment_reason="")
                | (
                    Q(treatment__in=["avoid", "reduce", "transfer", "accept"])
                    & ~Q(treatment_reason="")
                ),
                name="risk_treatment_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "treated", "accepted", "closed"]), name="risk_state"
            ),
            models.CheckConstraint(
                condition=(
                    Q(state="accepted", treatment="accept", accepted_by__isnull=False)
                    & ~Q(accepted_by=F("owner"))
                )
                | (~Q(state="accepted") & Q(accepted_by__isnull=True)),
                name="nobody_accepts_their_own_risk",
            ),
            models.CheckConstraint(
                condition=~Q(state="treated") | ~Q(treatment=""), name="treated_by_a_treatment"
            ),
        ]
        indexes = [models.Index(fields=["risk", "-id"], name="revisions_of_risk")]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"

    @property
    def inherent(self) -> Level:
        """Return the level before treatment."""
        return level(self.inherent_likelihood, self.inherent_impact)

    @property
    def residual(self) -> Level | None:
        """Return the level after treatment, None until it was judged."""
        if self.residual_likelihood is None or self.residual_impact is None:
            return None
        return level(self.residual_likelihood, self.residual_impact)

    @property
    def place(self) -> tuple[int, int]:
        """Return likelihood and impact as they stand: after treatment where that was judged."""
        if self.residual_likelihood is None or self.residual_impact is None:
            return self.inherent_likelihood, self.inherent_impact
        return self.residual_likelihood, self.residual_impact

    @property
    def is_overdue(self) -> bool:
        """Tell whether its review is overdue today; a closed risk needs none."""
        return self.state != Risk.State.CLOSED and self.review_on < timezone.now().date()
