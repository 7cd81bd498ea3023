"""Response headers that bound what a browser may do with what we send.

Django sets its own Content-Security-Policy from version 6.0 on only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

HEADER = "Content-Security-Policy"
NOWHERE = "base-uri 'none'; frame-ancestors 'none'; form-action 'self'; object-src 'none'"
# What we render ourselves, and JSON: nothing is loaded but our own styles and pictures.
STRICT = f"default-src 'none'; style-src 'self'; img-src 'self'; {NOWHERE}"
# Unfold's pages: Alpine.js evaluates the expressions in attributes, and styles and small scripts
# stand in the page. Nothing comes from, or goes to, another host.
SHELL = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval';"
    f" style-src 'self' 'unsafe-inline'; img-src 'self' data:; {NOWHERE}"
)
# Swagger UI starts by a script in the page and styles what it draws.
DOCS = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline';"
    f" img-src 'self' data:; {NOWHERE}"
)
POLICIES = (("/admin/", SHELL), ("/api/docs/", DOCS))


class ContentSecurityPolicyMiddleware:
    """Sets the policy of the address, unless the view has set a stricter one of its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault(HEADER, policy_for(request.path))
        return response


def policy_for(path: str) -> str:
    """Return the policy for responses at ``path``."""
    return next((policy for start, policy in POLICIES if path.startswith(start)), STRICT)
