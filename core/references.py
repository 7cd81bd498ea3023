"""How a version is named: ``workspace/kind/name/number`` or ``workspace/kind/name@alias``.

The full form ``muniment://{instance}/...`` puts the installation's name in front.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace

from core.errors import InvalidInput

SCHEME = "muniment://"
SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\Z")
MAX_NAME = 200
MAX_NUMBER = 2**31 - 1
RESERVED = frozenset("/:@#")
# Unicode categories: control, format, surrogate, private, unassigned, line and paragraph ends.
FORBIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# Letters and marks that show nothing: Default_Ignorable_Code_Point without FORBIDDEN ones.
IGNORABLE = dict.fromkeys(
    (
        *(0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0),
        *(0x180B, 0x180C, 0x180D, 0x180F),
        *range(0xFE00, 0xFE10),
        *range(0xE0100, 0xE01F0),
    )
)
GRAMMAR = "workspace/kind/name/number or workspace/kind/name@alias"


@dataclass(frozen=True)
class Reference:
    """A parsed reference; with neither number nor alias it names the asset itself."""

    workspace: str
    kind: str
    name: str
    number: int | None = None
    alias: str = ""

    def __str__(self) -> str:
        base = f"{self.workspace}/{self.kind}/{self.name}"
        if self.number is not None:
            return f"{base}/{self.number}"
        return f"{base}@{self.alias}" if self.alias else base

    def full(self, instance: str) -> str:
        """Return the form that is unique between installations."""
        return f"{SCHEME}{instance}/{self}"

    def at(self, number: int) -> Reference:
        """Return the reference of one version of the same asset."""
        return replace(self, number=number, alias="")


def check_name(name: str, *, field: str) -> str:
    """Return ``name`` if an asset or alias may bear it; raises InvalidInput.

    Names have 1 to 200 characters, are NFC-normalised, do not start or end with white space, and
    hold no ``/ : @ #`` and no control, surrogate or unassigned characters.
    """
    if not name or len(name) > MAX_NAME:
        raise InvalidInput.of(field, f"must have 1 to {MAX_NAME} characters")
    if bad := sorted(RESERVED.intersection(name)):
        raise InvalidInput.of(field, f"must not contain {' '.join(bad)}")
    if any(unicodedata.category(character) in FORBIDDEN for character in name):
        raise InvalidInput.of(field, "must not contain control characters")
    if name != name.strip() or name != unicodedata.normalize("NFC", name):
        raise InvalidInput.of(field, "must be NFC-normalised, without white space at its ends")
    return name


def caseless(name: str) -> str:
    """Return the form in which names that only look different are equal.

    It is toNFKC_Casefold of the Unicode Standard, section 3.13; characters that it leaves out and
    ``check_name`` refuses anyway are not looked for.
    """
    visible = name.translate(IGNORABLE)
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFD", visible).casefold())
    return unicodedata.normalize("NFKC", folded.casefold()).translate(IGNORABLE)


def check_alias(name: str, *, field: str) -> str:
    """Return ``name`` if an alias may bear it: a name that no version number can be taken for."""
    check_name(name, field=field)
    if name.isdigit() or name == "latest":
        raise InvalidInput.of(field, "must not be a number, and 'latest' is reserved")
    return name


def parse(text: str, *, instance: str, field: str = "ref") -> Reference:
    """Return the Reference that ``text`` spells; raises InvalidInput with the grammar."""
    rest = text.removeprefix(SCHEME)
    if rest != text:
        host, _, rest = rest.partition("/")
        if host != instance:
            raise InvalidInput.of(field, f"names another installation, {host!r}")
    base, at, alias = rest.partition("@")
    parts = base.split("/")
    if at and len(parts) == 3:
        workspace, kind, name = parts
        reference = Reference(workspace, kind, name, alias=check_alias(alias, field=field))
    elif not at and len(parts) == 4:
        workspace, kind, name, digits = parts
        reference = Reference(workspace, kind, name, number=_number(digits, field))
    elif not at and len(parts) == 3:
        workspace, kind, name = parts
        reference = Reference(workspace, kind, name)
    else:
        raise InvalidInput.of(field, f"{text[:80]!r} is not of the form {GRAMMAR}")
    if not SLUG.match(workspace) or not SLUG.match(kind):
        raise InvalidInput.of(field, f"{text[:80]!r} is not of the form {GRAMMAR}")
    check_name(name, field=field)
    return reference


def _number(digits: str, field: str) -> int:
    if not digits.isascii() or not digits.isdigit() or digits.startswith("0") or len(digits) > 10:
        raise InvalidInput.of(field, f"{digits[:20]!r} is not a version number")
    if (number := int(digits)) > MAX_NUMBER:
        raise InvalidInput.of(field, f"{number} is beyond any version number")
    return number


def within(text: str) -> str:
    """Return a full reference as it reads inside this installation, any other text as it is."""
    return text.partition("://")[2].partition("/")[2] if "://" in text else text
