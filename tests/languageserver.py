"""A facts file as text → what an editor shows of it: the YAML language server from npm, over LSP on stdio."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import IO, Any, Self

from npm import node_module

__all__ = ["MODELINE", "LanguageServer"]

MODELINE = "# yaml-language-server: $schema=facts.schema.json\n"
SECONDS = 60  # for one answer; a slow machine starts Node in ten
# Ends the server at its first step to a network: whatever it then should have answered is missing.
NO_NETWORK = (
    "data:text/javascript,import net from 'node:net';"
    "net.Socket.prototype.connect = () => { console.error('to the network'); process.exit(9); }"
)
SETTINGS = {"schemaStore": {"enable": False}, "validate": True, "hover": True, "completion": True}
CAPABILITIES = {
    "workspace": {"configuration": True},
    "textDocument": {
        "completion": {
            "completionItem": {"snippetSupport": True, "documentationFormat": ["markdown", "plaintext"]}
        },
        "hover": {"contentFormat": ["markdown", "plaintext"]},
    },
}


class LanguageServer:
    """The server, for files in `folder` that begin with a modeline naming `folder/facts.schema.json`.

    In a text `‸` is where the cursor stands. Lines count from 1, without the modeline.
    """

    def __init__(self, process: subprocess.Popen[bytes], folder: Path) -> None:
        assert process.stdin
        assert process.stdout
        self.folder = folder
        self.stdin = process.stdin
        self.incoming: Queue[dict[str, Any] | None] = Queue()
        self.requests = 0
        self.texts = 0
        self.found: dict[str, list[dict[str, Any]]] = {}
        self.configured = False
        Thread(target=self._read, args=(process.stdout,), daemon=True).start()

    @classmethod
    @contextmanager
    def running(cls, folder: Path) -> Iterator[Self]:
        program = node_module("yaml-language-server") / "bin" / "yaml-language-server"
        command = ["node", "--import", NO_NETWORK, str(program), "--stdio"]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            server = cls(process, folder)
            try:
                root = {"processId": None, "rootUri": folder.as_uri(), "capabilities": CAPABILITIES}
                server._request("initialize", root)
                server._send(method="initialized", params={})
                while not server.configured:
                    server._take()
                yield server
            finally:
                process.kill()

    def diagnostics(self, text: str) -> list[tuple[int, str]]:
        """Line and message of what is underlined, sorted."""
        uri = self._open(text)
        while uri not in self.found:
            self._take()
        return sorted((item["range"]["start"]["line"], item["message"]) for item in self.found[uri])

    def completions(self, text: str) -> dict[str, dict[str, Any]]:
        """Label → item of what is offered at `‸`."""
        return {item["label"]: item for item in self._at_cursor("completion", text)["items"]}

    def hover(self, text: str) -> str:
        """The Markdown that is shown for what stands at `‸`; empty where there is none."""
        shown = self._at_cursor("hover", text)
        return shown["contents"]["value"] if shown else ""

    def _at_cursor(self, what: str, text: str) -> Any:
        before, _, after = text.partition("‸")
        lines = (MODELINE + before).split("\n")
        position = {"line": len(lines) - 1, "character": len(lines[-1])}
        document = {"uri": self._open(before + after)}
        return self._request(f"textDocument/{what}", {"textDocument": document, "position": position})

    def _open(self, text: str) -> str:
        self.texts += 1
        uri = (self.folder / f"{self.texts}.yaml").as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": MODELINE + text}
        self._send(method="textDocument/didOpen", params={"textDocument": document})
        return uri

    def _request(self, method: str, params: Any) -> Any:
        self.requests += 1
        self._send(id=self.requests, method=method, params=params)
        while True:
            message = self._take()
            if message.get("id") == self.requests and "method" not in message:
                return message["result"]

    def _take(self) -> dict[str, Any]:
        """The next message, after what it asks for was done."""
        message = self.incoming.get(timeout=SECONDS)
        assert message is not None, "the language server has ended"
        if message.get("method") == "textDocument/publishDiagnostics":
            self.found[message["params"]["uri"]] = message["params"]["diagnostics"]
        elif message.get("method") == "workspace/configuration":
            asked = message["params"]["items"]
            wanted = [SETTINGS if item.get("section") == "yaml" else None for item in asked]
            self._send(id=message["id"], result=wanted)
            self.configured = True
        elif "method" in message and "id" in message:
            self._send(id=message["id"], result=None)
        return message

    def _send(self, **message: Any) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.stdin.flush()

    def _read(self, stdout: IO[bytes]) -> None:
        length = 0
        for line in iter(stdout.readline, b""):
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
            elif line == b"\r\n":
                self.incoming.put(json.loads(stdout.read(length)))
        self.incoming.put(None)
