"""The decision log mask in a bundle: what an OPA of elsewhere takes out before it tells anything.

OPA asks it about each decision and gives it the whole entry as input. The places of secrets are
those that the service itself would redact on arrival; ``masks`` are the places of one OPA, where
``*`` stands for any key or index.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from registry.kinds.redaction import REDACTED
from registry.kinds.secrets import FORMS, REFERENCES, SECRET_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

PACKAGE = "muniment_fleet.log"
DECISION = "/muniment_fleet/log/mask"
MODULE_PATH = "muniment_fleet/log.rego"
ANY = "*"
PARTS = ("input", "result")
INDEX = re.compile(r"(?:0|[1-9][0-9]{0,8})\Z")
# What stands between the letters of a name is not looked at.
_BETWEEN = "[^a-z0-9]*"
_GROUP = re.compile(r"\(\?P<\w+>")
# OPA finds no key by a mask's path that has other letters than these; it masks the whole then.
_RULES = f"""# What is taken out of a decision before it is told, at the OPA itself.
package {PACKAGE}

# What the OPA masks by a policy of its own holds as well.
mask contains entry if some entry in data.system.log.mask

mask contains {{"op": "upsert", "path": path, "value": redacted}} if {{
	some part, places in hidden
	every place in places {{
		is_addressed(part, place)
	}}
	some place in places
	path := concat("/", array.concat(["", part], [text(key) | some key in place]))
}}

mask contains {{"op": "upsert", "path": concat("", ["/", part]), "value": kept}} if {{
	some part, places in hidden
	some odd in places
	not is_addressed(part, odd)
	kept := json.patch(input[part], [change |
		some place in places
		change := {{"op": "replace", "path": [text(key) | some key in place], "value": redacted}}
	])
}}

is_addressed(_, place) if count(place) == 0

is_addressed(part, place) if {{
	is_object(input[part])
	every key in place {{
		regex.match(`^[A-Za-z0-9._~-]*$`, text(key))
	}}
}}

hidden[part] := outermost if {{
	some part in {json.dumps(list(PARTS))}
	pointed := {{path | some each in masked; each[0] == part; path := each[1]}}
	found := (texts(input[part]) | named(input[part])) | pointed
	outermost := {{path | some path in found; not lies_in(found, path)}}
	count(outermost) > 0
}}

lies_in(found, path) if {{
	some index, _ in path
	array.slice(path, 0, index) in found
}}

texts(document) := {{path |
	walk(document, [path, value])
	is_string(value)
	regex.match(secret_text, value)
}}

named(document) := {{path |
	walk(document, [path, value])
	is_string(value)
	value != ""
	key := path[count(path) - 1]
	is_string(key)
	regex.match(secret_name, key)
	not regex.match(reference, value)
}}

text(key) := key if is_string(key)

text(key) := format_int(key, 10) if is_number(key)
"""


def parts_of(mask: str) -> list[str]:
    """Return the keys of a JSON Pointer (RFC 6901)."""
    keys = mask.removeprefix("/").split("/")
    return [key.replace("~1", "/").replace("~0", "~") for key in keys]


def module(masks: Sequence[str]) -> str:
    """Return the module; ``masks`` are JSON Pointers from ``/input`` or ``/result`` on."""
    constants = {
        "redacted": REDACTED,
        "secret_text": _any(_GROUP.sub("(", form.pattern) for _, form in FORMS),
        "secret_name": f"(?i)(?:{_any(_BETWEEN.join(name) for name in SECRET_NAMES)}){_BETWEEN}$",
        "reference": f"^(?:{_any(form.pattern for form in REFERENCES)})$",
    }
    told = [f"{name} := {json.dumps(value)}\n" for name, value in constants.items()]
    rules = [_rule(mask) for mask in sorted(masks)] or ["masked := set()\n"]
    return "\n".join([_RULES, *told, *rules])


def _any(patterns: Iterable[str]) -> str:
    """Return one pattern for all of them: asking OPA once for each text costs a fraction."""
    return "|".join(f"(?:{pattern})" for pattern in patterns)


def _rule(mask: str) -> str:
    """Return a rule that finds the places of a mask. A number is an index, or a key called so."""
    part, *keys = parts_of(mask)
    names = [f"key{index}" for index, _ in enumerate(keys)]
    looked = [
        f"\tsome {name} in {json.dumps([key, int(key)] if INDEX.match(key) else [key])}\n"
        for name, key in zip(names, keys, strict=True)
        if key != ANY
    ]
    found = "".join(f"[{name}]" for name in names)
    place = f"[{json.dumps(part)}, [{', '.join(names)}]]"
    return f"masked contains {place} if {{\n{''.join(looked)}\t_ = input.{part}{found}\n}}\n"
