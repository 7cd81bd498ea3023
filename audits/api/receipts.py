"""``Audit-Receipt`` on the answers of requests that wrote to the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audits.services.transparency.receipts import receipts_for
from core.receipts import collecting

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

HEADER = "Audit-Receipt"
SAFE = ("GET", "HEAD", "OPTIONS")


class ReceiptMiddleware:
    """Promise the caller that what the request wrote to the journal will be in the log."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method in SAFE:
            return self.get_response(request)
        with collecting() as entries:
            response = self.get_response(request)
        if entries:
            response.headers[HEADER] = ", ".join(receipts_for(entries))
        return response
