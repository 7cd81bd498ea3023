"""What may change about versions, as it was at a time: the present, less what was done since.

Names, descriptions and tags are rows that change; the journal has each change with what was there
before it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.conf import settings

from audits.dossiers.subjects import Tag
from core.journal import decode
from core.models import JournalEntry
from core.references import Reference
from registry.models import AssetTag, VersionDetails, VersionTag

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from registry.models import AssetVersion, Workspace

RENAMED = "registry.asset.renamed"
CHANGED = (
    "registry.asset_tag.set",
    "registry.asset_tag.removed",
    "registry.version_tag.set",
    "registry.version_tag.removed",
    "registry.asset.described",
    "registry.version.described",
    "registry.workspace.changed",
)
Body = dict[str, Any]


@dataclass
class Past:
    """Versions as they were at ``at``."""

    at: datetime
    renamings: dict[str, list[tuple[datetime, Body]]] = field(default_factory=dict)
    changes: list[Body] = field(default_factory=list)
    descriptions: dict[int, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, versions: Sequence[AssetVersion], *, at: datetime) -> Past:
        """Read what is needed to tell of ``versions``, whose assets and workspaces are loaded; of
        the first also its tags. A constant number of queries."""
        past = cls(at)
        past._read_names()
        past._read_texts(versions)
        past._read_changes(versions)
        return past

    def _read_names(self) -> None:
        # Of all assets, for there are few: what is named along the way is not known yet.
        for entry in JournalEntry.objects.filter(action=RENAMED).order_by("id"):
            body = decode(entry)
            about = self.renamings.setdefault(body["data"]["asset"], [])
            about.append((entry.occurred_at, body))

    def _read_texts(self, versions: Sequence[AssetVersion]) -> None:
        details = VersionDetails.objects.filter(version__in=versions)
        self.descriptions = dict(details.values_list("version_id", "description"))
        root = versions[0]
        self.tags = dict(AssetTag.objects.filter(asset=root.asset_id).values_list("key", "value"))
        self.tags |= dict(VersionTag.objects.filter(version=root).values_list("key", "value"))

    def _read_changes(self, versions: Sequence[AssetVersion]) -> None:
        subjects = {versions[0].asset.workspace.slug}
        for version in versions:
            subjects |= {str(each).rpartition("/")[0] for each in self._references(version)}
            subjects |= self.uris(version)
        since = JournalEntry.objects.filter(
            subject__in=subjects, action__in=CHANGED, occurred_at__gt=self.at
        )
        self.changes = [decode(entry) for entry in since.order_by("-id")]

    def name(self, version: AssetVersion) -> str:
        """Return what the asset was called."""
        for at, body in self.renamings.get(str(version.asset.uuid), ()):
            if at > self.at:
                return str(body["before"]["name"])
        return version.asset.name

    def reference(self, version: AssetVersion) -> Reference:
        """Return the reference that the version had."""
        asset = version.asset
        return Reference(asset.workspace.slug, asset.kind, self.name(version), version.number)

    def uri(self, version: AssetVersion) -> str:
        """Return the full reference that the version had."""
        return self.reference(version).full(settings.INSTANCE)

    def _references(self, version: AssetVersion) -> list[Reference]:
        asset = version.asset
        names = {asset.name}
        names |= {body["before"]["name"] for _, body in self.renamings.get(str(asset.uuid), ())}
        place = asset.workspace.slug
        return [Reference(place, asset.kind, name, version.number) for name in sorted(names)]

    def uris(self, version: AssetVersion) -> set[str]:
        """Return the full references that the version ever had."""
        return {each.full(settings.INSTANCE) for each in self._references(version)}

    def stage(self, workspace: Workspace) -> str:
        """Return the stage that the workspace was at."""
        found = workspace.stage
        for body in self._undone("registry.workspace.changed"):
            if body["subject"]["ref"] == workspace.slug:
                found = body["before"].get("stage", found)
        return found

    def description(self, version: AssetVersion) -> str:
        """Return the description of the version, else of its asset."""
        own = self.descriptions.get(version.pk, "")
        for body in self._undone("registry.version.described"):
            if body["data"]["version"] == str(version.uuid):
                own = text_of(body["before"])
        whole = version.asset.description
        for body in self._undone("registry.asset.described"):
            if body["data"]["asset"] == str(version.asset.uuid):
                whole = text_of(body["before"])
        return own or whole

    def tags_of(self, version: AssetVersion) -> tuple[Tag, ...]:
        """Return the tags of the first of the versions and of its asset, sorted."""
        found = dict(self.tags)
        owners = {str(version.uuid), str(version.asset.uuid)}
        for body in self.changes:
            if "_tag." not in body["action"]:
                continue
            data = body["data"]
            if data.get("version", data.get("asset")) not in owners:
                continue
            if body["before"].get("value", "") is None:
                found.pop(data["key"], None)
            else:
                found[data["key"]] = text_of(body["before"])
        return tuple(Tag(key, value) for key, value in sorted(found.items()))

    def _undone(self, action: str) -> Iterable[Body]:
        """Return what was done since, newest first."""
        return (body for body in self.changes if body["action"] == action)


def text_of(told: Body) -> str:
    """Return a text that the journal tells; of a long one it has only the digest and the size."""
    if "digest" in told:
        return f"[{told['size']} bytes, {told['digest']}]"
    return str(told.get("value") or "")
