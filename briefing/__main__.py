"""The console script: hands the arguments to the command line and its verdict to the system."""

from __future__ import annotations

import sys

__all__ = ["main"]


def main() -> None:
    try:
        from briefing.cli import run
        from briefing.limits import memory_limit

        memory_limit()
        sys.exit(run(sys.argv[1:]))
    except KeyboardInterrupt:  # before the command line took over, or while it ended
        sys.exit(130)


if __name__ == "__main__":
    main()
