"""What must hold before a policy is stored, whichever engine will evaluate it.

regopy compiles almost anything and answers undefined later; OPA's compiler is the authority
where it can be asked (`policies.engines.opa_cli`). This lint is the part that always runs. It is
conservative: it refuses some Rego that OPA would take, and must refuse what OPA refuses and
regopy lets through (names that nothing binds, unknown functions, Rego v0, recursion).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from policies.engines.base import ENTRYPOINT, CheckProblem, Module
from policies.engines.rego_annotations import annotation_problems
from policies.engines.rego_builtins import ALLOWED, refusal
from policies.engines.rego_comparisons import comparison_problems
from policies.engines.rego_rules import Group, Node, Rule, is_operator, rules_of
from policies.engines.rego_scopes import Call, Usage, usage_of
from policies.engines.rego_tokens import (
    RegoSyntaxError,
    Token,
    TokenKind,
    package_clause,
    tokenize,
)


def check(module: Module) -> list[CheckProblem]:
    """Every problem of the module, in order; an empty list when there is none."""
    try:
        tokens = tokenize(module.source)
        rules = rules_of(tokens)
    except RegoSyntaxError as error:
        return [CheckProblem(module.path, error.line, error.column, error.message)]
    found = [
        CheckProblem(module.path, token.line, token.column, message)
        for token, message in (*_problems(rules), *_escape_problems(tokens))
    ]
    if module.is_reserved:
        line = package_clause(module.source).line
        found.append(CheckProblem(module.path, line, 1, reserved(module)))
    found += [
        CheckProblem(module.path, line, 1, message)
        for line, message in annotation_problems(module.source)
    ]
    return sorted(set(found))


def reserved(module: Module) -> str:
    """Why a package is not taken."""
    return f"the package {module.package.partition('.')[0]} is not for policies: OPA acts on it"


def _problems(rules: Sequence[Rule]) -> Iterator[tuple[Token, str]]:
    arities = {rule.name: _arity(rule) for rule in rules}
    usages = [(rule, usage_of(rule)) for rule in rules]
    yield from _entrypoint_problems(rules)
    for rule, usage in usages:
        yield from usage.problems
        yield from _definition_problems(rule, arities)
        for name in usage.names:
            yield from _name_problems(name, arities)
        for call in usage.calls:
            yield from _call_problems(call, arities)
    yield from _recursion(usages)
    yield from comparison_problems(rules)


def _entrypoint_problems(rules: Sequence[Rule]) -> Iterator[tuple[Token, str]]:
    verdicts = [rule for rule in rules if rule.name == ENTRYPOINT]
    if not any(not rule.is_default for rule in verdicts):
        start = Token(TokenKind.NAME, "", 1, 1, 0)
        yield start, f"a policy needs a rule named {ENTRYPOINT}"
    for rule in verdicts:
        if rule.arguments is not None or rule.is_partial or not rule.clauses[0].head:
            yield rule.where, f"{ENTRYPOINT} must be a rule with a value, as {ENTRYPOINT} := … if …"
        if rule.is_default and not _defaults_soundly(rule.clauses[0].head):
            message = f"the default of {ENTRYPOINT} must state fail or unknown: passing is earned"
            yield rule.where, message


def _defaults_soundly(head: Sequence[Node]) -> bool:
    """Whether the value is an object with one `state`, which is literally fail or unknown."""
    if len(head) != 1 or not isinstance(head[0], Group) or head[0].bracket != "{":
        return False
    nodes = head[0].items
    states = [index for index, node in enumerate(nodes) if _string(node) == "state"]
    if len(states) != 1 or not is_operator(next(iter(nodes[states[0] + 1 :]), None), ":"):
        return False
    value = nodes[states[0] + 2 : states[0] + 4]
    is_alone = len(value) == 1 or (len(value) == 2 and is_operator(value[1], ","))
    return is_alone and _string(value[0]) in {"fail", "unknown"}


def _string(node: Node) -> str | None:
    """What a string literal stands for; none for anything else."""
    if not isinstance(node, Token) or node.kind is not TokenKind.STRING:
        return None
    if node.text.startswith("`"):
        return node.text[1:-1]
    try:
        return str(json.loads(node.text))
    except ValueError:
        return None


def _escape_problems(tokens: Sequence[Token]) -> Iterator[tuple[Token, str]]:
    for token in tokens:
        if token.kind is TokenKind.STRING and re.match(r'"(?:[^\\]|\\[^u])*\\u', token.text):
            yield token, "engines read \\u escapes differently: write the character itself"


def _definition_problems(
    rule: Rule, arities: Mapping[str, int | None]
) -> Iterator[tuple[Token, str]]:
    if rule.name in {"input", "data", "_"}:
        yield rule.where, f"{rule.name} cannot be the name of a rule"
    if arities[rule.name] != _arity(rule):
        yield rule.where, f"{rule.name} is defined with different numbers of arguments"


def _name_problems(token: Token, arities: Mapping[str, int | None]) -> Iterator[tuple[Token, str]]:
    if token.text == "input":
        return
    if token.text == "data":
        yield token, "data is refused: a policy reads its input alone"
    elif token.text not in arities:
        yield token, f"{token.text} is declared nowhere"
    elif arities[token.text] is not None:
        yield token, f"{token.text} is a function and must be called"


def _call_problems(call: Call, arities: Mapping[str, int | None]) -> Iterator[tuple[Token, str]]:
    if call.name in arities:
        wanted = arities[call.name]
        if wanted is None:
            yield call.where, f"{call.name} is no function"
            return
    else:
        reason = refusal(call.name)
        if reason:
            yield call.where, reason
            return
        wanted = ALLOWED[call.name]
    if call.arity != wanted:
        yield call.where, f"{call.name} takes {wanted} arguments, not {call.arity}"


def _recursion(usages: Sequence[tuple[Rule, Usage]]) -> Iterator[tuple[Token, str]]:
    names = {rule.name for rule, _ in usages}
    uses: dict[str, set[str]] = {name: set() for name in names}
    for rule, usage in usages:
        mentioned = {token.text for token in usage.names} | {call.name for call in usage.calls}
        uses[rule.name] |= mentioned & names
    for rule, _ in usages:
        if rule.name in _reachable(rule.name, uses):
            yield rule.where, f"{rule.name} depends on itself"


def _reachable(start: str, uses: Mapping[str, set[str]]) -> set[str]:
    reached: set[str] = set()
    waiting = set(uses[start])
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting |= uses[name]
    return reached


def _arity(rule: Rule) -> int | None:
    """Number of parameters of a function; none for a rule that is no function."""
    if rule.arguments is None:
        return None
    return Call(rule.name, rule.where, rule.arguments).arity
