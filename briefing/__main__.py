"""The console script: hands the arguments to the command line and its verdict to the system."""

from __future__ import annotations

import gc
import sys

__all__ = ["main"]


def main() -> None:
    # Imports and loading make many objects that stay; a collection finds nothing to free among them. `build` turns it
    # on again when it begins to make briefs.
    gc.disable()
    try:
        from briefing.cli import run
        from briefing.limits import memory_limit

        memory_limit()
        sys.exit(run(sys.argv[1:]))
    except KeyboardInterrupt:  # before the command line took over, or while it ended
        sys.exit(130)


if __name__ == "__main__":
    main()
