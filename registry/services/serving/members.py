"""Which versions a deployment may have served: the members of any of its revisions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.canonical import is_digest
from core.errors import InvalidInput
from registry.models import Deployment, DeploymentMember

if TYPE_CHECKING:
    from registry.models import AssetVersion


class Members:
    """Finds members by digest, by id or by reference, at the cost of one query.

    Of versions of equal content the one that was deployed last is meant.
    """

    def __init__(self, deployment: Deployment) -> None:
        self._reference = deployment.reference
        self._found: dict[str, AssetVersion] = {}
        members = DeploymentMember.objects.filter(revision__deployment=deployment)
        related = members.select_related("version__asset__workspace").order_by("revision__number")
        for member in related:
            version = member.version
            asset = version.asset
            reference = f"{asset.workspace.slug}/{asset.kind}/{asset.name}/{version.number}"
            for key in (version.digest, str(version.uuid), reference):
                self._found[key] = version

    def version(self, text: str, *, field: str) -> AssetVersion:
        """Return the member that ``text`` names; raises InvalidInput of ``field`` for none."""
        if found := self._found.get(text):
            return found
        what = "with this digest" if is_digest(text) else f"called {text[:200]!r}"
        raise InvalidInput.of(field, f"no revision of {self._reference} has a member {what}")
