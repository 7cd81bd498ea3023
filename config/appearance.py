"""How the console looks."""

from __future__ import annotations

# The primary colour, from light to dark.
PRIMARY = {
    "50": "#f0fdfa",
    "100": "#ccfbf1",
    "200": "#99f6e4",
    "300": "#5eead4",
    "400": "#2dd4bf",
    "500": "#14b8a6",
    "600": "#0d7a72",
    "700": "#0f665f",
    "800": "#115e59",
    "900": "#134e4a",
    "950": "#042f2e",
}
