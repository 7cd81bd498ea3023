"""Functions of CloudFormation templates, as far as a template alone resolves them."""

from __future__ import annotations

import re
from typing import Any

_PLACE = re.compile(r"\$\{(!?)([^}]*)\}")
_NO_VALUE = "AWS::NoValue"
MAX_STEPS = 20_000
MAX_TEXT = 100_000


class Unresolved(Exception):
    """A function that the template alone does not resolve."""


class Template:
    """Parameters, mappings and conditions of one template."""

    def __init__(self, body: dict[str, Any]) -> None:
        self._parameters, self._mappings, self._conditions = (
            found if isinstance(found := body.get(name), dict) else {}
            for name in ("Parameters", "Mappings", "Conditions")
        )
        self._steps = MAX_STEPS
        self._pending: list[str] = []

    def resolved(self, value: Any) -> Any:
        """`value` with every function in it resolved that can be; ``AWS::NoValue`` is left out."""
        if isinstance(value, list):
            items = [self.resolved(each) for each in value]
            return [each for each in items if each != {"Ref": _NO_VALUE}]
        if not isinstance(value, dict):
            return value
        if (call := _call(value)) is not None:
            try:
                return self._value(*call)
            except Unresolved:
                return value
        members = {name: self.resolved(inner) for name, inner in value.items()}
        return {name: inner for name, inner in members.items() if inner != {"Ref": _NO_VALUE}}

    def condition(self, name: Any) -> bool | None:
        """Whether a named condition holds; None where the template leaves it open."""
        try:
            return self._holds({"Condition": name})
        except Unresolved:
            return None

    def _value(self, name: str, argument: Any) -> Any:
        self._steps -= 1
        if self._steps < 0:
            raise Unresolved(name)
        match name, argument:
            case "Ref", str():
                return {"Ref": _NO_VALUE} if argument == _NO_VALUE else self._default(argument)
            case "Fn::Sub", str():
                return self._filled(argument, {})
            case "Fn::Sub", [str() as pattern, dict() as given]:
                return self._filled(pattern, given)
            case "Fn::Join", [str() as mark, list() as parts]:
                return mark.join(self._text(each) for each in parts)[:MAX_TEXT]
            case "Fn::If", [condition, then, otherwise]:
                taken = then if self._holds({"Condition": condition}) else otherwise
                return self.resolved(taken)
            case "Fn::FindInMap", [top, second, third]:
                return self._found(*(self._text(each) for each in (top, second, third)))
        raise Unresolved(name)

    def _default(self, name: str) -> Any:
        """The default of a parameter, unless it is a secret or a list."""
        declared = self._parameters.get(name)
        if not isinstance(declared, dict) or str(declared.get("NoEcho")).casefold() == "true":
            raise Unresolved(name)
        default = declared.get("Default")
        if not isinstance(default, str | int | float | bool):
            raise Unresolved(name)
        kind = str(declared.get("Type", ""))
        if kind == "CommaDelimitedList" and isinstance(default, str):
            return [each.strip() for each in default.split(",")]
        if kind not in {"String", "Number"}:
            raise Unresolved(name)
        return default

    def _filled(self, pattern: str, given: dict[str, Any]) -> str:
        def value(found: re.Match[str]) -> str:
            literal, name = found[1], found[2].strip()
            if literal:
                return f"${{{name}}}"
            return self._text(given.get(name, {"Ref": name}))

        return _PLACE.sub(value, pattern)[:MAX_TEXT]

    def _text(self, value: Any) -> str:
        found = self.resolved(value)
        if isinstance(found, bool):
            return "true" if found else "false"
        if isinstance(found, str | int | float):
            return str(found)
        raise Unresolved("text")

    def _found(self, top: str, second: str, third: str) -> Any:
        rows = self._mappings.get(top)
        row = rows.get(second) if isinstance(rows, dict) else None
        if not isinstance(row, dict) or third not in row:
            raise Unresolved(top)
        return row[third]

    def _holds(self, value: Any) -> bool:
        call = _call(value)
        if call is None or len(self._pending) > 20:
            raise Unresolved("condition")
        match call:
            case "Condition", str() as name:
                if name not in self._conditions or name in self._pending:
                    raise Unresolved(name)
                self._pending.append(name)
                try:
                    return self._holds(self._conditions[name])
                finally:
                    self._pending.pop()
            case "Fn::Equals", [left, right]:
                return self._text(left) == self._text(right)
            case "Fn::Not", [inner]:
                return not self._holds(inner)
            case "Fn::And", list() as inner:
                return all(self._holds(each) for each in inner)
            case "Fn::Or", list() as inner:
                return any(self._holds(each) for each in inner)
        raise Unresolved("condition")


def _call(value: Any) -> tuple[str, Any] | None:
    """The function and its argument, where a value is a call."""
    if isinstance(value, dict) and len(value) == 1:
        ((name, argument),) = value.items()
        if name in {"Ref", "Condition"} or name.startswith("Fn::"):
            return name, argument
    return None
