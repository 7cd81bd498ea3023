"""Rego's lexical grammar: source text to tokens with lines and columns.

Source: the grammar in the OPA policy reference (comments, identifiers, numbers, interpreted and
raw strings, template strings ``$"…{expression}…"``, operators).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum


class RegoSyntaxError(Exception):
    """Text that is no Rego. `line` and `column` count from 1."""

    def __init__(self, message: str, *, line: int, column: int) -> None:
        super().__init__(f"{line}:{column}: {message}")
        self.message = message
        self.line = line
        self.column = column


class TokenKind(StrEnum):
    NAME = "name"
    NUMBER = "number"
    STRING = "string"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Token:
    kind: TokenKind
    text: str
    line: int
    column: int
    start: int
    """Offset of the first character in the source."""

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    def touches(self, following: Token) -> bool:
        """Whether nothing, not even a space, is between this token and the next."""
        return self.end == following.start


@dataclass(frozen=True, slots=True)
class PackageClause:
    """``package a.b.c``: its path, and where the path stands in the source."""

    path: str
    start: int
    end: int
    line: int


_TOKEN = re.compile(
    r"""
      (?P<space>[ \t\r\n]+ | \#[^\n]*)
    | (?P<string>"(?:[^"\\\n]|\\.)*" | `[^`]*`)
    | (?P<template>\$["`])
    | (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
    | (?P<name>[a-zA-Z_][a-zA-Z0-9_]*)
    | (?P<operator>:=|==|!=|<=|>=|[-+*/%&|<>=.,:;(){}\[\]])
    """,
    re.VERBOSE | re.ASCII,
)


def tokenize(source: str) -> tuple[Token, ...]:
    """Every token of the source, without comments and white space; see `scan` for errors."""
    return tuple(scan(source))


def package_clause(source: str) -> PackageClause:
    """The package clause, whatever follows it; raises `RegoSyntaxError`."""
    leading: list[Token] = []
    for token in scan(source):
        leading.append(token)
        if token.line > leading[0].line:
            break
    return package_of(leading)


def scan(source: str) -> Iterator[Token]:
    """The tokens one by one.

    Raises `RegoSyntaxError` at the first character that no rule takes. Template strings are
    refused: one that interpolates is code inside a literal, which readers and our own lint
    would both overlook; `concat` says the same in the open.
    """
    position, line, line_start = 0, 1, 0
    while position < len(source):
        found = _TOKEN.match(source, position)
        column = position - line_start + 1
        if found is None:
            raise RegoSyntaxError(
                f"unexpected character {source[position]!r}", line=line, column=column
            )
        kind, text = str(found.lastgroup), found.group()
        if kind == "template":
            raise RegoSyntaxError(
                "template strings are not taken here, use concat", line=line, column=column
            )
        if kind != "space":
            yield Token(TokenKind(kind), text, line, column, position)
        newlines = text.count("\n")
        if newlines:
            line += newlines
            line_start = position + text.rfind("\n") + 1
        position = found.end()


def package_of(tokens: Sequence[Token]) -> PackageClause:
    """The package clause, which must be the first statement; raises `RegoSyntaxError`."""
    if len(tokens) < 2 or tokens[0].text != "package" or tokens[1].kind is not TokenKind.NAME:
        where = tokens[0] if tokens else Token(TokenKind.NAME, "", 1, 1, 0)
        raise RegoSyntaxError(
            "a module starts with its package", line=where.line, column=where.column
        )
    last = 1
    while last + 2 < len(tokens) and tokens[last + 1].text == ".":
        if tokens[last + 2].kind is not TokenKind.NAME or tokens[last + 2].line != tokens[0].line:
            break
        last += 2
    following = tokens[last + 1] if last + 1 < len(tokens) else None
    if following is not None and following.line == tokens[last].line:
        raise RegoSyntaxError(
            "a package is plain names joined by dots, alone on its line",
            line=following.line,
            column=following.column,
        )
    path = "".join(token.text for token in tokens[1 : last + 1])
    return PackageClause(path, tokens[1].start, tokens[last].end, tokens[0].line)
