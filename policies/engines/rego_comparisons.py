"""Comparisons and orderings whose sides are not shown to be of one type.

OPA orders values of different types; regopy answers otherwise, without an error. So both sides
of ``<``, ``<=``, ``>`` and ``>=`` must be numbers, or strings, by what stands in the same body:
literals, arithmetic, `count`, or a positive guard. What `sort`, `min` and `max` order must be
strings: regopy orders numbers by their digits, so that 9 is more than 10. What `sum` and `product`
take must be numbers: of anything else regopy answers false, where OPA answers with an error.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from policies.engines.rego_literals import literals
from policies.engines.rego_rules import Group, Node, Rule, first_token, is_name, is_operator
from policies.engines.rego_tokens import Token, TokenKind

_ORDER = ("<", "<=", ">", ">=")
_GUARDS = {"is_number": "number", "is_string": "string"}
_RESULTS = {"count": "number", "concat": "string", "json.marshal": "string"}
_COMPARED = "comparing across types differs between engines: write is_number(…) or is_string(…) of"
_ORDERED = (
    "orders all but strings unlike other engines, numbers by their digits: give it "
    "[x | …; is_string(x)], and compare numbers one by one"
)
_ADDED = "answers for all but numbers unlike other engines: give it [x | …; is_number(x)]"
_TAKES = {
    **dict.fromkeys(("sort", "min", "max"), ("strings", _ORDERED)),
    **dict.fromkeys(("sum", "product"), ("numbers", _ADDED)),
}
_SET = "concat over a set follows an order that is the engine's own: give it an array"

Facts = Mapping[tuple[str, ...], str]


def comparison_problems(rules: Sequence[Rule]) -> Iterator[tuple[Token, str]]:
    """Every comparison or ordering of the rules that is not shown to stay within one type."""
    reader = _Reader(rules)
    for rule in rules:
        for clause in rule.clauses:
            arguments = _names(rule.arguments.items) if rule.arguments else set()
            facts = reader.facts_of(clause.body, {}, arguments)
            for literal in literals(clause.body):
                yield from reader.problems(literal, facts)
            yield from reader.problems(clause.head, facts)


class _Reader:
    def __init__(self, rules: Sequence[Rule]) -> None:
        self.sets = {rule.name for rule in rules if rule.is_partial}
        self.rules = {rule.name for rule in rules if rule.arguments is None} - self.sets
        self.definitions = rules

    def facts_of(self, body: Sequence[Node], outer: Facts, declared: set[str]) -> Facts:
        """What the positive literals of a body show, and what holds around it."""
        declared = declared | _declared(body)
        # A local that hides a rule or an outer name is another value: "" shows nothing of it.
        facts = {text: kind for text, kind in outer.items() if not declared & set(text)}
        facts |= {(name,): "" for name in declared if (name,) not in facts}
        for literal in literals(body):
            if len(literal) == 2 and isinstance(literal[1], Group):
                kind = _GUARDS.get(first_token(literal[0]).text)
                text = _text(literal[1].items)
                if kind and literal[1].bracket == "(" and not {"_", "|", ":="} & set(text):
                    facts[text] = kind
        for literal in literals(body):
            if len(literal) > 2 and is_operator(literal[1], ":="):
                kind = self.kind(literal[2:], facts)
                if kind and not facts.get(_text(literal[:1])):
                    facts[_text(literal[:1])] = kind
        return facts

    def kind(self, nodes: Sequence[Node], facts: Facts, seen: frozenset[str] = frozenset()) -> str:
        """``number``, ``string``, ``numbers``, ``strings``, or nothing that is shown."""
        known = facts.get(_text(nodes))
        if known is not None or not nodes:
            return known or ""
        last = nodes[-1]
        if len(nodes) == 1:
            return self.kind_of_one(last, facts, seen)
        if isinstance(last, Group) and last.bracket == "(":
            name = "".join(_text(nodes[:-1]))
            if name in _RESULTS:
                return _RESULTS[name]
        parts = list(_split(nodes, "+", "-", "*", "/", "%"))
        if len(parts) > 1:
            parts = parts if parts[0] else parts[1:]
            if all(self.kind(part, facts, seen) == "number" for part in parts):
                return "number"
        return ""

    def kind_of_one(self, node: Node, facts: Facts, seen: frozenset[str]) -> str:
        if isinstance(node, Group):
            if node.bracket == "(":
                return self.kind(node.items, facts, seen)
            return self.kind_of_members(node, facts, seen)
        if node.kind in {TokenKind.NUMBER, TokenKind.STRING}:
            return str(node.kind)
        return self.kind_of_rule(node.text, seen) if node.text in self.rules else ""

    def kind_of_members(self, group: Group, facts: Facts, seen: frozenset[str]) -> str:
        head, *body = _split(group.items, "|", once=True)
        if body:
            facts = self.facts_of(body[0], facts, set())
            member = self.kind(head, facts, seen)
            return f"{member}s" if member in {"number", "string"} else ""
        kinds = {self.kind(part, facts, seen) for part in _split(group.items, ",") if part}
        member = kinds.pop() if len(kinds) == 1 else ""
        return f"{member}s" if member in {"number", "string"} else ""

    def kind_of_rule(self, name: str, seen: frozenset[str]) -> str:
        if name in seen:
            return ""
        kinds = {
            self.kind(clause.head, self.facts_of(clause.body, {}, set()), seen | {name})
            for rule in self.definitions
            if rule.name == name
            for clause in rule.clauses
        }
        return kinds.pop() if len(kinds) == 1 else ""

    def problems(self, nodes: Sequence[Node], facts: Facts) -> Iterator[tuple[Token, str]]:
        for index, node in enumerate(nodes):
            if isinstance(node, Group):
                yield from self.group_problems(node, nodes[:index], facts)
            elif is_operator(node, *_ORDER):
                left, right = _left(nodes[:index]), _right(nodes[index + 1 :])
                kinds = {self.kind(left, facts), self.kind(right, facts)}
                if kinds not in ({"number"}, {"string"}):
                    sides = (left, right)
                    unshown = [
                        " ".join(_text(side)) for side in sides if not self.kind(side, facts)
                    ]
                    yield node, f"{_COMPARED} {' and '.join(unshown) or 'both sides'} first"

    def group_problems(
        self, group: Group, before: Sequence[Node], facts: Facts
    ) -> Iterator[tuple[Token, str]]:
        name = first_token(before[-1]).text if before else ""
        wanted, reason = _TAKES.get(name, ("", "")) if group.bracket == "(" else ("", "")
        if wanted and self.kind(group.items, facts) != wanted:
            yield group.opening, f"{name} {reason}"
        if group.bracket == "(" and name == "concat" and self.takes_set(group):
            yield group.opening, _SET
        head, *body = _split(group.items, "|", once=True)
        is_every = group.bracket == "{" and any(is_name(node, "every") for node in before)
        if group.bracket == "(" or (not body and not is_every):
            yield from self.problems(group.items, facts)
            return
        inner = body[0] if body else group.items
        members = _declared(before) if is_every else set()
        facts = self.facts_of(inner, facts, members)
        for literal in literals(inner):
            yield from self.problems(literal, facts)
        if body:
            yield from self.problems(head, facts)

    def takes_set(self, group: Group) -> bool:
        joined = list(_split(group.items, ","))[-1]
        last = joined[-1] if joined else None
        if isinstance(last, Group) and len(joined) == 1:
            return last.bracket == "{"
        return isinstance(last, Token) and last.text in self.sets


def _left(nodes: Sequence[Node]) -> Sequence[Node]:
    for index in range(len(nodes) - 1, -1, -1):
        if is_operator(nodes[index], ",", ":", ":=") or is_name(nodes[index], "not"):
            return nodes[index + 1 :]
    return nodes


def _right(nodes: Sequence[Node]) -> Sequence[Node]:
    for index, node in enumerate(nodes):
        if is_operator(node, ",", ":"):
            return nodes[:index]
    return nodes


def _split(nodes: Sequence[Node], *marks: str, once: bool = False) -> Iterator[Sequence[Node]]:
    start = 0
    for index, node in enumerate(nodes):
        if is_operator(node, *marks):
            yield nodes[start:index]
            start = index + 1
            if once:
                break
    yield nodes[start:]


def _text(nodes: Sequence[Node]) -> tuple[str, ...]:
    texts: list[str] = []
    for node in nodes:
        if isinstance(node, Token):
            texts.append(node.text)
        else:
            texts += [node.opening.text, *_text(node.items), node.closing.text]
    return tuple(texts)


def _names(nodes: Sequence[Node]) -> set[str]:
    return {text for text in _text(nodes) if text[0].isalpha() or text[0] == "_"}


def _declared(body: Sequence[Node]) -> set[str]:
    names: set[str] = set()
    for literal in literals(body):
        for index, node in enumerate(literal):
            if is_name(node, "in") and _names(literal[:1]) & {"some", "every"}:
                names |= _names(literal[:index]) - {"some", "every"}
                break
            if is_operator(node, ":="):
                names |= _names(literal[:index])
                break
    return names
