"""Check a policy before it is stored: its METADATA, our lint, the engine's parser, and OPA."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from core.errors import FieldError, InvalidInput
from policies.engines import lint
from policies.engines.base import Bundle, EngineUnavailable, InvalidModule, Module
from policies.engines.metadata import MetadataError, parse_metadata
from policies.engines.moments import reads_now
from policies.engines.opa_cli import OpaCli
from policies.engines.rego_annotations import annotation_problems
from policies.engines.rego_builtins import refusal
from policies.engines.rego_tokens import RegoSyntaxError, TokenKind, tokenize
from policies.services.engine import engine

if TYPE_CHECKING:
    from collections.abc import Iterable

    from policies.engines.base import CheckProblem
    from policies.engines.metadata import Metadata

MAX_PROBLEMS = 50
# What reaches out of a test run: OPA would run it with the rights of this service.
REACHING = ("http.send", "net.lookup_ip_addr", "opa.runtime")


@dataclass(frozen=True)
class CheckedPolicy:
    """A text that may be stored. ``checked_by`` names the OPA that compiled it strictly and
    passed its tests; None where no OPA is at hand or there are no tests."""

    module: Module
    metadata: dict[str, Any]
    reads_now: bool
    checked_by: str | None


def checked_policy(name: str, *, source: str, tests: str) -> CheckedPolicy:
    """Return the policy with what its checks found; raises InvalidInput with lines and columns.

    Runs the engine and OPA: call it outside of any transaction.
    """
    module = _module(f"{name}.rego", source, field="source")
    _raise_problems(lint.check(module), field="source")
    try:
        metadata = parse_metadata(module)
    except MetadataError as error:
        raise InvalidInput.of("source", f"METADATA, {error}") from error
    try:
        report = engine().check(Bundle((module,)))
    except EngineUnavailable:
        pass  # OPA's command line may be there; without either the lint has the last word
    else:
        _raise_problems(report.problems, field="source")
    test_module = _test_module(name, tests) if tests else None
    return CheckedPolicy(
        module=module,
        metadata=metadata_as_json(metadata),
        reads_now=reads_now(module),
        checked_by=opa_check(module, tests=test_module),
    )


def opa_check(module: Module, *, tests: Module | None) -> str | None:
    """Return which OPA compiled the policy strictly and passed its tests; None without OPA or
    without tests. Raises InvalidInput when OPA finds something wrong."""
    try:
        opa = OpaCli()
    except EngineUnavailable:
        return None
    bundle = Bundle((module,))
    try:
        report = opa.check(bundle, tests=[tests] if tests else [])
        _raise_problems(report.problems, field="source")
        if tests is None:
            return None
        suite = opa.test(bundle, tests=[tests])
    except EngineUnavailable as error:
        raise InvalidInput.of("source", f"OPA could not check it: {error}") from error
    if suite.failures:
        raise InvalidInput(
            f"tests: {len(suite.failures)} of the policy's own tests failed in OPA",
            errors=[FieldError("tests", f"{name} failed") for name in suite.failures],
        )
    if not suite.ok:
        raise InvalidInput.of("tests", "hold no test: OPA runs rules whose names start with test_")
    return suite.checked_by


def require_lint(module: Module) -> None:
    """Raise InvalidInput for what the lint of today refuses, in a text that was stored earlier."""
    _raise_problems(lint.check(module), field="source")


def test_module_of(name: str, tests: str) -> Module | None:
    """Return stored tests as OPA takes them; None when there are none."""
    return _test_module(name, tests) if tests else None


def _test_module(name: str, tests: str) -> Module:
    module = _module(f"{name}_test.rego", tests, field="tests")
    try:
        tokens = tokenize(tests)
    except RegoSyntaxError as error:
        raise InvalidInput.of("tests", f"line {error.line}: {error.message}") from error
    if module.is_reserved:
        raise InvalidInput.of("tests", lint.reserved(module))
    for line, reason in annotation_problems(tests):
        raise InvalidInput.of("tests", f"line {line}: {reason}")
    for token, following in pairwise(tokens):
        if token.kind is TokenKind.NAME and following.text in {".", "["}:
            for reaching in REACHING:
                if token.text == reaching.partition(".")[0]:
                    reason = f"line {token.line}: {refusal(reaching)}"
                    raise InvalidInput.of("tests", reason)
    return module


def _module(path: str, source: str, *, field: str) -> Module:
    try:
        module = Module(path, source)
        assert module.package  # reading it raises for a package clause that is unusable
    except InvalidModule as error:
        raise InvalidInput.of(field, str(error).removeprefix(f"{path}: ")) from error
    return module


def _raise_problems(problems: Iterable[CheckProblem], *, field: str) -> None:
    found = list(problems)
    if not found:
        return
    errors = [
        FieldError(
            "tests" if each.path.endswith("_test.rego") else field,
            f"line {each.line}, column {each.column}: {each.message}",
        )
        for each in found[:MAX_PROBLEMS]
    ]
    raise InvalidInput(
        f"The policy does not compile: {errors[0].field}, {errors[0].reason}", errors=errors
    )


def metadata_as_json(metadata: Metadata) -> dict[str, Any]:
    """Return the METADATA with lists for tuples and text for severities, as JSON holds them."""
    return {
        "title": metadata.title,
        "description": metadata.description,
        "severity": metadata.severity.value,
        "controls": list(metadata.controls),
        "remediation": metadata.remediation,
        "input_kinds": list(metadata.input_kinds),
        "parameters": dict(metadata.parameters),
        "related_resources": [asdict(each) for each in metadata.related_resources],
        "parameter_schemas": {
            name: dict(schema) for name, schema in metadata.parameter_schemas.items()
        },
        "reads": list(metadata.reads),
        "modify": [dict(each) for each in metadata.modify],
    }
