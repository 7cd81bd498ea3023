"""What was told of exemptions and attestations that are about to expire."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from policies.models.attestation import Attestation
from policies.models.exemption import Exemption


class ExpiryWarning(models.Model):
    """One warning, ``days`` before an exemption or an attestation expires: told once."""

    exemption = models.ForeignKey(
        Exemption, null=True, on_delete=models.PROTECT, related_name="expiry_warnings"
    )
    attestation = models.ForeignKey(
        Attestation, null=True, on_delete=models.PROTECT, related_name="expiry_warnings"
    )
    days = models.PositiveSmallIntegerField()
    warned_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(exemption__isnull=False, attestation__isnull=True)
                | Q(exemption__isnull=True, attestation__isnull=False),
                name="warning_of_exemption_or_attestation",
            ),
            models.UniqueConstraint(fields=["exemption", "days"], name="one_warning_of_exemption"),
            models.UniqueConstraint(
                fields=["attestation", "days"], name="one_warning_of_attestation"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.days} days before {self.exemption or self.attestation}"
