"""One process of the emulator, on a free port of 127.0.0.1, stopped whatever happens."""

import json
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LAUNCHER = Path(__file__).parents[2] / "packages" / "local-aws" / "src" / "launch.py"
READY_SECONDS = 60
GRACE_SECONDS = 8


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _answers_as(endpoint: str, token: str) -> bool:
    """Whether it is our process that listens: its health tells the token we gave it."""
    try:
        with urllib.request.urlopen(f"{endpoint}/_ministack/health", timeout=2) as answer:
            return json.load(answer).get("edition") == token
    except (urllib.error.URLError, TimeoutError, ConnectionError, ValueError):
        return False


@contextmanager
def emulator(python: str, folder: Path, failing: list[str]) -> Iterator[str]:
    """The endpoint of an AWS of its own; steps with a word of `failing` among their arguments fail."""
    port, token = _free_port(), uuid.uuid4().hex
    endpoint = f"http://127.0.0.1:{port}"
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "AIRFLOW"))}
    environment |= {
        "BIND_HOST": "127.0.0.1",
        "MINISTACK_HOST": "127.0.0.1",
        "MINISTACK_EDITION": token,
        "GATEWAY_PORT": str(port),
        "IOT_MTLS_ENABLED": "0",
        "TMPDIR": str(folder),
        "LOCAL_AWS_FAILING_STEPS": ",".join(failing),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    log = folder / "emulator.log"
    with log.open("wb") as output:
        # A session of its own: when we are killed, the launcher ends its whole group.
        process = subprocess.Popen(
            [python, LAUNCHER, folder],
            env=environment,
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        deadline = time.monotonic() + READY_SECONDS
        while not _answers_as(endpoint, token):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the emulator did not start:\n{log.read_text()[-2000:]}")
            time.sleep(0.1)
        yield endpoint
    finally:
        process.terminate()
        try:
            process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
