"""Template expressions inside policy rules: ``[concat('a', parameters('b'))]``.

Only the functions that the built-in definitions use, and their plain neighbours. An expression
that fails at evaluation raises `TemplateFailure`: Azure then denies. An expression that this
module does not know raises `NotImplementedError`, which no test takes for an answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Functions = Mapping[str, Callable[..., Any]]

_TOKEN = re.compile(r"\s*('(?:[^']|'')*'|-?\d+|[A-Za-z_]\w*|[()\[\].,])")


class TemplateFailure(Exception):
    """The expression has no value for this resource."""


@dataclass
class _Tokens:
    items: list[str]
    position: int = 0

    def peek(self) -> str:
        return self.items[self.position] if self.position < len(self.items) else ""

    def take(self, wanted: str = "") -> str:
        found = self.peek()
        if not found or (wanted and found != wanted):
            raise NotImplementedError(f"{wanted or 'a token'} expected, not {found!r}")
        self.position += 1
        return found


def is_expression(value: object) -> bool:
    return (
        isinstance(value, str)
        and value.startswith("[")
        and value.endswith("]")
        and not value.startswith("[[")
    )


def resolve(value: Any, functions: Functions) -> Any:
    """The value with every expression in it, at any depth, replaced by what it gives."""
    if isinstance(value, dict):
        return {key: resolve(each, functions) for key, each in value.items()}
    if isinstance(value, list):
        return [resolve(each, functions) for each in value]
    if is_expression(value):
        return _evaluate(value[1:-1], functions)
    return value[1:] if isinstance(value, str) and value.startswith("[[") else value


def _evaluate(text: str, functions: Functions) -> Any:
    items: list[str] = []
    position = 0
    while position < len(text.rstrip()):
        found = _TOKEN.match(text, position)
        if not found:
            raise NotImplementedError(f"cannot read {text[position:]!r}")
        items.append(found.group(1))
        position = found.end()
    tokens = _Tokens(items)
    value = _expression(tokens, functions)
    if tokens.peek():
        raise NotImplementedError(f"{tokens.peek()!r} after the end of {text!r}")
    return value


def _expression(tokens: _Tokens, functions: Functions) -> Any:
    token = tokens.take()
    if token.startswith("'"):
        value: Any = token[1:-1].replace("''", "'")
    elif re.fullmatch(r"-?\d+", token):
        value = int(token)
    else:
        value = _call(token, tokens, functions)
    while tokens.peek() in {".", "["}:
        if tokens.take() == ".":
            value = _member(value, tokens.take())
        else:
            value = _member(value, _expression(tokens, functions))
            tokens.take("]")
    return value


def _call(name: str, tokens: _Tokens, functions: Functions) -> Any:
    tokens.take("(")
    arguments = []
    while tokens.peek() != ")":
        arguments.append(_expression(tokens, functions))
        if tokens.peek() == ",":
            tokens.take()
    tokens.take(")")
    known = {key.lower(): function for key, function in (PLAIN | dict(functions)).items()}
    if name.lower() not in known:
        raise NotImplementedError(f"the function {name} is not known here")
    return known[name.lower()](*arguments)


def _member(value: Any, key: object) -> Any:
    try:
        return value[key]
    except (KeyError, IndexError, TypeError) as error:
        raise TemplateFailure(f"no {key!r} in {value!r}") from error


def text_of(value: object) -> str:
    """A scalar as text; `TemplateFailure` for anything else."""
    if isinstance(value, bool):
        return "True" if value else "False"
    if isinstance(value, str | int | float):
        return str(value)
    raise TemplateFailure(f"{value!r} is no text")


def _empty(value: object) -> bool:
    if value is None or isinstance(value, str | list | dict):
        return not value
    raise TemplateFailure(f"empty() does not take {value!r}")


def _length(value: object) -> int:
    if isinstance(value, str | list | dict):
        return len(value)
    raise TemplateFailure(f"length() does not take {value!r}")


def _concat(*values: Any) -> Any:
    if values and isinstance(values[0], list):
        return [each for value in values for each in value]
    return "".join(text_of(value) for value in values)


def _pad_left(value: object, width: int, sign: str = " ") -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise TemplateFailure(f"padLeft() does not take {value!r}")
    return str(value).rjust(width, sign)


def _same(first: object, second: object) -> bool:
    return type(first) is type(second) and first == second


def _ordered(first: Any, second: Any) -> int:
    if isinstance(first, str) != isinstance(second, str):
        raise TemplateFailure(f"{first!r} and {second!r} have no order")
    return int(first > second) - int(first < second)


def _first(value: Sequence[Any]) -> Any:
    if not value:
        raise TemplateFailure("first() of nothing")
    return value[0]


PLAIN: dict[str, Callable[..., Any]] = {
    "and": lambda *values: all(values),
    "concat": _concat,
    "contains": lambda holder, item: item in holder,
    "createArray": lambda *values: list(values),
    "empty": _empty,
    "equals": _same,
    "false": lambda: False,
    "first": _first,
    "greater": lambda first, second: _ordered(first, second) > 0,
    "greaterOrEquals": lambda first, second: _ordered(first, second) >= 0,
    "if": lambda condition, then, otherwise: then if condition else otherwise,
    "length": _length,
    "less": lambda first, second: _ordered(first, second) < 0,
    "lessOrEquals": lambda first, second: _ordered(first, second) <= 0,
    "not": lambda value: not value,
    "null": lambda: None,
    "or": lambda *values: any(values),
    "padLeft": _pad_left,
    "split": lambda value, sign: text_of(value).split(sign),
    "string": text_of,
    "toLower": lambda value: text_of(value).lower(),
    "toUpper": lambda value: text_of(value).upper(),
    "true": lambda: True,
}
