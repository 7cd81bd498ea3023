"""Markdown of other people, as HTML that is safe to show: no raw HTML, no image, no script link."""

from __future__ import annotations

from django.utils.safestring import SafeString
from markdown_it import MarkdownIt

# CommonMark with html off: tags in the text are escaped, and the parser itself refuses addresses
# of the schemes javascript:, vbscript:, file: and data:. Images would load from other hosts.
PARSER = MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": 20}).disable(
    ["image", "html_block", "html_inline"]
)


def rendered(text: str) -> SafeString:
    """Return ``text`` as HTML; links tell the other side nothing of where they were followed."""
    tokens = PARSER.parse(text)
    for token in tokens:
        for child in token.children or ():
            if child.type == "link_open":
                child.attrSet("rel", "nofollow noopener noreferrer")
        if token.type in {"heading_open", "heading_close"}:
            # A remark is no chapter of the page that it stands on.
            token.tag = "h4"
    # The parser escaped everything that is not its own.
    return SafeString(PARSER.renderer.render(tokens, PARSER.options, {}))
