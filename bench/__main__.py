"""`./dev bench`: measure, print the table, and keep it where asked to."""

from __future__ import annotations

import argparse
import compileall
import datetime
import sys
import tempfile
from pathlib import Path

from bench.comparisons import COMPARISONS
from bench.machine import described
from bench.measure import Failed
from bench.table import Row, as_json, as_page, as_text
from bench.workshop import ROOT, Sizes, Workshop


def main(arguments: list[str]) -> int:
    options = _parser().parse_args(arguments)
    names = options.rows.split(",") if options.rows else list(COMPARISONS)
    if unknown := [name for name in names if name not in COMPARISONS]:
        print(f"bench: no row {unknown[0]}; there are {', '.join(COMPARISONS)}", file=sys.stderr)
        return 2
    if options.write and (options.quick or options.rows):
        print("bench: --write keeps a whole run, without --quick and --rows", file=sys.stderr)
        return 2
    # Said now, not after half an hour.
    if options.json and not Path(options.json).absolute().parent.is_dir():
        print(f"bench: there is no folder for {options.json}", file=sys.stderr)
        return 2
    # As an installed wheel has it, also where PYTHONDONTWRITEBYTECODE is set: compiling it anew takes 250 ms.
    compileall.compile_dir(ROOT / "briefing", quiet=1)
    rows = _rows(names, Sizes(options.quick))
    kind = "Quick run, smaller than the targets are set for" if options.quick else "Full run"
    run = f"{kind}, {datetime.date.today()}."
    print(as_text(rows), end="")
    if options.json:
        Path(options.json).write_text(as_json(rows, described(), run), "utf-8")
    if options.write:
        (ROOT / "bench/RESULTS.md").write_text(as_page(rows, described(), run), "utf-8")
    return 0


def _rows(names: list[str], sizes: Sizes) -> list[Row]:
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="briefing-bench-") as folder:
        shop = Workshop(Path(folder), sizes)
        for name in names:
            print(f"bench: {name}", file=sys.stderr)
            try:
                rows += COMPARISONS[name](shop)
            except Failed as error:  # the other rows can still be measured
                rows.append(Row(name, "", "", note=f"failed: {error}"))
    return rows


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./dev bench", description="The tool against the raw stack, in turns."
    )
    parser.add_argument(
        "--quick", action="store_true", help="fewer rounds and smaller subjects, in a few minutes"
    )
    parser.add_argument(
        "--rows", metavar="LIST", help=f"only these, with commas between: {', '.join(COMPARISONS)}"
    )
    parser.add_argument("--json", metavar="FILE", help="write the rows and the machine to a file, too")
    parser.add_argument("--write", action="store_true", help="keep the result in bench/RESULTS.md")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
