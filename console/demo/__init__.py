"""The demo organisation: real input, made by the services that the API uses."""

from __future__ import annotations
