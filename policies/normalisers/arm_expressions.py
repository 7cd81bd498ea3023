"""Expressions of ARM templates, as far as a template alone resolves them.

Source: "Template functions" in Azure's reference. What depends on a deployment (``reference``,
``subscription``, ``uniqueString`` …), or on a parameter without a default, is `Unresolved`, and
the text stays as it is written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from policies.normalisers.arm_functions import FUNCTIONS, Unresolved
from policies.normalisers.opaque import is_expression

__all__ = ["Scope", "Unresolved"]

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>-?\d+)|(?P<name>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*(?=\())?)|(?P<sign>[().,\[\]]))"
)
_SECRET_TYPES = frozenset({"securestring", "secureobject"})
MAX_STEPS = 20_000


@dataclass
class Scope:
    """What expressions of one template may refer to. `given` are values of parameters; where one
    is missing its default stands in. `steps` bounds the work for the whole template."""

    parameters: Mapping[str, Any]
    variables: Mapping[str, Any]
    given: Mapping[str, Any] = field(default_factory=dict)
    copies: Mapping[str, int] = field(default_factory=dict)
    steps: list[int] = field(default_factory=lambda: [MAX_STEPS])
    pending: tuple[str, ...] = ()

    def resolved(self, value: Any) -> Any:
        """`value` with every expression in it resolved that can be; the others stay as they are."""
        if isinstance(value, dict):
            return {name: self.resolved(inner) for name, inner in self._expanded(value).items()}
        if isinstance(value, list):
            return [self.resolved(inner) for inner in value]
        if not isinstance(value, str):
            return value
        try:
            return self.value(value)
        except Unresolved:
            return value

    def value(self, text: str) -> Any:
        """What a text means; raises `Unresolved`."""
        if not is_expression(text):
            return text[1:] if text.startswith("[[") else text
        self.spend()
        tokens = _tokens(text[1:-1])
        found, rest = _Reader(self).expression(tokens)
        if rest:
            raise Unresolved(text)
        return found

    def within(self, name: str, index: int) -> Scope:
        """The scope inside of a copy loop."""
        return self._with(copies={**self.copies, name.casefold(): index, "": index})

    def spend(self) -> None:
        """Count one step; raises `Unresolved` when none is left."""
        self.steps[0] -= 1
        if self.steps[0] < 0:
            raise Unresolved("too many expressions")

    def parameter(self, name: str) -> Any:
        """The value of a parameter; raises `Unresolved` for a secret, and where there is none."""
        declared = _named(self.parameters, name)
        if not isinstance(declared, dict):
            raise Unresolved(name)
        if str(declared.get("type", "")).casefold() in _SECRET_TYPES:
            raise Unresolved(name)
        try:
            return _named(self.given, name)
        except Unresolved:
            if "defaultValue" not in declared:
                raise
        return self._inside(f"parameter {name}", declared["defaultValue"])

    def variable(self, name: str) -> Any:
        """The value of a variable; raises `Unresolved`."""
        return self._inside(f"variable {name}", _named(self.variables, name))

    def _inside(self, name: str, value: Any) -> Any:
        if name.casefold() in self.pending or len(self.pending) > 20:
            raise Unresolved(name)
        scope = self._with(pending=(*self.pending, name.casefold()))
        return scope.value(value) if isinstance(value, str) else scope.resolved(value)

    def _with(self, **changes: Any) -> Scope:
        same = {
            "parameters": self.parameters,
            "variables": self.variables,
            "given": self.given,
            "copies": self.copies,
            "steps": self.steps,
            "pending": self.pending,
        }
        return Scope(**{**same, **changes})

    def _expanded(self, value: dict[str, Any]) -> dict[str, Any]:
        """The object with its copied properties written out, where their count is known."""
        loops = value.get("copy")
        if not isinstance(loops, list) or not all(_is_loop(each) for each in loops):
            return value
        plain = {name: inner for name, inner in value.items() if name != "copy"}
        for loop in loops:
            count = self.count(loop["count"])
            if count is None:
                return value
            name = loop["name"]
            plain[name] = [self.within(name, each).resolved(loop["input"]) for each in range(count)]
        return plain

    def count(self, value: Any) -> int | None:
        """How often a loop goes round; None where only a deployment tells."""
        found = self.resolved(value)
        is_number = isinstance(found, int) and not isinstance(found, bool)
        return found if is_number and 0 <= found <= 800 else None


def _is_loop(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and isinstance(value.get("name"), str)
        and ("count" in value and "input" in value)
    )


def _named(values: Mapping[str, Any], name: str) -> Any:
    """The member of that name, whatever its case, as Azure looks it up."""
    for each, value in values.items():
        if each.casefold() == name.casefold():
            return value
    raise Unresolved(name)


Token = tuple[str, str]


def _tokens(text: str) -> list[Token]:
    found: list[Token] = []
    at = 0
    text = text.strip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise Unresolved(text)
        found.append((match.lastgroup, match[match.lastgroup]))
        at = match.end()
    return found


class _Reader:
    """Reads tokens from the left and computes what they mean."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._depth = 0

    def expression(self, tokens: list[Token]) -> tuple[Any, list[Token]]:
        self._depth += 1
        if not tokens or self._depth > 40:
            raise Unresolved("expression")
        kind, text = tokens[0]
        if kind == "text":
            value: Any = text[1:-1].replace("''", "'")
            rest = tokens[1:]
        elif kind == "number" and len(text) < 20:
            value, rest = int(text), tokens[1:]
        elif kind == "name" and tokens[1:2] == [("sign", "(")]:
            value, rest = self._call(text, tokens[2:])
        else:
            raise Unresolved(text)
        found = self._members(value, rest)
        self._depth -= 1
        return found

    def _call(self, name: str, tokens: list[Token]) -> tuple[Any, list[Token]]:
        """A function's value. The branches of ``if`` are computed alone where they are taken."""
        self._scope.spend()
        arguments: list[Callable[[], Any]] = []
        rest = tokens
        while rest[:1] != [("sign", ")")]:
            argument, rest = self._argument(rest)
            arguments.append(argument)
            if rest[:1] == [("sign", ",")]:
                rest = rest[1:]
            elif rest[:1] != [("sign", ")")]:
                raise Unresolved(name)
        return self._value(name.casefold(), arguments), rest[1:]

    def _argument(self, tokens: list[Token]) -> tuple[Callable[[], Any], list[Token]]:
        """An argument to be computed when it is needed, and the tokens behind it."""
        depth = 0
        end = -1
        for place, (_, text) in enumerate(tokens):
            if depth == 0 and text in {",", ")"}:
                end = place
                break
            depth += (text in {"(", "["}) - (text in {")", "]"})
        if end < 0:
            raise Unresolved("an argument without end")
        inner = tokens[:end]

        def compute() -> Any:
            value, rest = _Reader(self._scope).expression(inner)
            if rest:
                raise Unresolved("argument")
            return value

        return compute, tokens[end:]

    def _value(self, name: str, arguments: list[Callable[[], Any]]) -> Any:
        if name == "if" and len(arguments) == 3:
            chosen = arguments[0]()
            if not isinstance(chosen, bool):
                raise Unresolved(name)
            return arguments[1]() if chosen else arguments[2]()
        values = [each() for each in arguments]
        if name in {"parameters", "variables"} and len(values) == 1 and isinstance(values[0], str):
            found = self._scope.parameter if name == "parameters" else self._scope.variable
            return found(values[0])
        if name == "copyindex":
            return self._index(values)
        function = FUNCTIONS.get(name)
        if function is None:
            raise Unresolved(name)
        try:
            return function(*values)
        except (TypeError, ValueError, KeyError, IndexError, AttributeError, OverflowError):
            raise Unresolved(name) from None

    def _index(self, values: list[Any]) -> int:
        name = values[0].casefold() if values and isinstance(values[0], str) else ""
        offset = next((each for each in values if isinstance(each, int)), 0)
        if name not in self._scope.copies:
            raise Unresolved("copyIndex")
        return self._scope.copies[name] + offset

    def _members(self, value: Any, tokens: list[Token]) -> tuple[Any, list[Token]]:
        """What follows a value: `.name` and `[index]`, any number of them."""
        while tokens and tokens[0] in {("sign", "."), ("sign", "[")}:
            if tokens[0][1] == "." and len(tokens) > 1 and tokens[1][0] == "name":
                key: Any = tokens[1][1]
                tokens = tokens[2:]
            else:
                argument, tokens = self._bracketed(tokens[1:])
                key = argument
            value = _member(value, key)
        return value, tokens

    def _bracketed(self, tokens: list[Token]) -> tuple[Any, list[Token]]:
        value, rest = _Reader(self._scope).expression(tokens)
        if rest[:1] != [("sign", "]")]:
            raise Unresolved("index")
        return value, rest[1:]


def _member(value: Any, key: Any) -> Any:
    if isinstance(value, dict) and isinstance(key, str):
        return _named(value, key)
    is_index = isinstance(value, list) and isinstance(key, int) and not isinstance(key, bool)
    if is_index and 0 <= key < len(value):
        return value[key]
    raise Unresolved(str(key))
