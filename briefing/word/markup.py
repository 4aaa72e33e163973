"""Literal text → WordprocessingML: runs and paragraphs. Text is escaped here, and nowhere else."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

__all__ = ["NAMESPACES", "PLAIN", "Look", "escaped", "paragraph", "run"]

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
"""What the root of every part says; the prefixes are the customary ones."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a run of text looks: a style of characters, and what the text says of it."""

    style: str = ""
    bold: bool = False
    italic: bool = False


PLAIN = Look()


def escaped(text: str) -> str:
    """Literal text, for an element or an attribute. Line ends and tabs, which would be markup of Word's, are spaces."""
    return html.escape(re.sub(r"[\t\n\r]", " ", text), quote=True)


def run(text: str, look: Look = PLAIN) -> str:
    """A run of literal text. Bold and italic are styles, too, where no other style stands in their way."""
    style, bold, italic = look.style, look.bold, look.italic
    if not style and bold:
        style, bold = "Strong", False
    elif not style and italic:
        style, italic = "Emphasis", False
    said = (f'<w:rStyle w:val="{style}"/>' if style else "") + "<w:b/>" * bold + "<w:i/>" * italic
    return f'<w:r>{f"<w:rPr>{said}</w:rPr>" if said else ""}<w:t xml:space="preserve">{escaped(text)}</w:t></w:r>'


def paragraph(style: str, runs: str, properties: str = "") -> str:
    """A paragraph; `properties` are those that no style can have, in the order of the schema."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{runs}</w:p>'
