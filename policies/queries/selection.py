"""What an assignment is limited to: kinds of asset, types of resource, and tags."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from policies.normalisers.opaque import is_opaque
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


def selects(selector: Mapping[str, Sequence[str]], tags: Mapping[str, str | None] | None) -> bool:
    """Tell whether something with these ``tags`` is meant.

    Every tag of the selector must be there, with one of its values, or any where it names none.
    Names of tags have no case. Of ``tags`` that nobody can tell (None), and of a value that nobody
    can tell, the answer is yes: to keep silent about tags is no way around a policy.
    """
    if tags is None:
        return True
    known = {name.casefold(): value for name, value in tags.items()}
    return all(
        name.casefold() in known and (not values or known[name.casefold()] in {None, *values})
        for name, values in selector.items()
    )


def tags_of_document(document: Mapping[str, Any]) -> dict[str, str | None] | None:
    """Return the tags that a configuration's document tells, with None for a value that only a
    deployment gives; None where it tells nothing, or not which tags there are."""
    configuration = document["configuration"]
    if isinstance(configuration, Mapping):
        for name in TAG_FIELDS:
            told = configuration.get(name)
            if isinstance(told, Mapping | list) and not is_opaque(told):
                return _tags(told)
    fields = document.get("fields")
    is_absent = isinstance(fields, Mapping) and fields.get("tags") == "absent"
    return {} if is_absent else None


def _tags(told: Mapping[str, Any] | Sequence[Any]) -> dict[str, str | None] | None:
    pairs = told.items() if isinstance(told, Mapping) else [_pair(each) for each in told]
    tags = {name: None if _is_open(value) else str(value) for name, value in pairs if name != ""}
    return None if any(_is_open(name) for name in tags) else tags


def _is_open(told: Any) -> bool:
    """Tell whether nobody can say what this will be."""
    return told is None or is_opaque(told)


def _pair(told: Any) -> tuple[Any, Any]:
    """A tag as AWS tells it. What has no text as key, as a function of a template, is open."""
    known = {str(name).casefold(): told[name] for name in told} if isinstance(told, Mapping) else {}
    key = known.get("key")
    return key if isinstance(key, str) else None, known.get("value", "")


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
