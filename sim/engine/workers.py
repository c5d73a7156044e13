"""A Python process that does calls for this one, and ends when this one ends, however that happens.

The standard library's process pools need semaphores in shared memory, run a user's script a second time, and tell of a
worker's death without saying which call it took along.  Here a worker has one pipe in and one out: calls go in one at a
time, and when the pipe breaks both sides know at once.
"""

import os
import pickle
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from typing import Any, BinaryIO

from sim.engine import collect_seldom

_START = "import sys; sys.path[:] = {path!r}; from sim.engine.workers import serve; serve()"
_LENGTH = struct.Struct("<Q")


class WorkerLost(RuntimeError):
    """The process ended in the middle of a call."""


class Worker:
    """A process; started at once, so that it loads while this one is busy.  ``quiet`` drops what it says."""

    def __init__(self, quiet: bool = False) -> None:
        command = [sys.executable, "-c", _START.format(path=sys.path)]
        errors = subprocess.DEVNULL if quiet else None
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors)
        self.pid = self._process.pid

    def call(self, function: Callable, *arguments: Any) -> Any:
        """What the function returns there; raises what it raises, and WorkerLost.  One call at a time."""
        try:
            _send(self._process.stdin, (function, arguments))
            done, result = _receive(self._process.stdout)
        except (OSError, EOFError) as error:
            self.close()
            raise WorkerLost(f"a worker process ended abruptly (status {self._process.returncode})") from error
        if done:
            return result
        raise result

    def close(self) -> None:
        """End the process."""
        with suppress(OSError):
            self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                pipe.close()


def _send(pipe: BinaryIO, content: Any) -> None:
    packed = pickle.dumps(content, protocol=pickle.HIGHEST_PROTOCOL)
    pipe.write(_LENGTH.pack(len(packed)))
    pipe.write(packed)
    pipe.flush()


def _receive(pipe: BinaryIO) -> Any:
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    (length,) = _LENGTH.unpack(head)
    packed = pipe.read(length)
    if len(packed) < length:
        raise EOFError
    return pickle.loads(packed)


def serve() -> None:
    """Do calls until the pipe from the parent closes; then end at once, in the middle of a call too."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    collect_seldom()
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a call prints must not stand among the replies
    calls: SimpleQueue = SimpleQueue()

    def listen() -> None:
        with suppress(BaseException):
            while True:
                calls.put(_receive(sys.stdin.buffer))
        os._exit(0)

    threading.Thread(target=listen, daemon=True, name="listen").start()
    while True:
        function, arguments = calls.get()
        try:
            reply = True, function(*arguments)
        except Exception as error:
            reply = False, error
        try:
            _send(replies, reply)
        except OSError:
            os._exit(0)
        except Exception as error:  # it cannot be pickled
            _send(replies, (False, RuntimeError(f"{type(error).__name__}: {error}")))
