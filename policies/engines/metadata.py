"""The ``# METADATA`` of a policy, read when it is saved.

Source: "Annotations" in OPA's policy language reference: a comment line ``# METADATA`` followed
by a YAML document in the comment lines right below it. Engines cannot be asked for it alike
(regopy has no ``rego.metadata``), so the text is read here, for every engine the same way. The
annotation that counts is the one of scope ``package``, right above the package clause.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum, auto
from typing import Any

import yaml

from policies.engines.base import EngineError, Module
from policies.engines.rego_tokens import package_clause
from policies.engines.schemas import schema_problems

_MARK = "# METADATA"
_KNOWN = frozenset(
    {
        "scope",
        "title",
        "description",
        "related_resources",
        "authors",
        "organizations",
        "entrypoint",
        "labels",
        "custom",
    }
)
_CUSTOM = frozenset(
    {"severity", "controls", "remediation", "input_kinds", "parameters", "reads", "modify"}
)
_PATCHES = {"add": {"op", "path", "value"}, "replace": {"op", "path", "value"}} | {
    "remove": {"op", "path"}
}


class Severity(StrEnum):
    LOW = auto()
    MEDIUM = auto()
    HIGH = auto()
    CRITICAL = auto()


class MetadataError(EngineError):
    """Metadata that is missing or wrong. `line` counts from 1 in the module; `field` is dotted."""

    def __init__(self, message: str, *, line: int, field: str = "") -> None:
        super().__init__(f"line {line}: {f'{field}: ' if field else ''}{message}")
        self.message = message
        self.line = line
        self.field = field


@dataclass(frozen=True, slots=True)
class RelatedResource:
    """A document that the policy refers to: its address and what it is."""

    ref: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What people, reports and assignments need to know of a policy.

    `controls` are references like ``eu-ai-act/art-15.5``. `input_kinds` say which documents the
    policy can judge: ``configuration`` or ``promotion``, each with the resource type or the asset
    kind after a slash, or alone for any. `parameters` maps a parameter's name to its description,
    `parameter_schemas` those that have one to their JSON Schema. `reads` are the dotted paths
    below ``configuration`` that the answer rests on. `modify` is a JSON Patch (RFC 6902) of the
    configuration that would make a failing one pass; it is shown, never applied.
    """

    title: str
    description: str
    severity: Severity
    controls: tuple[str, ...]
    remediation: str
    input_kinds: tuple[str, ...]
    parameters: Mapping[str, str] = field(default_factory=dict)
    related_resources: tuple[RelatedResource, ...] = ()
    parameter_schemas: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    reads: tuple[str, ...] = ()
    modify: tuple[Mapping[str, Any], ...] = ()

    def judges(self, document: str, subject: str) -> bool:
        """Whether a document kind (``configuration``) about a subject (a resource type) fits."""
        wanted = f"{document}/{subject}".casefold()
        return any(kind.casefold() in {document.casefold(), wanted} for kind in self.input_kinds)


def parse_metadata(module: Module) -> Metadata:
    """The package annotation of the module; raises `MetadataError`."""
    first_line, text = _annotation_above_package(module)
    fields = _Fields(_load(text, first_line), line=first_line)
    fields.refuse_unknown(_KNOWN)
    if fields.value.get("scope") != "package":
        raise MetadataError("must be package", line=first_line, field="scope")
    custom = fields.mapping("custom")
    custom.refuse_unknown(_CUSTOM)
    return Metadata(
        title=fields.text("title", limit=200),
        description=fields.text("description", limit=4000),
        severity=custom.severity(),
        controls=custom.texts("controls"),
        remediation=custom.text("remediation", limit=4000),
        input_kinds=custom.input_kinds(),
        parameters=custom.descriptions("parameters"),
        related_resources=fields.related_resources(),
        parameter_schemas=custom.parameter_schemas(),
        reads=custom.texts("reads") if "reads" in custom.value else (),
        modify=custom.patch("modify"),
    )


def _annotation_above_package(module: Module) -> tuple[int, str]:
    """The number of the first YAML line and the YAML text, comment signs removed."""
    package_line = package_clause(module.source).line
    lines = module.source.splitlines()[: package_line - 1]
    marks = [number for number, line in enumerate(lines) if line.rstrip() == _MARK]
    if not marks:
        raise MetadataError(
            f"a policy starts with {_MARK} (scope: package) right above its package",
            line=package_line,
        )
    if len(marks) > 1:
        raise MetadataError("only one annotation may stand above the package", line=marks[1] + 1)
    block = lines[marks[0] + 1 :]
    for number, line in enumerate(block, start=marks[0] + 2):
        if not line.startswith("#"):
            raise MetadataError("the annotation must touch the package clause", line=number)
    return marks[0] + 2, "\n".join(line.removeprefix("#").removeprefix(" ") for line in block)


class _UniqueKeyLoader(yaml.SafeLoader):
    """YAML's safe loader, which otherwise lets the last of two equal keys win silently."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.MarkedYAMLError(
                    problem=f"the key {key.value} stands twice", problem_mark=key.start_mark
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def _load(text: str, first_line: int) -> dict[str, Any]:
    if "&" in text or "*" in text:
        _refuse_anchors(text, first_line)
    try:
        loaded = yaml.load(text, _UniqueKeyLoader)  # noqa: S506  # derives from SafeLoader
        json.dumps(loaded, allow_nan=False)  # a date, for example, has no form in JSON
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = first_line + (mark.line if mark else 0)
        raise MetadataError(f"not YAML: {error.problem}", line=line) from error
    except (yaml.YAMLError, TypeError, ValueError, RecursionError) as error:
        raise MetadataError(f"not YAML: {error}", line=first_line) from error
    if not isinstance(loaded, dict) or not all(isinstance(key, str) for key in loaded):
        raise MetadataError("must be a YAML mapping with text as keys", line=first_line)
    return loaded


def _refuse_anchors(text: str, first_line: int) -> None:
    """Aliases can multiply a few lines into gigabytes; metadata has no use for them."""
    try:
        for event in yaml.parse(text, yaml.SafeLoader):
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                line = first_line + (event.start_mark.line if event.start_mark else 0)
                raise MetadataError("anchors and aliases are not taken", line=line)
    except yaml.YAMLError:
        return  # The loader reports it, with its line.


class _Fields:
    """Typed reads of one mapping; each failure names the field."""

    def __init__(self, value: Mapping[str, Any], *, line: int, prefix: str = "") -> None:
        self.value = value
        self.line = line
        self.prefix = prefix

    def refuse_unknown(self, known: frozenset[str]) -> None:
        for name in self.value:
            if name not in known:
                raise self.error(name, f"is not known; known are {', '.join(sorted(known))}")

    def error(self, name: str, message: str) -> MetadataError:
        return MetadataError(message, line=self.line, field=f"{self.prefix}{name}")

    def text(self, name: str, *, limit: int) -> str:
        value = self.value.get(name)
        if not isinstance(value, str) or not value.strip():
            raise self.error(name, "is required and must be text")
        if len(value) > limit:
            raise self.error(name, f"has {len(value)} characters, at most {limit} are taken")
        return value.strip()

    def texts(self, name: str) -> tuple[str, ...]:
        value = self.value.get(name)
        if not isinstance(value, list) or not value:
            raise self.error(name, "is required and must be a list of text")
        for entry in value:
            if not isinstance(entry, str) or not entry.strip() or len(entry) > 200:
                raise self.error(name, "each entry must be text of at most 200 characters")
        if len(set(value)) != len(value):
            raise self.error(name, "has an entry twice")
        return tuple(value)

    def mapping(self, name: str) -> _Fields:
        value = self.value.get(name)
        if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
            raise self.error(name, "is required and must be a mapping")
        return _Fields(value, line=self.line, prefix=f"{self.prefix}{name}.")

    def descriptions(self, name: str) -> dict[str, str]:
        """Each entry is a text, or a mapping with a text under ``description``."""
        if name not in self.value:
            return {}
        inner = self.mapping(name)
        return {
            key: inner.mapping(key).text("description", limit=1000)
            if isinstance(value, dict)
            else inner.text(key, limit=1000)
            for key, value in inner.value.items()
        }

    def parameter_schemas(self) -> dict[str, dict[str, Any]]:
        schemas: dict[str, dict[str, Any]] = {}
        if "parameters" not in self.value:
            return schemas
        inner = self.mapping("parameters")
        for name, value in inner.value.items():
            if isinstance(value, dict):
                entry = inner.mapping(name)
                entry.refuse_unknown(frozenset({"description", "schema"}))
                schemas[name] = dict(entry.mapping("schema").value)
                if problems := schema_problems(schemas[name]):
                    raise entry.error("schema", problems[0])
        return schemas

    def patch(self, name: str) -> tuple[Mapping[str, Any], ...]:
        """Operations of a JSON Patch: add, replace or remove, at a JSON Pointer."""
        operations = self.value.get(name, [])
        if not isinstance(operations, list):
            raise self.error(name, "must be a list of operations")
        for each in operations:
            if (
                not isinstance(each, dict)
                or set(each) != _PATCHES.get(str(each.get("op")))
                or not isinstance(each["path"], str)
                or not each["path"].startswith("/")
            ):
                reason = "each must have op (add, replace or remove), path, and value but to remove"
                raise self.error(name, reason)
        return tuple(operations)

    def severity(self) -> Severity:
        value = self.value.get("severity")
        if not isinstance(value, str) or value not in set(Severity):
            raise self.error("severity", f"must be one of {', '.join(Severity)}")
        return Severity(value)

    def input_kinds(self) -> tuple[str, ...]:
        kinds = self.texts("input_kinds")
        for kind in kinds:
            if kind.partition("/")[0] not in {"configuration", "promotion"}:
                raise self.error(
                    "input_kinds", f"{kind!r} must start with configuration or promotion"
                )
        return kinds

    def related_resources(self) -> tuple[RelatedResource, ...]:
        entries = self.value.get("related_resources", [])
        if not isinstance(entries, list):
            raise self.error("related_resources", "must be a list")
        return tuple(self._related(entry) for entry in entries)

    def _related(self, entry: object) -> RelatedResource:
        if isinstance(entry, str) and entry.strip():
            return RelatedResource(entry)
        if isinstance(entry, dict) and set(entry) <= {"ref", "description"}:
            ref, description = entry.get("ref"), entry.get("description", "")
            if isinstance(ref, str) and ref.strip() and isinstance(description, str):
                return RelatedResource(ref, description)
        raise self.error("related_resources", "each entry must be text or have ref and description")
