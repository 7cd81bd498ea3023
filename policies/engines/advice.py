"""What the lint asks for and does not insist on: where engines differ on rare input only.

A problem (`policies.engines.lint`) keeps a policy from being stored; advice is shown beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policies.engines.base import CheckProblem, Module
from policies.engines.rego_rules import Group, Node, Rule, rules_of
from policies.engines.rego_scopes import usage_of
from policies.engines.rego_tokens import RegoSyntaxError, Token, TokenKind, tokenize

# Text that one of these matches has no character whose case engines see differently.
_GUARDS = frozenset({"^[ -~]*$", "^[ -~]+$", "^[\\t-~]*$", "^[\\t-~]+$", "[^ -~]"})
_CASE = (
    "{name} changes ASCII letters alone in regopy, and in OPA others too (some become ASCII): "
    "guard it with regex.match(`^[ -~]*$`, …) in the same rule"
)
_LETTERS = (
    "{name} counts the escape of a quote, a backslash or a line break as two characters in "
    "regopy and as one in OPA"
)
_SPLIT = (
    "split of a text with a quote, a backslash or a line break is an error in regopy: use it for "
    "identifiers, not for prose"
)
_FOLDING = frozenset({"lower", "upper"})
_COUNTING = frozenset({"substring", "indexof", "indexof_n"})


def advice(module: Module) -> list[CheckProblem]:
    """Return what should be guarded, in order; nothing for a module that cannot be read."""
    try:
        rules = rules_of(tokenize(module.source))
    except RegoSyntaxError:
        return []
    found = {
        CheckProblem(module.path, token.line, token.column, message)
        for token, message in _advice(rules)
    }
    return sorted(found)


def _advice(rules: Sequence[Rule]) -> Iterator[tuple[Token, str]]:
    guards = {rule.name for rule in rules if _has_guard(rule)}
    for rule in rules:
        calls = usage_of(rule).calls
        is_guarded = rule.name in guards or any(call.name in guards for call in calls)
        for call in calls:
            if call.name in _FOLDING and not is_guarded:
                yield call.where, _CASE.format(name=call.name)
            elif call.name == "split":
                yield call.where, _SPLIT
            elif call.name in _COUNTING:
                yield call.where, _LETTERS.format(name=call.name)


def _has_guard(rule: Rule) -> bool:
    nodes = (node for clause in rule.clauses for node in (*clause.head, *clause.body))
    return any(text in _GUARDS for text in _strings(nodes))


def _strings(nodes: Iterator[Node] | Sequence[Node]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, Group):
            yield from _strings(node.items)
        elif node.kind is TokenKind.STRING:
            yield node.text[1:-1]
