"""Whether a policy can tell the time, from its text alone."""

from __future__ import annotations

import re

from policies.engines.base import Module
from policies.engines.rego_tokens import Token, TokenKind, tokenize

_PLAIN = re.compile(r'"[a-zA-Z_]+"')


def reads_now(module: Module) -> bool:
    """Whether the answer may depend on ``input.now``.

    False only when every mention of `input` goes on with a literal field other than ``now``: a
    policy that takes the input as a whole, or a field by a computed name, may read anything.
    """
    tokens = tokenize(module.source)
    return any(
        token.kind is TokenKind.NAME
        and token.text == "input"
        and _may_reach_now(tokens[index + 1 : index + 4])
        for index, token in enumerate(tokens)
    )


def _may_reach_now(following: tuple[Token, ...]) -> bool:
    texts = [token.text for token in following]
    match texts:
        case [".", field, *_] if following[1].kind is TokenKind.NAME:
            return field == "now"
        case ["[", field, "]"] if _PLAIN.fullmatch(field):
            return field == '"now"'
    return True
