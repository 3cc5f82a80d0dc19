"""Runs Airflow's commands for as long as the parent holds the other end of standard input.

`supervise.py FOLDER [[WORD, ...], ...]`: each is a group of its own and logs to `<first word>.log` in the folder. A
line on standard input asks them to end, and kills what has not ended then; the end of the input, as when the parent was
killed, kills them at once.
"""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

GRACE_SECONDS = 8


def main(folder: Path, commands: list[list[str]]) -> None:
    running: list[subprocess.Popen] = []

    def tell(number: int) -> None:
        for process in running:
            try:
                os.killpg(process.pid, number)
            except ProcessLookupError:
                continue

    for words in commands:
        with (folder / f"{words[0]}.log").open("ab") as log:
            command = [sys.executable, str(Path(sys.executable).with_name("airflow")), *words]
            process = subprocess.Popen(
                command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        running.append(process)
    if sys.stdin.readline():
        tell(signal.SIGTERM)
        deadline = time.monotonic() + GRACE_SECONDS
        while time.monotonic() < deadline and any(process.poll() is None for process in running):
            time.sleep(0.05)
    tell(signal.SIGKILL)


if __name__ == "__main__":
    main(Path(sys.argv[1]), json.loads(sys.argv[2]))
