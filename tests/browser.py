"""An HTML file → what a Chromium shows of it, driven through tests/node; and what the Nu checker says of it."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from npm import NODE, missing, node_module

__all__ = ["Browser", "nu_messages"]

_CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class Browser:
    """A Chromium without a window. A file runs no script in it: all that it shows is done by its style."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    @classmethod
    @contextmanager
    def running(cls) -> Iterator[Self]:
        for package in ("playwright-core", "axe-core"):
            node_module(package)
        chromium = next(filter(None, map(shutil.which, _CHROMIUM)), None)
        if chromium is None:
            missing("there is no Chromium; on Debian the package chromium has it")
        process = subprocess.Popen(
            ["node", "browser.mjs", chromium],
            cwd=NODE,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            yield cls(process)
        finally:
            process.communicate()
        assert process.returncode == 0

    def see(
        self,
        path: Path,
        look: str,
        *steps: Sequence[str | int],
        width: int = 1280,
        height: int = 800,
        scheme: str = "light",
        text: int = 100,
        **given: Any,
    ) -> Any:
        """What `look` sees of the file after some steps; both are named in browser.mjs. `text` is a size in percent.

        Whatever is asked for, the page must fetch nothing and leave no message in the browser's console.
        """
        address = path.resolve().as_uri()
        size = {"width": width, "height": height, "scheme": scheme, "text": text}
        answer = self._asked({"address": address, "look": look, "steps": steps, **size, **given})
        assert answer["requests"] == [address]
        assert answer["messages"] == []
        return answer["seen"]

    def visit(self, address: str, look: str, *steps: Sequence[str], **given: Any) -> Any:
        """What `look` sees, after some steps, of a page that is served and has a script; all that it asks for is there.

        What a browser says of a connection that was lost is no fault of the page.
        """
        visit = {"width": 1280, "height": 800, "scheme": "light", "script": True, **given}
        answer = self._asked({"address": address, "look": look, "steps": steps, **visit})
        assert all(url.startswith(address.partition("#")[0]) for url in answer["requests"]), answer[
            "requests"
        ]
        said = [message for message in answer["messages"] if "net::ERR_" not in message]
        assert said == [], said
        return answer["seen"]

    def _asked(self, visit: dict[str, Any]) -> Any:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(visit) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        assert "error" not in answer, answer
        return answer


def nu_messages(paths: Sequence[Path]) -> list[str]:
    """Whatever the Nu HTML checker has to say of the files: errors, warnings and notes."""
    jar = node_module("vnu-jar") / "build" / "dist" / "vnu.jar"
    if shutil.which("java") is None:
        missing(
            "there is no Java, which the Nu checker needs; on Debian the package default-jre-headless has it"
        )
    done = subprocess.run(
        ["java", "-jar", jar, "--format", "json", "--stdout", "--exit-zero-always", *paths],
        capture_output=True,
        text=True,
        check=True,
    )
    return [
        f"{Path(one['url']).name}: {one['message']} {one.get('extract', '')}"
        for one in json.loads(done.stdout)["messages"]
    ]
