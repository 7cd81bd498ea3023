"""Small policies for tests of engines: only the rules, the rest is always the same."""

from __future__ import annotations

import json

from policies.engines.base import Bundle, Engine, Module, Outcome

# Of questions that are to be answered, however busy the machine is.
DEADLINE = 60.0
PASSES = 'verdict := {"state": "pass", "findings": []} if input.x == 1'


def module(body: str = PASSES, *, package: str = "p") -> Module:
    """A module of the package with the rules in `body`, without METADATA."""
    return Module(f"{package.replace('.', '/')}.rego", f"package {package}\n\n{body}\n")


def bundle(*bodies: str) -> Bundle:
    """A bundle of packages p0, p1, … with these rules."""
    return Bundle(tuple(module(body, package=f"p{n}") for n, body in enumerate(bodies)))


def ask(engine: Engine, body: str, document: object = None) -> Outcome:
    """The outcome of one policy with these rules for one document, by default an empty one."""
    return ask_text(engine, body, json.dumps({} if document is None else document))


def ask_text(engine: Engine, body: str, text: str) -> Outcome:
    """As `ask`, for the text of a document."""
    asked = Bundle((module(body),))
    return engine.evaluate(asked, packages=["p"], input_json=text, deadline=DEADLINE)["p"]
