"""Seconds to read a facts file, printed; started as a program: `python -m bench.loading yaml|briefing FILE`.

One reading per process, without what importing takes: so neither walks over the objects the other left behind.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path


def main(how: str, path: Path) -> None:
    text = path.read_bytes()
    if how == "yaml":
        import yaml

        begin = time.perf_counter()
        found = yaml.load(text, Loader=yaml.CLoader)
    else:
        from briefing.load import load

        begin = time.perf_counter()
        found = load(text, path.name)
        assert not found.problems
    print(time.perf_counter() - begin)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
