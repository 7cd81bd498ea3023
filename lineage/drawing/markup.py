"""Elements of SVG as text: every value is escaped here, and nowhere else."""

from __future__ import annotations

from html import escape


def tag(name: str, *children: str, **attributes: object) -> str:
    """Return an element; ``children`` are elements, or text by ``safe``.

    ``class_`` and ``data_id`` become ``class`` and ``data-id``. What is None or empty is left out.
    """
    written = "".join(
        f' {_named(key)}="{_value(value)}"'
        for key, value in attributes.items()
        if value is not None and value != ""
    )
    return f"<{name}{written}>{''.join(children)}</{name}>" if children else f"<{name}{written}/>"


def safe(text: str) -> str:
    """Return ``text`` for XML: escaped, and without what no XML may have."""
    return escape("".join(each if _is_allowed(each) else "\ufffd" for each in text))


def _named(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def _value(value: object) -> str:
    return f"{value:g}" if isinstance(value, int | float) else safe(str(value))


def _is_allowed(character: str) -> bool:
    code = ord(character)
    is_control = code < 0x20 or 0x7F <= code < 0xA0
    return not (is_control or 0xD800 <= code < 0xE000 or code & 0xFFFE == 0xFFFE)
