"""What an assignment is limited to: kinds of asset, types of resource, and tags."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from policies.queries.ancestry import originals_of
from registry.models import AssetTag, VersionTag

if TYPE_CHECKING:
    from policies.models import Assignment
    from registry.models import AssetVersion

# Where the platforms keep the tags of a resource.
TAG_FIELDS = ("tags", "Tags", "labels", "custom_tags")


def limited(types: frozenset[str], assignment: Assignment) -> frozenset[str] | None:
    """Return which of the case-folded resource ``types`` (empty for any) the assignment leaves to
    its policy, empty for any; None where it leaves none."""
    if not assignment.kinds:
        return types
    wanted = frozenset(kind.casefold() for kind in assignment.kinds)
    return (types & wanted if types else wanted) or None


def selects_kind(assignment: Assignment, kind: str) -> bool:
    """Tell whether assets of that kind are among what the assignment is limited to."""
    return not assignment.kinds or kind in assignment.kinds


def selects(selector: Mapping[str, Sequence[str]], tags: Mapping[str, str] | None) -> bool:
    """Tell whether something with these ``tags`` is meant.

    Every tag of the selector must be there, with one of its values, or any where it names none.
    Names of tags have no case. Of ``tags`` that nobody can tell (None) the answer is yes: to keep
    silent about tags is no way around a policy.
    """
    if tags is None:
        return True
    known = {name.casefold(): value for name, value in tags.items()}
    return all(
        name.casefold() in known and (not values or known[name.casefold()] in values)
        for name, values in selector.items()
    )


def tags_of_document(document: Mapping[str, Any]) -> dict[str, str] | None:
    """Return the tags that a configuration's document tells; None where it tells nothing."""
    configuration = document["configuration"]
    if isinstance(configuration, Mapping):
        for name in TAG_FIELDS:
            if (found := _tags(configuration.get(name))) is not None:
                return found
    fields = document.get("fields")
    is_absent = isinstance(fields, Mapping) and fields.get("tags") == "absent"
    return {} if is_absent else None


def _tags(told: Any) -> dict[str, str] | None:
    if isinstance(told, Mapping):
        return {str(name): str(value) for name, value in told.items()}
    if isinstance(told, list):
        pairs = [_pair(each) for each in told if isinstance(each, Mapping)]
        return {name: value for name, value in pairs if name}
    return None


def _pair(told: Mapping[str, Any]) -> tuple[str, str]:
    known = {str(name).casefold(): value for name, value in told.items()}
    return str(known.get("key", "")), str(known.get("value", ""))


def tags_of_version(version: AssetVersion) -> dict[str, str]:
    """Return the tags of a version, those of its asset behind its own; a copy has those of what it
    is a copy of behind both."""
    line = [*reversed(originals_of([version])), version]
    of_assets: dict[int, dict[str, str]] = {}
    for tag in AssetTag.objects.filter(asset__in={each.asset_id for each in line}):
        of_assets.setdefault(tag.asset_id, {})[tag.key] = tag.value
    of_versions: dict[int, dict[str, str]] = {}
    for own in VersionTag.objects.filter(version__in={each.pk for each in line}):
        of_versions.setdefault(own.version_id, {})[own.key] = own.value
    tags: dict[str, str] = {}
    for each in line:
        tags |= of_assets.get(each.asset_id, {}) | of_versions.get(each.pk, {})
    return tags
