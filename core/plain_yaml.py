"""YAML that means JSON: what people write into files, read without surprises.

Plain scalars mean what YAML 1.2's core schema says (so ``no`` is a text and ``2024-01-01`` no
date). Anchors, aliases and tags are refused: they are how a small file becomes a large document,
and what other readers may understand otherwise.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import yaml

from core.errors import InvalidInput
from core.http.parsers import MAX_DEPTH, require_clean

if TYPE_CHECKING:
    from collections.abc import Callable

MEDIA_TYPE: Final = "application/yaml"  # RFC 9512
NULL = re.compile(r"(?:~|null|Null|NULL|)\Z")
BOOLEAN = re.compile(r"(?:true|True|TRUE|false|False|FALSE)\Z")
WHOLE = re.compile(r"[-+]?[0-9]+\Z")
OTHER_BASE = re.compile(r"0o[0-7]+\Z|0x[0-9a-fA-F]+\Z")
NUMBER = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
NO_NUMBER = re.compile(r"(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\Z")
# The C parser reads a megabyte in a fraction of a second, the Python one in many.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def loads(text: str | bytes, *, tags: Callable[[str], str | None] | None = None) -> Any:
    """Return the JSON value that YAML text spells; raises InvalidInput that says where it fails.

    ``tags`` says under which key a tagged value is kept, as the one member of an object; None for
    a tag that it does not know. Without it no tag is taken.
    """
    try:
        value = _Reader(tags).read(yaml.parse(text, Loader=_Loader))
    except yaml.MarkedYAMLError as error:
        problem = error.problem or "it cannot be read"
        raise InvalidInput(
            f"The body is not YAML: {problem}{_place(error.problem_mark)}."
        ) from None
    except (yaml.YAMLError, UnicodeError) as error:
        raise InvalidInput(f"The body is not YAML: {str(error).splitlines()[0][:200]}.") from None
    require_clean(value, "body")
    return value


def _place(mark: Any) -> str:
    return f" (line {mark.line + 1}, column {mark.column + 1})" if mark else ""


def _wrong(what: str, event: Any) -> InvalidInput:
    return InvalidInput(f"{what}{_place(event.start_mark)}.")


class _Reader:
    """Builds the value from events, so that depth is bounded before anything recurses."""

    def __init__(self, tags: Callable[[str], str | None] | None = None) -> None:
        self._tags = tags
        self._documents: list[Any] = []
        self._open: list[list[Any] | dict[str, Any]] = []
        self._keys: list[str | None] = []

    def read(self, events: Any) -> Any:
        for event in events:
            self._take(event)
        if len(self._documents) != 1:
            raise InvalidInput("The body must be exactly one YAML document.")
        return self._documents[0]

    def _take(self, event: Any) -> None:
        if getattr(event, "anchor", None):
            raise _wrong("Anchors and aliases are not taken; write the value out", event)
        name = self._name_of_tag(event)
        if isinstance(event, yaml.ScalarEvent):
            self._put(self._scalar(event), event, name=name)
        elif isinstance(event, yaml.SequenceStartEvent):
            self._enter([], event, name=name)
        elif isinstance(event, yaml.MappingStartEvent):
            self._enter({}, event, name=name)
        elif isinstance(event, yaml.SequenceEndEvent | yaml.MappingEndEvent):
            self._open.pop()
            self._keys.pop()

    def _name_of_tag(self, event: Any) -> str:
        """Return the key under which a tagged value is kept; empty where it has no tag."""
        tag = getattr(event, "tag", None)
        if not tag:
            return ""
        name = self._tags(tag) if self._tags and isinstance(tag, str) else None
        if name is None:
            raise _wrong("Tags are not taken; quote the value to make it a text", event)
        return name

    def _enter(self, value: list[Any] | dict[str, Any], event: Any, *, name: str) -> None:
        if len(self._open) >= MAX_DEPTH:
            raise InvalidInput(f"The body is nested deeper than {MAX_DEPTH} levels.")
        self._put(value, event, name=name)
        self._open.append(value)
        self._keys.append(None)

    def _put(self, value: Any, event: Any, *, name: str = "") -> None:
        if name:
            value = {name: value}
        if not self._open:
            self._documents.append(value)
            return
        holder = self._open[-1]
        if isinstance(holder, list):
            holder.append(value)
        elif self._keys[-1] is None:
            if not isinstance(value, str):
                raise _wrong("A key must be a text; quote it", event)
            if value in holder:
                raise _wrong(f"The key {value[:80]!r} stands twice in one mapping", event)
            self._keys[-1] = value
        else:
            holder[self._keys[-1]] = value
            self._keys[-1] = None

    def _scalar(self, event: Any) -> Any:
        text: str = event.value
        if event.style:  # quoted, or a block
            return text
        if NULL.match(text):
            return None
        if BOOLEAN.match(text):
            return text.lower() == "true"
        if NO_NUMBER.match(text):
            raise _wrong(f"{text} is not a JSON number", event)
        try:
            if WHOLE.match(text):
                return int(text)
            if OTHER_BASE.match(text):
                return int(text, 0)
            return float(text) if NUMBER.match(text) else text
        except ValueError:  # Python refuses to read integers of thousands of digits
            raise _wrong("The number has too many digits", event) from None


class _Dumper(yaml.SafeDumper):
    """Quotes every text that YAML 1.1 or 1.2 could take for something else."""

    def ignore_aliases(self, data: Any) -> bool:
        """Write everything out."""
        return True


# Line breaks of some readers and not of others: only double quotes keep them as they are.
ODD_BREAKS = re.compile("[\r\x85\u2028\u2029\ufeff]")
NOT_IN_BLOCKS = re.compile("\t| \n")


def _text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    """Write texts of several lines as such, where that gives them back exactly."""
    style = None
    if ODD_BREAKS.search(text):
        style = '"'
    elif "\n" in text and not (text[0].isspace() or NOT_IN_BLOCKS.search(text)):
        style = None if text.endswith((" ", "\n\n")) else "|"
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)
for _tag, _pattern in (
    ("null", NULL),
    ("bool", BOOLEAN),
    ("int", WHOLE),
    ("int", OTHER_BASE),
    ("float", NUMBER),
    ("float", NO_NUMBER),
):
    _Dumper.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", _pattern, None)


def dumps(value: Any) -> str:
    """Return YAML text that ``loads`` reads as ``value``, a JSON value; keys keep their order."""
    text: str = yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)
    return text
