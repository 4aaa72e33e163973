"""Fixtures and the golden files: `pytest --update-golden` rewrites them, and the review is the diff."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from briefing.doctor import EXTRAS

HERE = Path(__file__).parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite the expected results")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what needs an extra that is not there: `@pytest.mark.extra("docx")`."""
    for mark in item.iter_markers("extra"):
        for name in mark.args:
            for module in EXTRAS[name][1].values():
                pytest.importorskip(module, reason=f"needs the extra {name}", exc_type=ImportError)


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """Compare a text with the file that holds what is expected; or rewrite that file."""

    def compare(path: Path, text: str) -> None:
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        expected = path.read_text(encoding="utf-8") if path.exists() else "(there is no such file)"
        assert text == expected

    return compare
