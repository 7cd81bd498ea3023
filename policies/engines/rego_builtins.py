"""The built-in functions that a policy may call, and why the others are refused.

A policy must answer the same in every engine, today and when a decision is replayed. So the
table holds what OPA and regopy both implement, gives equal answers in both, reads no clock, no
network and no environment. Source: OPA's capabilities document and facts measured with both
engines; `tests/policies/engines` compares the table with the engines installed.
"""

from __future__ import annotations

_BY_ARITY = {
    1: """
        abs array.flatten array.reverse bits.negate ceil count floor glob.quote_meta intersection
        is_array is_boolean is_null is_number is_object is_set is_string json.is_valid
        json.marshal json.unmarshal lower max min object.keys object.union_n product round
        semver.is_valid sort sum time.clock time.date time.parse_duration_ns time.weekday
        to_number type_name union units.parse units.parse_bytes upper uri.is_valid uri.parse walk
        yaml.is_valid
    """,
    2: """
        array.concat bits.and bits.or bits.xor concat contains endswith graph.reachable indexof
        indexof_n numbers.range object.filter object.remove object.union regex.match regex.split
        semver.compare split startswith strings.any_prefix_match strings.any_suffix_match
        strings.count strings.replace_n trim trim_left trim_prefix trim_right trim_suffix
    """,
    3: """
        array.slice glob.match numbers.range_step object.get
        replace substring
    """,
    4: "regex.template_match time.add_date",
}

ALLOWED: dict[str, int] = {
    name: arity for arity, names in _BY_ARITY.items() for name in names.split()
}
"""Name to number of arguments."""

_NOT_REPLAYABLE = "its answer changes from call to call; read input.now instead"
_OUTSIDE = "a policy reads its input and nothing else"
_DIFFERS = "engines answer it differently"
_ESCAPES = f"{_DIFFERS} for text with a quote, a backslash or a line break"
_PATHS = f"{_DIFFERS} for paths with a slash in front, or as arrays"
_MISSING = "not every engine has it, and a missing function silently never holds"

_REFUSED = {
    "time.now_ns": _NOT_REPLAYABLE,
    "time.parse_rfc3339_ns": f"{_DIFFERS}: compare RFC 3339 text in UTC as text",
    "time.parse_ns": f"{_DIFFERS}: compare RFC 3339 text in UTC as text",
    "time.format": _DIFFERS,
    "rand.": _NOT_REPLAYABLE,
    "uuid.": _NOT_REPLAYABLE,
    "http.": _OUTSIDE,
    "opa.": _OUTSIDE,
    "providers.": _OUTSIDE,
    "net.lookup_ip_addr": _OUTSIDE,
    "net.": _MISSING,
    "graphql.": _MISSING,
    "json.match_schema": _MISSING,
    "json.verify_schema": _MISSING,
    "rego.": _MISSING,
    "strings.render_template": _MISSING,
    "strings.split_n": _MISSING,
    "sprintf": f"{_DIFFERS} once an argument was computed: write concat, json.marshal for numbers",
    "trim_space": f'{_DIFFERS}: write trim(value, " \\t\\r\\n")',
    "strings.reverse": _DIFFERS,
    "graph.reachable_paths": _DIFFERS,
    "crypto.hmac.": _DIFFERS,
    "crypto.md5": _ESCAPES,
    "crypto.sha1": _ESCAPES,
    "crypto.sha256": _ESCAPES,
    "base64.encode": _ESCAPES,
    "base64url.encode": _ESCAPES,
    "base64url.encode_no_pad": _ESCAPES,
    "hex.encode": _ESCAPES,
    "base64.decode": _ESCAPES,
    "base64url.decode": _ESCAPES,
    "hex.decode": _ESCAPES,
    "urlquery.encode": f"{_DIFFERS} for text with a space",
    "urlquery.encode_object": f"{_DIFFERS} for text with a space",
    "urlquery.decode_object": f"{_DIFFERS} for text without an equals sign",
    "urlquery.decode": f"{_DIFFERS} for text with a plus sign",
    "yaml.marshal": _ESCAPES,
    "io.jwt.": "verifying tokens is no matter of policy",
    "crypto.": "handling keys and certificates is no matter of policy",
    "bits.rsh": f"{_DIFFERS} for shifts of 64 bits and more",
    "format_int": f"{_DIFFERS} for negative numbers, and in base 2: write json.marshal",
    "json.filter": _PATHS,
    "json.patch": _PATHS,
    "json.remove": _PATHS,
    "object.subset": f"{_DIFFERS} for values of two types: write every … in",
    "regex.find_all_string_submatch_n": f"{_DIFFERS} where nothing is matched too",
    "regex.find_n": f"{_DIFFERS} where nothing is matched too: write regex.match",
    "regex.replace": f"{_DIFFERS} for a dollar in the replacement: write replace",
    "regex.is_valid": f"{_DIFFERS}: their regular expressions are not the same",
    "time.diff": _DIFFERS,
    "yaml.unmarshal": f"{_DIFFERS} for text like +1 and .5",
    "base64.is_valid": f"{_DIFFERS} for text without padding",
    "bits.lsh": "OPA makes a number of as many bits as it is told, and ends where memory does",
    "print": "it has no effect on a verdict",
    "trace": "it has no effect on a verdict",
    "internal.": "it is internal to engines",
}


def refusal(name: str) -> str:
    """Why a call of `name` is refused; empty when it is allowed."""
    if name in ALLOWED:
        return ""
    for refused, reason in _REFUSED.items():
        if name == refused or (refused.endswith(".") and name.startswith(refused)):
            return f"{name} is refused: {reason}"
    return f"{name} is no function that is known here"
