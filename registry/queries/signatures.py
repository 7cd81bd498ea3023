"""Who signed a version, as far as its workspace trusts them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import OuterRef, Prefetch, Subquery

from registry import access
from registry.models import ModelSignature, SignatureVerification, TrustedKey
from registry.queries.versions import version_by_uuid

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from core.actors import Actor
    from registry.models import AssetVersion


def visible_keys(actor: Actor) -> QuerySet[TrustedKey]:
    """Return the keys that are or were trusted by workspaces that ``actor`` may see."""
    keys = TrustedKey.objects.filter(access.in_reach(actor))
    return keys.select_related("workspace", "set_by")


def signatures_of(actor: Actor, version: UUID) -> QuerySet[ModelSignature]:
    """Return the signatures of a version with their verifications, newest first.

    Raises NotFound for a missing or foreign version.
    """
    found = version_by_uuid(actor, version)
    newest = SignatureVerification.objects.order_by("-id")
    return (
        ModelSignature.objects.filter(version=found)
        .select_related("added_by")
        .prefetch_related(Prefetch("verifications", queryset=newest))
    )


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
