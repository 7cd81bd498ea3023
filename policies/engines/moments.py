"""Whether a policy can tell the time, or when it was observed, from its text alone."""

from __future__ import annotations

import functools
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


@functools.lru_cache(maxsize=2_000)
def reads_observed_at(module: Module) -> bool:
    """Whether the answer may depend on when the configuration was observed.

    False only when every mention of `input` goes on with a literal field, and every
    ``input.resource`` with one that is not ``observed_at``.
    """
    tokens = tokenize(module.source)
    return any(
        token.kind is TokenKind.NAME
        and token.text == "input"
        and _may_reach_observed_at(tokens[index + 1 : index + 5])
        for index, token in enumerate(tokens)
    )


def _may_reach_observed_at(following: tuple[Token, ...]) -> bool:
    texts = [token.text for token in following]
    match texts:
        case [".", "resource", ".", field] if following[3].kind is TokenKind.NAME:
            return field == "observed_at"
        case [".", "resource", *_]:
            return True
        case [".", _, *_] if following[1].kind is TokenKind.NAME:
            return False
    return True
