"""Where each key and value of a parsed file stands: a path such as ("facts", "aid", "text") → a Location."""

from __future__ import annotations

from dataclasses import dataclass

from briefing.errors import Location
from briefing.yamltree import Mapping, Node, Scalar, Sequence, Tree

__all__ = ["Path", "Places"]

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Places:
    """The places of one tree. A path that leads nowhere is answered with the nearest place above it."""

    tree: Tree

    def of(self, path: Path, fragment: str = "") -> Location:
        """The value at `path` where it is a scalar (or the `fragment` in it), its key otherwise."""
        node, last = self._walk(path)
        if not isinstance(node, Scalar):
            return self._at(last)
        return self.tree.locate(node, fragment) if fragment else self._at(node)

    def of_key(self, path: Path) -> Location:
        """The key that `path` ends in."""
        parent = self.node(path[:-1])
        key = parent.key_node(str(path[-1])) if isinstance(parent, Mapping) else None
        return self._at(key) if key else self.of(path)

    def node(self, path: Path) -> Node | None:
        """The node at `path`, or None."""
        node: Node | None = self.tree.root
        for step in path:
            node = _child(node, step)
        return node

    def _walk(self, path: Path) -> tuple[Node | None, Node | None]:
        """The node at the end of the path, or None; and the last key or item that was found on the way."""
        node = last = self.tree.root
        for step in path:
            child = _child(node, step)
            if child is None:
                return None, last
            key = node.key_node(str(step)) if isinstance(node, Mapping) else None
            node, last = child, key or child
        return node, last

    def _at(self, node: Node | None) -> Location:
        if node is None:
            return Location(self.tree.path, self.tree.first_line, 1)
        return Location(self.tree.path, node.line, node.column)


def _child(node: Node | None, step: str | int) -> Node | None:
    if isinstance(node, Mapping):
        return node.get(str(step))
    if isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
        return node.items[step]
    # One name where a list may stand (`by: mayor`), or a mapping (`cite: [minutes]`).
    return node if isinstance(node, Scalar) and step in (0, "source", "literal") else None
