"""Check what a revision of a deployment is to hold."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict

from core.canonical import canonical_bytes, canonical_digest
from core.errors import FieldError, InvalidInput, TooLarge
from registry.kinds.deployment import configuration_problems
from registry.models.deployment import MAX_ENDPOINT
from registry.queries.deployability import SERVING_KINDS
from registry.queries.versions import reference_of, resolve

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.actors import Actor
    from registry.models import AssetVersion, DeploymentRevision

MAX_MEMBERS = 50
MAX_CONFIGURATION_BYTES = 256 * 1024
ENDPOINT = re.compile(r"[a-z][a-z0-9+.-]*:[!-~]+\Z")


class RevisionDraft(TypedDict, total=False):
    """What a caller gives; what is left out stays as it is in the newest revision."""

    members: Sequence[Mapping[str, Any]]
    configuration: dict[str, Any]
    endpoint: str
    application: str
    owner_contact: str


@dataclass(frozen=True)
class Desired:
    """What a revision holds, checked. ``members`` pairs versions with percent of the traffic."""

    members: tuple[tuple[AssetVersion, int], ...]
    configuration: dict[str, Any]
    endpoint: str = ""
    application: AssetVersion | None = None
    owner_contact: str = ""

    @property
    def versions(self) -> list[AssetVersion]:
        """Return the members without their shares."""
        return [version for version, _ in self.members]

    @property
    def digest(self) -> str:
        """Return the digest of what shall serve and how; whom to ask about it is no part of it."""
        application = self.application
        return canonical_digest(
            {
                "members": sorted(
                    [str(version.uuid), version.digest, traffic]
                    for version, traffic in self.members
                ),
                "configuration": self.configuration,
                "endpoint": self.endpoint,
                "application": str(application.uuid) if application else None,
            }
        )


def checked(
    draft: RevisionDraft, *, actor: Actor, before: DeploymentRevision | None = None
) -> Desired:
    """Return what ``draft`` asks for, over what ``before`` held; raises InvalidInput."""
    standing = desired_of(before) if before else None
    members: tuple[tuple[AssetVersion, int], ...]
    if "members" in draft:
        members = checked_members(draft["members"], actor=actor)
    elif standing:
        members = standing.members
    else:
        raise InvalidInput.of("members", "is required")
    configuration = draft.get("configuration", standing.configuration if standing else {})
    check_configuration(configuration)
    endpoint = draft.get("endpoint", standing.endpoint if standing else "")
    if endpoint and (not ENDPOINT.match(endpoint) or len(endpoint) > MAX_ENDPOINT):
        raise InvalidInput.of("endpoint", "must be an absolute URI, such as https://host/path")
    application = standing.application if standing else None
    if "application" in draft:
        application = _application(draft["application"], actor=actor)
    contact = draft.get("owner_contact", standing.owner_contact if standing else "")
    return Desired(members, configuration, endpoint, application, contact)


def desired_of(revision: DeploymentRevision) -> Desired:
    """Return what a revision holds, whose members are loaded."""
    return Desired(
        tuple((member.version, member.traffic) for member in revision.members.all()),
        revision.configuration,
        revision.endpoint,
        revision.application,
        revision.owner_contact,
    )


def checked_members(
    members: Sequence[Mapping[str, Any]], *, actor: Actor
) -> tuple[tuple[AssetVersion, int], ...]:
    """Return the versions that ``members`` name, with their shares, which sum up to 100."""
    if not 1 <= len(members) <= MAX_MEMBERS:
        raise InvalidInput.of("members", f"there must be 1 to {MAX_MEMBERS}")
    found: dict[int, tuple[AssetVersion, int]] = {}
    for index, member in enumerate(members):
        version = resolve(actor, member["version"], field=f"members[{index}].version")
        if version.asset.kind not in SERVING_KINDS:
            reason = f"a {version.asset.kind} does not serve"
            raise InvalidInput.of(f"members[{index}].version", reason)
        if version.pk in found:
            reason = f"{reference_of(version)} stands there twice"
            raise InvalidInput.of(f"members[{index}].version", reason)
        if not 0 <= member["traffic"] <= 100:
            raise InvalidInput.of(f"members[{index}].traffic", "must be 0 to 100 percent")
        found[version.pk] = version, member["traffic"]
    total = sum(traffic for _, traffic in found.values())
    if total != 100:
        raise InvalidInput.of("members", f"their traffic must sum up to 100 percent, not {total}")
    return tuple(found.values())


def check_configuration(configuration: object) -> None:
    """Return for a configuration that fits its schema; raises InvalidInput or TooLarge."""
    if not isinstance(configuration, dict):
        raise InvalidInput.of("configuration", "must be a JSON object")
    size = len(canonical_bytes(configuration))
    if size > MAX_CONFIGURATION_BYTES:
        raise TooLarge(
            f"The configuration has {size} bytes; at most {MAX_CONFIGURATION_BYTES} are taken."
        )
    if problems := configuration_problems(configuration):
        raise InvalidInput(
            f"{problems[0].path}: {problems[0].reason}",
            errors=[FieldError(each.path, each.reason) for each in problems[:50]],
        )


def _application(text: str, *, actor: Actor) -> AssetVersion | None:
    if not text:
        return None
    version = resolve(actor, text, field="application")
    if version.asset.kind not in {"application", "flow"}:
        raise InvalidInput.of("application", f"a {version.asset.kind} is no application")
    return version
