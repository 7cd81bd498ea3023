"""Who signed a version, as far as its workspace trusts them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import OuterRef, Subquery

from registry.models import SignatureVerification, TrustedKey

if TYPE_CHECKING:
    from registry.models import AssetVersion


def verified_signers(version: AssetVersion) -> list[str]:
    """Return the fingerprints (``sha256:…``) of keys whose signature of the version, whose asset
    is loaded, was verified and whom its workspace trusts now; sorted."""
    newest = (
        SignatureVerification.objects.filter(signature=OuterRef("signature"))
        .order_by("-id")
        .values("pk")[:1]
    )
    signers = SignatureVerification.objects.filter(
        signature__version=version,
        status=SignatureVerification.Status.VERIFIED,
        pk=Subquery(newest),
    ).values("signer")
    trusted = TrustedKey.objects.as_of(None).filter(workspace=version.asset.workspace_id)
    fingerprints = trusted.filter(fingerprint__in=signers).values_list("fingerprint", flat=True)
    return sorted(fingerprints)
