"""Who declares which local name, where it may be used, and what is called.

Rego lets a body mention a variable that nothing binds: OPA refuses that, regopy answers
undefined, and under `not` the misspelt name turns into true. Here a local name exists only where
``:=``, ``some … in``, ``every … in`` or a function's parameter list declares it, and only below
that place; every other name must be `input` or a rule of the same module.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from policies.engines.rego_literals import is_field, is_wildcard_index, literals, opens_call
from policies.engines.rego_rules import (
    Clause,
    Group,
    Node,
    Rule,
    first_token,
    is_name,
    is_operator,
    last_token,
)
from policies.engines.rego_tokens import Token, TokenKind

KEYWORDS = frozenset({"not", "in", "some", "every", "true", "false", "null"})
_NEGATION = "under not, calls and in take locals and literals alone: negate a rule of your own"
_MISPLACED = frozenset({"if", "else", "default", "import", "package", "as", "with", "contains"})


@dataclass(frozen=True, slots=True)
class Call:
    """``name(…)`` with a dotted name; `arguments` is what stands between the parentheses."""

    name: str
    where: Token
    arguments: Group

    @property
    def arity(self) -> int:
        items = self.arguments.items
        if items and is_operator(items[-1], ","):
            items = items[:-1]
        return sum(is_operator(node, ",") for node in items) + 1 if items else 0


@dataclass(slots=True)
class Usage:
    """What one rule mentions: calls, names that are no locals, and what is wrong locally."""

    calls: list[Call] = field(default_factory=list)
    names: list[Token] = field(default_factory=list)
    problems: list[tuple[Token, str]] = field(default_factory=list)


@dataclass(slots=True)
class _Scope:
    parent: _Scope | None = None
    declared: dict[str, tuple[Token, int]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def owner(self, name: str) -> _Scope | None:
        if name in self.declared:
            return self
        return self.parent.owner(name) if self.parent else None


def usage_of(rule: Rule) -> Usage:
    """Resolve every name of a rule."""
    reader = _Reader()
    for clause in rule.clauses:
        reader.read_clause(clause, arguments=rule.arguments)
    return reader.usage


class _Reader:
    def __init__(self) -> None:
        self.usage = Usage()

    def read_clause(self, clause: Clause, *, arguments: Group | None) -> None:
        scope = _Scope()
        if arguments is not None:
            for name in self._pattern(arguments.items):
                self._declare(scope, name, active_from=0)
        self._read_body(clause.body, scope)
        self._read_nodes(clause.head, scope, exempt=True)
        self._require_all_used(scope)

    def _read_body(self, nodes: Sequence[Node], scope: _Scope) -> None:
        for literal in literals(nodes):
            self._read_literal(literal, scope)

    def _read_literal(self, literal: Sequence[Node], scope: _Scope) -> None:
        end = last_token(literal[-1]).end
        position = 1 if is_name(literal[0], "not") else 0
        if position:
            self._require_plain_negation(literal[1:], scope)
        first = literal[position] if position < len(literal) else None
        if is_name(first, "some"):
            rest = self._declare_members(literal[position + 1 :], scope, active_from=end)
            self._read_nodes(rest, scope)
        elif is_name(first, "every"):
            self._read_every(literal[position + 1 :], scope)
        elif position + 1 < len(literal) and is_operator(literal[position + 1], ":="):
            target = literal[position]
            for name in self._pattern((target,)):
                self._declare(scope, name, active_from=end)
            self._read_nodes(literal[position + 2 :], scope)
        else:
            self._read_nodes(literal[position:], scope)

    def _require_plain_negation(self, nodes: Sequence[Node], scope: _Scope) -> None:
        """Refuse what engines negate differently.

        Where an argument of a call, or a side of `in`, is undefined, OPA gives up the whole body
        while regopy finds the negation true. A local is always defined, and so is a literal.
        """
        is_membership = any(is_name(node, "in") for node in nodes)
        for index, node in enumerate(nodes):
            before = nodes[index - 1] if index else None
            is_call = (
                isinstance(node, Group)
                and node.bracket == "("
                and before is not None
                and last_token(before).touches(node.opening)
            )
            if is_call and isinstance(node, Group):
                self._require_plain(node.items, scope)
        if is_membership:
            self._require_plain(nodes, scope)

    def _require_plain(self, nodes: Sequence[Node], scope: _Scope) -> None:
        for index, node in enumerate(nodes):
            before = nodes[index - 1] if index else None
            if isinstance(node, Group):
                touches = before is not None and last_token(before).touches(node.opening)
                if touches and not is_operator(before, ",", "|"):
                    self._problem(node.opening, _NEGATION)
                self._require_plain(node.items, scope)
            elif is_operator(node, "."):
                self._problem(node, _NEGATION)
            elif node.kind is TokenKind.NAME and node.text not in KEYWORDS:
                is_local = scope.owner(node.text) is not None
                if not (is_local or is_field(before, node)):
                    self._problem(node, _NEGATION)

    def _read_every(self, nodes: Sequence[Node], scope: _Scope) -> None:
        inner = _Scope(scope)
        rest = self._declare_members(nodes, inner, active_from=0)
        if not rest or not isinstance(rest[-1], Group) or rest[-1].bracket != "{":
            self._problem(first_token(nodes[0]) if nodes else None, "every needs a body in braces")
            return
        self._read_nodes(rest[:-1], scope)
        self._read_body(rest[-1].items, inner)
        self._require_all_used(inner)

    def _declare_members(
        self, nodes: Sequence[Node], scope: _Scope, *, active_from: int
    ) -> Sequence[Node]:
        """Declare what stands before `in` and return what stands after it."""
        for index, node in enumerate(nodes):
            if is_name(node, "in"):
                for name in self._pattern(nodes[:index]):
                    self._declare(scope, name, active_from=active_from)
                return nodes[index + 1 :]
        where = first_token(nodes[0]) if nodes else None
        self._problem(where, "declare with some … in …; a bare some binds nothing")
        return ()

    def _pattern(self, nodes: Iterable[Node]) -> Iterator[Token]:
        """The names inside a target: one name, a comma list, or arrays of them."""
        for node in nodes:
            if isinstance(node, Group):
                if node.bracket != "[":
                    self._problem(node.opening, "only names and arrays of names can be declared")
                    continue
                yield from self._pattern(node.items)
            elif node.kind is TokenKind.NAME:
                yield node
            elif not is_operator(node, ","):
                self._problem(node, "only names and arrays of names can be declared")

    def _read_nodes(self, nodes: Sequence[Node], scope: _Scope, *, exempt: bool = False) -> None:
        for index, node in enumerate(nodes):
            before = nodes[index - 1] if index else None
            following = nodes[index + 1] if index + 1 < len(nodes) else None
            if isinstance(node, Group):
                self._read_group(node, before, scope, exempt=exempt)
            elif is_operator(node, ":="):
                self._problem(node, "declare a local in a line of its own")
            elif node.kind is TokenKind.NAME and not is_field(before, node):
                if opens_call(nodes, index):
                    self._read_call(nodes, index)
                else:
                    self._read_name(node, following, scope, exempt=exempt)

    def _read_group(
        self, group: Group, before: Node | None, scope: _Scope, *, exempt: bool
    ) -> None:
        bar = next((i for i, node in enumerate(group.items) if is_operator(node, "|")), None)
        if bar is not None and group.bracket != "(":
            inner = _Scope(scope)
            self._refuse_pairs(group.items[bar + 1 :])
            self._read_body(group.items[bar + 1 :], inner)
            self._read_nodes(group.items[:bar], inner, exempt=True)
            self._require_all_used(inner)
        elif not is_wildcard_index(group, before):
            self._read_nodes(group.items, scope, exempt=exempt)

    def _refuse_pairs(self, nodes: Sequence[Node]) -> None:
        """regopy takes the comma of ``some k, v in`` for one of the comprehension."""
        for literal in literals(nodes):
            if is_name(literal[0], "some") and any(is_operator(node, ",") for node in literal):
                where = first_token(literal[0])
                self._problem(where, "in a comprehension some takes one name: use a rule, or keys")

    def _read_call(self, nodes: Sequence[Node], index: int) -> None:
        end = index
        while is_operator(nodes[end + 1], "."):
            end += 2
        arguments = nodes[end + 1]
        assert isinstance(arguments, Group)
        name = "".join(first_token(node).text for node in nodes[index : end + 1])
        self.usage.calls.append(Call(name, first_token(nodes[index]), arguments))

    def _read_name(
        self, token: Token, following: Node | None, scope: _Scope, *, exempt: bool
    ) -> None:
        if token.text in KEYWORDS:
            if token.text in {"some", "every"} or (token.text == "not" and following is None):
                self._problem(token, f"{token.text} is not expected here")
            return
        if token.text in _MISPLACED:
            self._problem(token, f"{token.text} is not expected here")
            return
        if token.text == "_":
            self._problem(token, "_ stands only for an index, as in input.list[_]")
            return
        owner = scope.owner(token.text)
        if owner is None:
            self.usage.names.append(token)
            return
        owner.used.add(token.text)
        _, active_from = owner.declared[token.text]
        if not exempt and token.start < active_from:
            self._problem(token, f"{token.text} is used before it is declared")

    def _declare(self, scope: _Scope, name: Token, *, active_from: int) -> None:
        if name.text == "_":
            return
        if name.text in {"input", "data"} or name.text in KEYWORDS | _MISPLACED:
            self._problem(name, f"{name.text} cannot be the name of a local")
        elif scope.owner(name.text) is not None:
            self._problem(name, f"{name.text} is declared twice")
        else:
            scope.declared[name.text] = (name, active_from)

    def _require_all_used(self, scope: _Scope) -> None:
        for name, (token, _) in scope.declared.items():
            if name not in scope.used:
                self._problem(token, f"{name} is declared and never used")

    def _problem(self, where: Token | None, message: str) -> None:
        self.usage.problems.append((where or Token(TokenKind.NAME, "", 0, 0, 0), message))
