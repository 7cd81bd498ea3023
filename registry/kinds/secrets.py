"""Tell a secret from a reference to one. What is found is named, never repeated."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from registry.kinds.base import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

REFERENCES = (
    re.compile(r"env:[A-Za-z_][A-Za-z0-9_]*"),
    re.compile(r"file:/[^\s]+"),
    re.compile(r"vault:[^\s#]+#[^\s#]+"),
    re.compile(r"keyvault:[^\s/]+/[^\s]+"),
    re.compile(r"secretsmanager:[^\s]+"),
    re.compile(r"gcpsecret:[^\s/]+/[^\s]+"),
    re.compile(r"k8s:[^\s/#]+/[^\s/#]+#[^\s#]+"),
)
# Forms that issuers give their secrets, and the ways in which addresses carry them.
FORMS = (
    ("a private key", re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY")),
    ("an access key of AWS", re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b")),
    ("a token of GitHub", re.compile(r"\b(?:gh[pousr]_|github_pat_)[A-Za-z0-9_]{20,}")),
    ("a token of GitLab", re.compile(r"\bglpat-[A-Za-z0-9_-]{16,}")),
    ("a token of Slack", re.compile(r"\bxox[abeoprs]-[A-Za-z0-9-]{10,}")),
    ("a key of Google", re.compile(r"\bAIza[0-9A-Za-z_-]{30,}")),
    ("a token of Hugging Face", re.compile(r"\bhf_[A-Za-z0-9]{20,}")),
    ("an API key", re.compile(r"\bsk-[A-Za-z0-9_-]{16,}")),
    ("a token of this service", re.compile(r"\bmun_[A-Za-z0-9_-]{16,}")),
    ("a signed token", re.compile(r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.")),
    ("an address with a password in it", re.compile(r"://[^/\s:@]*:(?P<secret>[^/\s@]+)@")),
    (
        "a password or key in a connection string",
        re.compile(
            r"(?i)(?:\b|_)(?:password|passwd|pwd|secret|account_?key|shared_?access_?key|"
            r"api_?-?key|access_?token|auth_?token|token|sig|signature)\s*=\s*(?P<secret>[^\s;&]+)"
        ),
    ),
)
ADDRESS = FORMS[-2][1]
MASK = "***"
RANDOM = re.compile(r"[A-Za-z0-9+]{32,}={0,2}")
HEXADECIMAL = re.compile(r"(?<!sha256:)\b[0-9A-Fa-f]{32,}\b")
SECRET_NAMES = (
    "password",
    "passwd",
    "pwd",
    "secret",
    "token",
    "apikey",
    "accesskey",
    "accountkey",
    "privatekey",
    "sharedkey",
    "credential",
    "credentials",
)
ADVICE = "put a reference such as env:NAME into spec.authentication.secrets instead"


def is_reference(text: str) -> bool:
    """Tell whether ``text`` says where a secret lies, and is none itself."""
    return any(form.fullmatch(text) for form in REFERENCES)


def check_secrets(value: Any, path: str) -> Iterator[Problem]:
    """Yield a problem for each text in ``value`` that looks like a secret, at any depth."""
    if isinstance(value, dict):
        for key, member in value.items():
            place = f"{path}.{key}"
            if names_a_secret(key) and isinstance(member, str) and not is_reference(member):
                yield Problem(place, f"is named like a secret, but holds no reference; {ADVICE}")
            else:
                yield from check_secrets(member, place)
    elif isinstance(value, list):
        for index, member in enumerate(value):
            yield from check_secrets(member, f"{path}[{index}]")
    elif isinstance(value, str):
        yield from check_text(value, path)


def form_of_secret(text: str) -> str:
    """Return what kind of secret ``text`` has the form of, or carries; empty for none."""
    return next((name for name, form in FORMS if form.search(text)), "")


def check_text(text: str, path: str) -> Iterator[Problem]:
    """Yield a problem if ``text`` looks like a secret, or carries one."""
    if name := form_of_secret(text):
        yield Problem(path, f"looks like {name}; {ADVICE}")
    elif not is_reference(text) and _looks_random(text):
        yield Problem(path, f"holds characters that look like a key; {ADVICE}")


def masked(text: str) -> str:
    """Return ``text`` with ``***`` for each secret in it that has one of the known forms.

    A qualified column (``s.token = t.token``) is none, whatever it is called.
    """
    for _, form in FORMS:
        text = form.sub(_masked, text)
    return text


def masked_address(text: str) -> str:
    """Return ``text`` with ``***`` for the password of an address."""
    return ADDRESS.sub(_masked, text)


def _masked(match: re.Match[str]) -> str:
    if "secret" not in match.re.groupindex:
        return MASK
    if match.string[match.start() - 1 : match.start()] == ".":
        return match[0]
    start = match.start("secret") - match.start()
    return match[0][:start] + MASK + match[0][start + len(match["secret"]) :]


def names_a_secret(key: str) -> bool:
    """Tell whether what is called ``key`` is a secret by its name."""
    letters = re.sub(r"[^a-z0-9]", "", key.lower())
    return letters.endswith(SECRET_NAMES)


def _looks_random(text: str) -> bool:
    """Tell whether a long run mixes cases and digits as words do not, or is hexadecimal."""
    if HEXADECIMAL.search(text):
        return True
    return any(
        any(each.isupper() for each in run)
        and any(each.islower() for each in run)
        and sum(each.isdigit() for each in run) > 1
        for run in RANDOM.findall(text)
    )
