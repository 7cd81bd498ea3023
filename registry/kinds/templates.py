"""Fill prompt templates: ``{{name}}`` is a variable, ``{{> name}}`` another prompt.

Text is replaced in one pass and nothing that was filled in is looked at again, so that no value
can name a variable. Nothing is evaluated; what is neither form stays as it is written.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from core.canonical import MAX_INTEGER, canonical_bytes
from registry.kinds.base import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TOKEN = re.compile(r"\{\{\s*(>?)\s*([A-Za-z_][A-Za-z0-9_]*)\s*\}\}")
VARIABLE = re.compile(r"\{\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*\}\}")
MAX_RENDERED = 1024 * 1024
MAX_DEPTH = 8
# "list" is what arrays were called first.
NAMES = {
    "string": "a string",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "array": "a list",
    "list": "a list",
    "object": "an object",
}


class Piece(NamedTuple):
    """A part of a rendered text: ``source`` is text (as the template has it), variable or include,
    and ``name`` that of the variable or the include."""

    text: str
    source: str = "text"
    name: str = ""


class TooMuch(ValueError):
    """The rendered prompt is over a limit."""


def texts_of(spec: Mapping[str, Any]) -> list[str]:
    """Return the templates of a prompt: its text, or that of each message."""
    if spec["type"] == "text":
        return [spec["template"]]
    return [message["content"] for message in spec["messages"]]


def used_in(spec: Mapping[str, Any]) -> tuple[set[str], set[str]]:
    """Return the names of the variables and of the includes that the templates use."""
    found = [match for text in texts_of(spec) for match in TOKEN.findall(text)]
    variables = {name for mark, name in found if not mark}
    return variables, {name for mark, name in found if mark}


def fits(value: Any, variable_type: str) -> bool:
    """Tell whether a JSON value is of the type of a variable."""
    if isinstance(value, bool):
        return variable_type == "boolean"
    match variable_type:
        case "string":
            return isinstance(value, str)
        case "integer":
            return isinstance(value, int) and abs(value) <= MAX_INTEGER
        case "number" if isinstance(value, int):
            return abs(value) <= MAX_INTEGER
        case "number":
            return isinstance(value, float) and math.isfinite(value)
        case "array" | "list":
            return isinstance(value, list)
        case "object":
            return isinstance(value, dict)
    return False


def declaration_problems(variables: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield a problem for each default or enum that its own variable would not take."""
    for name, told in variables.items():
        path, wanted = f"spec.variables.{name}", f"must be {NAMES[told['type']]}"
        for index, value in enumerate(told.get("enum", ())):
            if not fits(value, told["type"]):
                yield Problem(f"{path}.enum[{index}]", wanted)
        default = told.get("default")
        if default is None:
            continue
        if not fits(default, told["type"]):
            yield Problem(f"{path}.default", wanted)
        elif "enum" in told and not _one_of(default, told["enum"]):
            yield Problem(f"{path}.default", "is none of the values in enum")


def filled(
    variables: Mapping[str, Any], given: Mapping[str, Any]
) -> tuple[dict[str, Any], list[Problem]]:
    """Return a value per declared variable, and everything wrong with those given.

    What is left out takes its default; without one it must be given, unless ``required`` is
    false: then it is null and leaves no text.
    """
    values: dict[str, Any] = {}
    problems = [
        Problem(f"variables.{name[:80]}", "is no variable of this prompt")
        for name in given
        if name not in variables
    ]
    for name, told in variables.items():
        path = f"variables.{name}"
        value = given.get(name, told.get("default"))
        if value is None and (name in given or told.get("required", True)):
            problems.append(Problem(path, f"is required: {NAMES[told['type']]}"))
        elif value is not None and not fits(value, told["type"]):
            problems.append(Problem(path, f"must be {NAMES[told['type']]}"))
        elif value is not None and "enum" in told and not _one_of(value, told["enum"]):
            problems.append(Problem(path, f"must be one of {_shown(told['enum'])}"))
        values[name] = value
    return values, problems


def render(
    spec: Mapping[str, Any], values: Mapping[str, Any], *, included: Mapping[str, Mapping[str, Any]]
) -> tuple[dict[str, Any], list[list[Piece]]]:
    """Return ``{"type": "text", "text"}`` or ``{"type": "chat", "messages"}``, and the pieces that
    its text, or that of each message, was put together from.

    ``included`` maps the digests of included prompts to their specs. Raises TooMuch beyond one
    megabyte or eight levels of includes, KeyError for an include that is not there.
    """
    texts = {name: as_text(value) for name, value in values.items()}
    done: dict[str, str] = {}
    pieces = [
        _render(text, spec, texts, included=included, done=done, depth=0) for text in texts_of(spec)
    ]
    parts = ["".join(piece.text for piece in each) for each in pieces]
    if sum(map(len, parts)) > MAX_RENDERED:
        raise TooMuch(f"the rendered prompt is over {MAX_RENDERED} characters")
    if spec["type"] == "text":
        return {"type": "text", "text": parts[0]}, pieces
    messages = [
        {"role": message["role"], "content": content}
        for message, content in zip(spec["messages"], parts, strict=True)
    ]
    return {"type": "chat", "messages": messages}, pieces


def _render(
    text: str,
    spec: Mapping[str, Any],
    texts: Mapping[str, str],
    *,
    included: Mapping[str, Mapping[str, Any]],
    done: dict[str, str],
    depth: int,
) -> list[Piece]:
    if depth > MAX_DEPTH:
        raise TooMuch(f"prompts are included more than {MAX_DEPTH} levels deep")
    pieces, size, end = [], 0, 0
    for match in TOKEN.finditer(text):
        mark, name = match.groups()
        if mark:
            digest = spec["includes"][name]["digest"]
            if digest not in done:
                inner = included[digest]
                filled_in = _render(
                    inner["template"], inner, texts, included=included, done=done, depth=depth + 1
                )
                done[digest] = "".join(piece.text for piece in filled_in)
            filling = Piece(done[digest], "include", name)
        else:
            filling = Piece(texts[name], "variable", name)
        pieces += [Piece(text[end : match.start()]), filling]
        end = match.end()
        size += len(pieces[-1].text) + len(pieces[-2].text)
        if size > MAX_RENDERED:
            raise TooMuch(f"the rendered prompt is over {MAX_RENDERED} characters")
    return [*pieces, Piece(text[end:])]


def as_text(value: Any) -> str:
    """Return how a value stands in a prompt: strings as they are, the rest as canonical JSON."""
    if value is None:
        return ""
    return value if isinstance(value, str) else canonical_bytes(value).decode()


def _one_of(value: Any, choices: list[Any]) -> bool:
    # 1 and true are equal to Python, but not to JSON.
    return any(
        value == each and isinstance(value, bool) == isinstance(each, bool) for each in choices
    )


def _shown(choices: list[Any]) -> str:
    return ", ".join(canonical_bytes(each).decode()[:80] for each in choices[:20])
