"""The process in which the sketch runs: it takes a request at a time and answers on a pipe.

The server speaks to it through stdin and stdout. What the sketch prints goes to stderr. It ends
with the server, in the midst of an endless loop too.
"""

import io
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from functools import partial
from typing import BinaryIO, TypeVar

from gradart.files.temporary import abandon
from gradart.jobs.process_setup import prepare
from gradart.studio import protocol

Given = TypeVar("Given")
INTERRUPT = "interrupt"  # a request that only ends the film that is being sent


# What can be asked of this process: it gives the last answer, or what encodes that.
Task = Callable[..., protocol.ToSend | Callable[[], protocol.ToSend]]


class Interrupted(Exception):
    """Another request has come, so that the film that is being sent is to end."""


def main() -> None:
    """Answer requests until the server is gone."""
    requests, answers = _pipes()
    # Ctrl-C in the terminal is for the server, which then closes the pipe.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    inbox: queue.SimpleQueue[protocol.Request] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(requests, inbox), daemon=True).start()
    prepare()
    sys.dont_write_bytecode = True  # a file saved twice in a second would be taken for the same
    tasks = _tasks()
    _send(answers, {"ready": True})
    while True:
        request = inbox.get()
        if request["do"] != INTERRUPT:
            _answer(tasks[request["do"]], request["with"], inbox, answers)


def _tasks() -> Mapping[str, Task]:
    """What can be asked of this process, by the word for it; all of one runner of sketches."""
    # Imported here, for it loads JAX, which `prepare` has to come before.
    from gradart.studio.worker import dragging, exports
    from gradart.studio.worker.sketch_runner import SketchRunner
    from gradart.studio.worker.slider_motion import SliderMotion

    runner = SketchRunner()
    sliders = SliderMotion(runner)
    return {
        "load": runner.load,
        "draw": runner.draw,
        "frames": runner.frames,
        "probe": runner.probe,
        "grab": partial(dragging.grab, runner),
        "pull": partial(dragging.pull, runner),
        "moves": partial(dragging.moves, runner),
        "travel": sliders.travel,
        "touch": sliders.touch,
        "thumbnails": runner.thumbnails,
        "export": partial(exports.export, runner),
        "like": partial(exports.like, runner),
        "liked": partial(exports.liked, runner),
        "presets": partial(exports.all_presets, runner),
        "save_preset": partial(exports.save_preset, runner),
        "delete_preset": partial(exports.delete_preset, runner),
    }


def _pipes() -> tuple[BinaryIO, BinaryIO]:
    """stdin and stdout for this module alone; the sketch gets no input, and stderr to print on."""
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)
    return requests, answers


def _listen(requests: BinaryIO, inbox: "queue.SimpleQueue[protocol.Request]") -> None:
    while (request := protocol.read(requests)) is not None:
        inbox.put(request)
    abandon()
    os._exit(
        0
    )  # whatever the sketch is doing, nobody waits for it: the server is gone, or has said so


def _answer(
    task: Task,
    how: dict[str, object],
    inbox: "queue.SimpleQueue[protocol.Request]",
    answers: BinaryIO,
) -> None:
    """Do what is asked for. The last message has `done`, and `error` if it went wrong.

    What is to be encoded is, when the server has been told that it may send the next request: that
    is here, then, when this one is done.
    """

    def say(head: Mapping[str, object], body: bytes = b"") -> None:
        _send(answers, head, body)
        if not inbox.empty():
            raise Interrupted

    given = _given(partial(task, say, **how))
    if callable(given):
        _send(answers, {"free": True})
        given = _given(given)
    last, body = given
    _send(answers, {**last, "done": True, "memory": memory()}, body)


def _given(task: Callable[[], Given]) -> Given | protocol.ToSend:
    """What a task gives; an answer that tells so if it is interrupted or goes wrong."""
    try:
        return task()
    except Interrupted:
        return {"interrupted": True}, b""
    except BaseException as exc:
        from gradart.sketching.error_reporting import said

        return {"error": said(exc)}, b""


def _send(answers: BinaryIO, head: Mapping[str, object], body: bytes = b"") -> None:
    answers.write(protocol.pack(head, body))
    answers.flush()


def memory() -> int:
    """Bytes of memory that this process holds now; elsewhere than on Linux has held at most."""
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        pass
    try:
        import resource
    except ImportError:
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
