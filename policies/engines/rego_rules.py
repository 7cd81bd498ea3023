"""Rego's outer grammar: tokens to bracket groups, and groups to rules with clauses.

Deliberately narrower than OPA's: rules start in the first column, have plain names, and use the
keywords of Rego v1. Text outside that is refused, never guessed at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from policies.engines.rego_tokens import RegoSyntaxError, Token, TokenKind, package_of

_CLOSES = {"(": ")", "[": "]", "{": "}"}


# Reading is at worst quadratic in the number of tokens, and goes into brackets by recursion.
MAX_TOKENS = 20_000
MAX_NESTING = 64


@dataclass(frozen=True, slots=True)
class Group:
    """Everything between two matching brackets."""

    opening: Token
    closing: Token
    items: tuple[Node, ...]

    @property
    def bracket(self) -> str:
        return self.opening.text


Node: TypeAlias = Token | Group


@dataclass(frozen=True, slots=True)
class Clause:
    """One way for a rule to hold: the terms of its head and the literals of its body."""

    head: tuple[Node, ...]
    body: tuple[Node, ...]
    where: Token


@dataclass(frozen=True, slots=True)
class Rule:
    name: str
    where: Token
    arguments: Group | None
    is_default: bool
    is_partial: bool
    clauses: tuple[Clause, ...] = field(default=())


def rules_of(tokens: Sequence[Token]) -> tuple[Rule, ...]:
    """The rules of a module; raises `RegoSyntaxError`, also for imports other than rego.v1."""
    clause = package_of(tokens)
    if len(tokens) > MAX_TOKENS:
        raise refuse(tokens[MAX_TOKENS], f"a module has at most {MAX_TOKENS} names and signs")
    after = [token for token in tokens if token.start >= clause.end]
    rules: list[Rule] = []
    for statement in _statements(_grouped(after)):
        if is_name(statement[0], "import"):
            _require_v1_import(statement)
        else:
            rules.append(_RuleReader(statement).read())
    return tuple(rules)


def is_name(node: Node | None, text: str) -> bool:
    return isinstance(node, Token) and node.kind is TokenKind.NAME and node.text == text


def is_operator(node: Node | None, *texts: str) -> bool:
    return isinstance(node, Token) and node.kind is TokenKind.OPERATOR and node.text in texts


def first_token(node: Node) -> Token:
    return node.opening if isinstance(node, Group) else node


def last_token(node: Node) -> Token:
    return node.closing if isinstance(node, Group) else node


def refuse(node: Node, message: str) -> RegoSyntaxError:
    token = first_token(node)
    return RegoSyntaxError(message, line=token.line, column=token.column)


def _grouped(tokens: Sequence[Token]) -> tuple[Node, ...]:
    open_groups: list[tuple[Token, list[Node]]] = []
    items: list[Node] = []
    for token in tokens:
        if is_operator(token, *_CLOSES):
            if len(open_groups) == MAX_NESTING:
                raise refuse(token, f"brackets are nested deeper than {MAX_NESTING} levels")
            open_groups.append((token, items))
            items = []
        elif is_operator(token, *_CLOSES.values()):
            if not open_groups or _CLOSES[open_groups[-1][0].text] != token.text:
                raise refuse(token, f"{token.text} closes nothing")
            opening, outer = open_groups.pop()
            outer.append(Group(opening, token, tuple(items)))
            items = outer
        else:
            items.append(token)
    if open_groups:
        opening = open_groups[-1][0]
        raise refuse(opening, f"{opening.text} is never closed")
    return tuple(items)


def _statements(nodes: Sequence[Node]) -> list[list[Node]]:
    statements: list[list[Node]] = []
    for node in nodes:
        starts = (
            isinstance(node, Token)
            and node.kind is TokenKind.NAME
            and node.column == 1
            and node.text != "else"
        )
        if starts:
            statements.append([node])
        elif statements:
            statements[-1].append(node)
        else:
            raise refuse(node, "a rule starts in the first column with its name")
    return statements


def _require_v1_import(statement: Sequence[Node]) -> None:
    if "".join(first_token(node).text for node in statement) != "importrego.v1":
        raise refuse(statement[0], "only rego.v1 may be imported: a policy reads its input alone")


class _RuleReader:
    """Reads ``[default] name[(args)|[key]] [contains term] [:= term] [if body] [else …]``."""

    def __init__(self, statement: Sequence[Node]) -> None:
        self.nodes = list(statement)
        self.position = 0

    def read(self) -> Rule:
        is_default = self._take_name("default")
        where = self._take()
        if not isinstance(where, Token) or where.kind is not TokenKind.NAME:
            raise refuse(where, "a rule starts with its name")
        arguments, keys = self._heading(where)
        is_partial = self._take_name("contains")
        clauses = [self._clause(where, head=keys, starts_with_term=is_partial)]
        while self._take_name("else"):
            clauses.append(self._clause(where, head=(), starts_with_term=False))
        if self._peek() is not None:
            raise refuse(self._take(), "unexpected text after a rule")
        return Rule(where.text, where, arguments, is_default, is_partial, tuple(clauses))

    def _heading(self, name: Token) -> tuple[Group | None, tuple[Node, ...]]:
        following = self._peek()
        if not isinstance(following, Group) or not name.touches(following.opening):
            if is_operator(following, "."):
                raise refuse(name, "the name of a rule is one plain word")
            return None, ()
        if following.bracket == "(":
            self._take()
            return following, ()
        if following.bracket == "[":
            self._take()
            return None, following.items
        return None, ()

    def _clause(self, where: Token, *, head: tuple[Node, ...], starts_with_term: bool) -> Clause:
        terms = list(head)
        if starts_with_term:
            terms += self._term()
        elif is_operator(self._peek(), ":=", "="):
            self._take()
            terms += self._term()
        body: tuple[Node, ...] = ()
        if self._take_name("if"):
            body = self._body()
        following = self._peek()
        if following is not None and not is_name(following, "else"):
            raise refuse(following, "expected if before the body of a rule (Rego v1)")
        return Clause(tuple(terms), body, where)

    def _term(self) -> list[Node]:
        taken: list[Node] = []
        while (node := self._peek()) is not None:
            if is_name(node, "if") or is_name(node, "else"):
                break
            if is_operator(node, ":=", "="):
                raise refuse(node, "a second assignment in the head of a rule")
            if taken and _starts_old_body(taken[-1], node):
                raise refuse(node, "expected if before the body of a rule (Rego v1)")
            taken.append(self._take())
        if not taken:
            raise refuse(self.nodes[self.position - 1], "a value is missing")
        return taken

    def _body(self) -> tuple[Node, ...]:
        node = self._peek()
        if isinstance(node, Group) and node.bracket == "{":
            self._take()
            if not node.items:
                raise refuse(node, "the body of a rule is empty")
            return node.items
        taken: list[Node] = []
        while (node := self._peek()) is not None and not is_name(node, "else"):
            taken.append(self._take())
        if not taken:
            raise refuse(self.nodes[self.position - 1], "the body of a rule is empty")
        return tuple(taken)

    def _peek(self) -> Node | None:
        return self.nodes[self.position] if self.position < len(self.nodes) else None

    def _take(self) -> Node:
        node = self._peek()
        if node is None:
            raise refuse(self.nodes[-1], "the rule ends too early")
        self.position += 1
        return node

    def _take_name(self, text: str) -> bool:
        found = is_name(self._peek(), text)
        if found:
            following = self.nodes[self.position + 1 : self.position + 2]
            is_call = (
                following
                and isinstance(following[0], Group)
                and (
                    following[0].bracket == "("
                    and last_token(self.nodes[self.position]).touches(following[0].opening)
                )
            )
            if is_call:
                return False
            self.position += 1
        return found


def _starts_old_body(before: Node, node: Node) -> bool:
    return (
        isinstance(node, Group)
        and node.bracket == "{"
        and not (isinstance(before, Token) and before.kind is TokenKind.OPERATOR)
    )
