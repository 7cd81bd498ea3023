"""Functions of ARM template expressions whose value follows from their arguments alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

MAX_TEXT = 100_000
_PLACE = re.compile(r"\{(\d{1,3})\}")


class Unresolved(Exception):
    """An expression that the template alone does not resolve."""


def _texts(*values: Any) -> tuple[str, ...]:
    return tuple(_text(each) for each in values)


def _text(value: Any) -> str:
    """A scalar as ARM writes it into a text; raises `Unresolved` for objects and lists."""
    if isinstance(value, bool):
        return "True" if value else "False"
    if isinstance(value, str | int):
        text = str(value)
        if len(text) <= MAX_TEXT and not text.startswith("["):
            return text
    raise Unresolved("text")


def _concat(*values: Any) -> Any:
    if values and all(isinstance(each, list) for each in values):
        return [item for each in values for item in each]
    joined = "".join(_texts(*values))
    if len(joined) > MAX_TEXT:
        raise Unresolved("concat")
    return joined


def _format(pattern: str, *values: Any) -> str:
    texts = _texts(*values)
    filled = _PLACE.sub(lambda found: texts[int(found[1])], pattern)
    if "{" in filled or "}" in filled or len(filled) > MAX_TEXT:
        raise Unresolved("format")
    return filled


def _resource_id(*values: Any) -> str:
    """The id from ``/providers/`` on: the template does not tell subscription and group."""
    texts = _texts(*values)
    start = next(index for index, each in enumerate(texts) if "/" in each)
    if start > 2:
        raise Unresolved("resourceId")
    namespace, *types = texts[start].split("/")
    names = texts[start + 1 :]
    if not types or len(types) != len(names):
        raise Unresolved("resourceId")
    pairs = [part for pair in zip(types, names, strict=True) for part in pair]
    return "/".join(["/providers", namespace, *pairs])


def _equals(left: Any, right: Any) -> bool:
    return bool(left == right and type(left) is type(right))


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value != 0
    if isinstance(value, str) and value.casefold() in {"true", "false"}:
        return value.casefold() == "true"
    raise Unresolved("bool")


def _all_boolean(values: tuple[Any, ...]) -> tuple[bool, ...]:
    if not all(isinstance(each, bool) for each in values):
        raise Unresolved("a condition")
    return values


def _empty(value: Any) -> bool:
    if value is None or isinstance(value, str | list | dict):
        return not value
    raise Unresolved("empty")


def _first(value: list[Any] | str) -> Any:
    return value[0]


def _last(value: list[Any] | str) -> Any:
    return value[-1]


def _contains(container: Any, item: Any) -> bool:
    if isinstance(container, dict):
        return str(item).casefold() in {name.casefold() for name in container}
    return item in container


def _object(*values: Any) -> dict[str, Any]:
    return dict(zip(_texts(*values[::2]), values[1::2], strict=True))


def _union(*values: Any) -> Any:
    if all(isinstance(each, dict) for each in values):
        return {name: inner for each in values for name, inner in each.items()}
    found: list[Any] = []
    for item in (item for each in values for item in each):
        if item not in found:
            found.append(item)
    return found


def _split(value: str, mark: Any) -> list[str]:
    marks = [mark] if isinstance(mark, str) else mark
    return re.split("|".join(map(re.escape, marks)), value)


def _coalesce(*values: Any) -> Any:
    return next((each for each in values if each is not None), None)


def _range(start: int, count: int) -> list[int]:
    if not 0 <= count <= 800:
        raise Unresolved("range")
    return list(range(start, start + count))


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "add": lambda left, right: int(left) + int(right),
    "and": lambda *values: all(_all_boolean(values)),
    "array": lambda value: value if isinstance(value, list) else [value],
    "bool": _boolean,
    "coalesce": _coalesce,
    "concat": _concat,
    "contains": _contains,
    "createarray": lambda *values: list(values),
    "createobject": _object,
    "empty": _empty,
    "endswith": lambda value, end: _text(value).casefold().endswith(_text(end).casefold()),
    "equals": _equals,
    "extensionresourceid": lambda base, kind, *names: base + _resource_id(kind, *names),
    "false": lambda: False,
    "first": _first,
    "format": _format,
    "int": lambda value: int(value) if len(str(value)) < 20 else None,
    "join": lambda values, mark: mark.join(_texts(*values)),
    "last": _last,
    "length": len,
    "not": lambda value: not _all_boolean((value,))[0],
    "null": lambda: None,
    "or": lambda *values: any(_all_boolean(values)),
    "range": _range,
    "replace": lambda value, old, new: _text(value).replace(old, new) if old else value,
    "resourceid": _resource_id,
    "split": _split,
    "startswith": lambda value, start: _text(value).casefold().startswith(_text(start).casefold()),
    "string": _text,
    "sub": lambda left, right: int(left) - int(right),
    "tolower": lambda value: _text(value).lower(),
    "toupper": lambda value: _text(value).upper(),
    "trim": lambda value: _text(value).strip(),
    "true": lambda: True,
    "union": _union,
}
