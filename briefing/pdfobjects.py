"""The dictionaries of a PDF, each entry as what it points at, so that no check has to know whether it only points."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeGuard

if TYPE_CHECKING:
    from pypdf import PdfReader
    from pypdf.generic import StreamObject

__all__ = ["dictionaries", "is_stream", "resolved"]


def dictionaries(reader: PdfReader) -> Iterator[dict[str, Any]]:
    """Every dictionary of the file, those within others, too; what one points at is an object of its own."""
    from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

    numbers = {(number, generation) for generation, numbers in reader.xref.items() for number in numbers}
    places = sorted(numbers | {(number, 0) for number in reader.xref_objStm})
    objects = (reader.get_object(IndirectObject(number, generation, reader)) for number, generation in places)
    for whole in chain([reader.trailer], objects):
        within: list[Any] = [whole]
        while within:
            one = within.pop()
            if isinstance(one, DictionaryObject):
                yield resolved(one)
                within += (value for _, value in one.items() if not isinstance(value, IndirectObject))
            elif isinstance(one, ArrayObject):
                within += (value for value in list.__iter__(one) if not isinstance(value, IndirectObject))


def resolved(value: Any) -> dict[str, Any]:
    """The entries of a dictionary; nothing stands for null, as in ISO 32000. Empty for what is no dictionary."""
    from pypdf.generic import NullObject

    if not isinstance(value, Mapping):
        return {}
    entries = ((str(key), one.get_object()) for key, one in value.items())
    return {key: one for key, one in entries if one is not None and not isinstance(one, NullObject)}


def is_stream(value: Any) -> TypeGuard[StreamObject]:
    from pypdf.generic import StreamObject

    return isinstance(value, StreamObject)
