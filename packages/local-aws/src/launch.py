"""Runs the emulator for as long as the parent process holds the other end of standard input.

A parent that is killed cannot stop its children; but the pipe that it held is closed then, whatever happened to it.
"""

import os
import shutil
import signal
import sys
import threading


def end_with_parent(folder: str) -> None:
    while os.read(sys.stdin.fileno(), 4096):
        pass
    # No grace: an emulator without its parent has nothing to save. The group holds the Lambda functions, too, which
    # run as processes of their own; the parent made the group (`detached`).
    shutil.rmtree(folder, ignore_errors=True)
    os.killpg(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    from faithful import make_faithful
    from ministack.app import main

    make_faithful()
    # The only argument is ours: the emulator must not see it.
    threading.Thread(target=end_with_parent, args=(sys.argv.pop(),), daemon=True).start()
    main()
