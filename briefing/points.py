"""A PNG or JPEG file → why it is no logo. It is decoded wholly, so that what is missing is missed before it is printed.

Programs show what there is of a picture that is cut off, and a seal of which half is there is none.
"""

from __future__ import annotations

import io
import struct
import warnings
import zlib

__all__ = ["why_no_points"]

# 500 kB of PNG can unfold to 500 million points, each of four bytes. A logo of 2.2 inches has 1,320 in a row on paper.
_MOST_POINTS = 10_000_000
# Of a JPEG that is drawn finer and finer. Programs write ten; 500 kB have room for 20,000, each over all its points.
_MOST_PASSES = 100
_PASS = b"\xff\xda"
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_AT_ONCE = 1_000_000
# By the number that a PNG has for what its colors are.
_VALUES_OF_A_POINT = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
# Where each of the seven pictures begins that an interlaced PNG is made of, and its steps: PNG, section 8.1.
_INTERLACED = (
    (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)
)  # fmt: skip
_DAMAGED = (
    "is damaged or cut off, so that a part of it is missing: save the picture anew, or take another copy"
)
_SMALLER = f"a logo has at most {_MOST_POINTS:,}: save it smaller"


def why_no_points(content: bytes) -> str:
    """Why the bytes of a PNG or JPEG are no picture that is whole and of a size to print; empty where they are."""
    # Here, not above: it takes 50 ms, and most projects have no such logo.
    from PIL import Image, ImageFile

    if content.count(_PASS) > _MOST_PASSES:
        return f"is drawn in more than {_MOST_PASSES} passes: save the picture anew, not progressive"
    lenient = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint sets it for all of its process
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _why_not_decoded(content)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return f"has too many points (pixels); {_SMALLER}"
    except ValueError as error:
        if "too large" not in str(error):
            return _DAMAGED
        return "has a note or a color profile that unfolds to more than 1 MB: save the picture without it"
    # What Pillow and its readers of the two formats raise for bytes that are none; OSError for those that end.
    except (OSError, SyntaxError, EOFError, IndexError, KeyError, TypeError, struct.error, zlib.error):
        return _DAMAGED
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = lenient


def _why_not_decoded(content: bytes) -> str:
    """The same, by reading it twice: for its check sums, and for its points. Raises where Pillow does."""
    from PIL import Image

    formats = ("PNG", "JPEG")
    with Image.open(io.BytesIO(content), formats=formats) as image:
        width, height = image.size
        if width * height > _MOST_POINTS:
            return f"has {width:,} × {height:,} points (pixels); {_SMALLER}"
        if image.mode == "P" and image.palette is None:
            return _DAMAGED
        image.verify()
    with Image.open(io.BytesIO(content), formats=formats) as image:
        is_png = image.format == "PNG"
        image.load()
    return _DAMAGED if is_png and _lacks_rows(content) else ""


def _lacks_rows(content: bytes) -> bool:
    """Whether a PNG whose parts are sound ends before its last row: Pillow takes one that ends behind any row."""
    place, stream, wanted = len(_SIGNATURE), [], 0
    while place + 8 <= len(content):
        length, kind = struct.unpack(">I4s", content[place : place + 8])
        data = content[place + 8 : place + 8 + length]
        if kind == b"IHDR":
            wanted = _size_of_rows(*struct.unpack(">IIBBBBB", data))
        elif kind == b"IDAT":
            stream.append(data)
        elif kind == b"IEND":
            break
        place += length + 12
    unfolding, rest, found = zlib.decompressobj(), b"".join(stream), 0
    while found < wanted and (piece := unfolding.decompress(rest, _AT_ONCE)):
        found += len(piece)
        rest = unfolding.unconsumed_tail
    return found < wanted


def _size_of_rows(wide: int, high: int, depth: int, colors: int, _: int, __: int, interlaced: int) -> int:
    """The bytes of all rows, each with the one that says how it is written."""
    bits = depth * _VALUES_OF_A_POINT[colors]
    steps = _INTERLACED if interlaced else ((0, 0, 1, 1),)
    sizes = ((-(-(wide - left) // right), -(-(high - top) // down)) for left, top, right, down in steps)
    return sum(rows * (1 + -(-columns * bits // 8)) for columns, rows in sizes if columns > 0 and rows > 0)
