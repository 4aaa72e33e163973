"""A page of the documentation, in Markdown → the same as plain text, for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Callable

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

__all__ = ["manual_text"]

_CODE = "    "


def manual_text(markdown: str, width: int, link: Callable[[str], str]) -> str:
    """The page, in lines of that width; code is not wrapped. `link` says what is printed behind the words of a link."""
    root = SyntaxTreeNode(MarkdownIt("commonmark", {"html": False}).enable("table").parse(markdown))
    return "\n\n".join(_Writer(width, link).blocks(root.children)) + "\n"


class _Writer:
    def __init__(self, width: int, link: Callable[[str], str]) -> None:
        self.width = width
        self.link = link

    def blocks(self, nodes: list[SyntaxTreeNode]) -> list[str]:
        return [text for node in nodes if (text := self.block(node))]

    def block(self, node: SyntaxTreeNode) -> str:
        match node.type:
            case "heading":
                return _heading(self.words(node), int(node.tag[1:]))
            case "fence" | "code_block":
                return textwrap.indent(node.content.rstrip("\n"), _CODE)
            case "bullet_list" | "ordered_list":
                return self.list(node)
            case "table":
                return self.table(node)
            case "paragraph":
                return self.wrapped(self.words(node))
            case _:
                return "\n\n".join(self.blocks(node.children))

    def list(self, node: SyntaxTreeNode) -> str:
        items = []
        for number, item in enumerate(node.children, start=int(node.attrGet("start") or 1)):
            sign = "- " if node.type == "bullet_list" else f"{number}. "
            inner = "\n\n".join(_Writer(self.width - len(sign), self.link).blocks(item.children))
            items.append(sign + textwrap.indent(inner, " " * len(sign)).lstrip(" "))
        return "\n".join(items)

    def table(self, node: SyntaxTreeNode) -> str:
        """In columns, where they have room; else each row as its first cell with the others below."""
        rows = [
            [self.words(cell) for cell in row.children] for part in node.children for row in part.children
        ]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        if sum(widths) + 2 * (len(widths) - 1) <= self.width:
            lines = [[cell.ljust(wide) for cell, wide in zip(row, widths, strict=True)] for row in rows]
            lines.insert(1, ["-" * wide for wide in widths])
            return "\n".join("  ".join(line).rstrip() for line in lines)
        return "\n".join(
            "\n".join([row[0], *(self.wrapped(cell, _CODE) for cell in row[1:] if cell)]) for row in rows[1:]
        )

    def wrapped(self, text: str, indent: str = "") -> str:
        return textwrap.fill(
            text,
            self.width,
            initial_indent=indent,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        )

    def words(self, node: SyntaxTreeNode) -> str:
        match node.type:
            case "text":
                return node.content
            case "code_inline":
                return f"`{node.content}`"
            case "softbreak" | "hardbreak":
                return " "
            case "image":
                return node.content
            case "link":
                inner, target = self.inner(node), str(node.attrGet("href") or "")
                return inner if inner == target else inner + self.link(target)
            case _:
                return self.inner(node)

    def inner(self, node: SyntaxTreeNode) -> str:
        return "".join(map(self.words, node.children))


def _heading(text: str, level: int) -> str:
    return f"{text}\n{('=' if level == 1 else '-') * len(text)}" if level < 3 else text
