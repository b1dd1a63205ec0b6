# SPDX-License-Identifier: ISC
"""stalls.py - when the machine stood still: times in which no process but the most urgent ones got a processor.

A failover that falls into one takes longer, whatever the daemon does; without knowing of it, an outlier would be put
down to the daemon. On each processor a child of nearly the highest real-time priority sleeps a few milliseconds and
looks how late it wakes up. Where that priority is not to be had nothing is known, and nothing is said.
"""
import os
import struct
import time

NAP = 0.005  # seconds
WORTH_TELLING = 0.05
_STALL = struct.Struct("=qq")


def _look(processor, output):
    """In the child: never returns; it ends with the namespace of the run."""
    try:
        os.sched_setaffinity(0, {processor})
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(os.sched_get_priority_max(os.SCHED_FIFO) - 1))
        os.write(output, _STALL.pack(0, 0))
        before = time.monotonic_ns()
        while True:
            time.sleep(NAP)
            now = time.monotonic_ns()
            if now - before > WORTH_TELLING * 1e9:
                os.write(output, _STALL.pack(before, now))
            before = now
    finally:
        os._exit(0)


class Stalls:
    def __init__(self):
        self._input, output = os.pipe2(os.O_CLOEXEC)
        os.set_blocking(self._input, False)
        self._list = []
        self._rest = b""
        for processor in sorted(os.sched_getaffinity(0)):
            if os.fork() == 0:
                _look(processor, output)
        os.close(output)

    def _read(self):
        try:
            while data := os.read(self._input, 65536):
                self._rest += data
        except BlockingIOError:
            pass
        whole = len(self._rest) - len(self._rest) % _STALL.size
        self._list += _STALL.iter_unpack(self._rest[:whole])
        self._rest = self._rest[whole:]

    def longest_ms(self, start, end):
        """The longest part of a stall between these two moments (ns), in ms; None if nobody looks."""
        self._read()
        if not self._list:
            return None
        return round(max(max(0, min(end, until) - max(start, since)) for since, until in self._list) / 1e6, 1)
