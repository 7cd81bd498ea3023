"""Small policies for tests of engines: only the rules, the rest is always the same."""

from __future__ import annotations

from policies.engines.base import Bundle, Module

DEADLINE = 10.0
PASSES = 'verdict := {"state": "pass", "findings": []} if input.x == 1'


def module(body: str = PASSES, *, package: str = "p") -> Module:
    """A module of the package with the rules in `body`, without METADATA."""
    return Module(f"{package.replace('.', '/')}.rego", f"package {package}\n\n{body}\n")


def bundle(*bodies: str) -> Bundle:
    """A bundle of packages p0, p1, … with these rules."""
    return Bundle(tuple(module(body, package=f"p{n}") for n, body in enumerate(bodies)))
