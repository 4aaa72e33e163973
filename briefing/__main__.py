"""The console script: hands the arguments to the command line and its verdict to the system."""

# No `__future__` here and in `stamp`: it is a module, and to load it costs 0.2 ms of the 20 in which Python starts.
import gc
import os
import sys

__all__ = ["main"]


def main() -> None:
    # Imports and loading make many objects that stay; a collection finds nothing to free among them. `build` turns it
    # on again when it begins to make briefs.
    gc.disable()
    _open_streams()
    try:
        arguments = sys.argv[1:]
        if arguments[:1] == ["build"]:
            _end_if_done(arguments)
        from briefing.cli import run
        from briefing.limits import memory_limit

        memory_limit()
        sys.exit(run(arguments))
    except KeyboardInterrupt:  # before the command line took over, or while it ended
        sys.exit(130)


def _open_streams() -> None:
    """Nothing where a stream was closed (`2>&-`): else the next file that is opened has its number, and is written to.

    That standard output or input is closed stays known, and is said; of standard error there is nobody to tell.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # the lowest number that is free
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115 # for as long as the program runs


def _end_if_done(arguments: list[str]) -> None:
    """Say what the build said that these arguments started before, and end, if nothing has changed since."""
    from briefing.stamp import told

    said = told(arguments)
    if said is None:
        return
    try:
        for stream, text in zip((sys.stderr, sys.stdout), said, strict=True):
            if text:
                stream.write(text)
                stream.flush()
    except OSError as error:
        from briefing.cli import failed

        sys.exit(failed(error))
    os._exit(0)  # all is written; to take down the interpreter in order takes 2 ms


if __name__ == "__main__":
    main()
