# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A program that writes one JSON object a line, and may read such lines."""

import json
import threading

from .process import Process
from .waiting import DEADLINE_S


class LineProcess:
    """Reads the program's lines in a thread as they come; `events` has all of them, in order."""

    def __init__(self, name, arguments, logs, environment=None):
        self.process = Process(name, arguments, logs, environment=environment, pipes=True)
        self.events = []
        self.transcript = logs / f"{name}.out"
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        with open(self.transcript, "a", encoding="utf-8") as transcript:
            for line in self.process.popen.stdout:
                text = line.decode("utf-8", "replace")
                transcript.write(text)
                transcript.flush()
                try:
                    self.events.append(json.loads(text))
                except json.JSONDecodeError:
                    self.events.append({"unreadable": text})

    def send(self, **command):
        self.process.popen.stdin.write(json.dumps(command).encode() + b"\n")
        self.process.popen.stdin.flush()

    def mark(self):
        """A place in the events, to wait only for what comes after it."""
        return len(self.events)

    def wait_event(self, matches, what, since=0, timeout=DEADLINE_S):
        """The first event from `since` on for which `matches` is true."""
        return self.process.wait_until(lambda: self.first(matches, since), what, timeout)

    def first(self, matches, since=0):
        return next((event for event in self.events[since:] if matches(event)), None)

    def stop(self):
        if self.process.running():
            self.process.terminate(5)
        self.process.kill()
