"""From what a `verdict` rule returned to an `Outcome`: the contract, checked strictly.

The contract: ``{"state": "pass|fail|unknown|not_applicable", "findings": [{"msg", "path"}]}``.
Undefined and every other shape are errors. A lenient reading would let a policy with a typing
mistake pass.
"""

from __future__ import annotations

from policies.engines.base import Finding, Outcome, State

MAX_FINDINGS = 1_000
MAX_TEXT = 4_000
_STATES = {state.value: state for state in State if state is not State.ERROR}


def outcome_of(value: object) -> Outcome:
    """The outcome for the value of a defined `verdict`."""
    if not isinstance(value, dict):
        return failed(f"verdict must be an object, not {_kind_of(value)}")
    if set(value) != {"state", "findings"}:
        return failed(f"verdict must have exactly the keys state and findings, not {_keys(value)}")
    state = value["state"]
    if not isinstance(state, str) or state not in _STATES:
        return failed(f"state must be one of {', '.join(_STATES)}")
    findings = _findings_of(value["findings"])
    if isinstance(findings, str):
        return failed(findings)
    if state == State.FAIL and not findings:
        return failed("a verdict that fails must say why in at least one finding")
    return Outcome(_STATES[state], findings)


def undefined() -> Outcome:
    """The outcome for a `verdict` that is undefined for the document."""
    return failed("verdict is undefined for this document")


def failed(reason: str) -> Outcome:
    """An outcome in state error; what no database could hold of `reason` is escaped."""
    clean = reason[:MAX_TEXT].replace("\0", "\\0").encode(errors="backslashreplace").decode()
    return Outcome(State.ERROR, error=clean[:MAX_TEXT])


def stamped(outcome: Outcome, *, engine: str, version: str, duration_us: int) -> Outcome:
    """The outcome with who gave it and how long it took."""
    return Outcome(outcome.state, outcome.findings, outcome.error, duration_us, engine, version)


def _findings_of(entries: object) -> tuple[Finding, ...] | str:
    """The findings, sorted, or what is wrong with them."""
    if not isinstance(entries, list):
        return f"findings must be an array, not {_kind_of(entries)}"
    if len(entries) > MAX_FINDINGS:
        return f"{len(entries)} findings, at most {MAX_FINDINGS} are taken"
    read: list[Finding] = []
    for number, entry in enumerate(entries):
        finding = _finding_of(entry)
        if isinstance(finding, str):
            return f"findings[{number}] {finding}"
        read.append(finding)
    return tuple(sorted(read))


def _finding_of(entry: object) -> Finding | str:
    if not isinstance(entry, dict) or set(entry) != {"msg", "path"}:
        return "must be an object with exactly the keys msg and path"
    msg, path = entry["msg"], entry["path"]
    if not isinstance(msg, str) or not isinstance(path, str):
        return "must have text as msg and path"
    if not msg.strip():
        return "has an empty msg"
    if len(msg) > MAX_TEXT or len(path) > MAX_TEXT:
        return f"is longer than {MAX_TEXT} characters"
    if not (_is_storable(msg) and _is_storable(path)):
        return "contains a NUL character or half of a surrogate pair"
    return Finding(path, msg)


def _is_storable(text: str) -> bool:
    """Whether every database and every reader of JSON can hold the text."""
    if "\0" in text:
        return False
    return text.isascii() or not any("\ud800" <= each <= "\udfff" for each in text)


def _keys(value: dict[object, object]) -> str:
    return ", ".join(sorted(str(key)[:40] for key in value)[:8]) or "none"


def _kind_of(value: object) -> str:
    names = {bool: "a boolean", str: "a string", list: "an array", dict: "an object"}
    return names.get(type(value), "null" if value is None else "a number")
