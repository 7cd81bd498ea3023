"""Rego's inner grammar, as far as the lint needs it: literals, fields, calls, indices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policies.engines.rego_rules import Group, Node, first_token, is_name, is_operator, last_token
from policies.engines.rego_tokens import Token, TokenKind


def literals(nodes: Sequence[Node]) -> Iterator[Sequence[Node]]:
    """Split a body at ``;`` and at line ends that no operator bridges."""
    current: list[Node] = []
    for node in nodes:
        if is_operator(node, ";"):
            if current:
                yield current
            current = []
            continue
        if current and _ends_line(current[-1], node):
            yield current
            current = []
        current.append(node)
    if current:
        yield current


def _ends_line(before: Node, node: Node) -> bool:
    if first_token(node).line == last_token(before).line:
        return False
    bridges = isinstance(before, Token) and (
        before.kind is TokenKind.OPERATOR or before.text in {"in", "not", "some", "every"}
    )
    return not (bridges or (isinstance(node, Token) and node.kind is TokenKind.OPERATOR))


def is_field(before: Node | None, token: Token) -> bool:
    """Whether the name is a field of what stands before it, as `b` in ``a.b``."""
    return is_operator(before, ".") and before is not None and last_token(before).touches(token)


def opens_call(nodes: Sequence[Node], index: int) -> bool:
    """Whether the dotted name at `index` runs straight into a parenthesis."""
    end = index
    while end + 2 < len(nodes) and is_operator(nodes[end + 1], "."):
        following = nodes[end + 2]
        if not isinstance(following, Token) or following.kind is not TokenKind.NAME:
            return False
        end += 2
    if end + 1 >= len(nodes):
        return False
    group = nodes[end + 1]
    return (
        isinstance(group, Group)
        and group.bracket == "("
        and last_token(nodes[end]).touches(group.opening)
    )


def is_wildcard_index(group: Group, before: Node | None) -> bool:
    """Whether the group is the ``[_]`` of a reference."""
    return (
        group.bracket == "["
        and before is not None
        and last_token(before).touches(group.opening)
        and len(group.items) == 1
        and is_name(group.items[0], "_")
    )
