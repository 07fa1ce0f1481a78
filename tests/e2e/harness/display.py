# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A display to show browsers on: the user's own, or an Xvfb with a window manager; and pictures of it."""

import os
import re
import select

from .process import Process, run

START_S = 20
TOOL_S = 30
SIZE = "1600x900"


class Display:
    """`own=True` takes the user's display where DISPLAY is set. Otherwise Xvfb on a free number, with openbox."""

    def __init__(self, workspace, own=False):
        self.processes = []
        self.is_own = bool(own and os.environ.get("DISPLAY"))
        if self.is_own:
            self.name = os.environ["DISPLAY"]
            return
        self.name = self._start_xvfb(workspace)
        self._start_window_manager(workspace)

    def _start_xvfb(self, workspace):
        reading, writing = os.pipe()
        try:
            # Xvfb picks a free number by itself and writes it into the pipe once it is ready.
            server = Process(
                "xvfb",
                ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{SIZE}x24", "-nolisten", "tcp", "-noreset"],
                workspace.logs,
                keep_open=(writing,),
            )
        finally:
            os.close(writing)
        self.processes.append(server)
        with os.fdopen(reading) as pipe:
            if not select.select([pipe], [], [], START_S)[0]:
                raise RuntimeError(f"Xvfb did not start; {server.log_hint()}")
            number = pipe.readline().strip()
        if not number:
            raise RuntimeError(f"Xvfb ended; {server.log_hint()}")
        return f":{number}"

    def _start_window_manager(self, workspace):
        manager = Process(
            "openbox", ["openbox", "--sm-disable"], workspace.logs,
            environment={**os.environ, "DISPLAY": self.name, "HOME": str(workspace.folder("openbox"))},
        )
        self.processes.append(manager)

        def managing():
            # The standard's sign that a window manager runs (EWMH 1.5, _NET_SUPPORTING_WM_CHECK); xdotool asks for it.
            return self._xdotool("get_desktop", check=False).returncode == 0

        manager.wait_until(managing, "openbox to manage the display", START_S)

    def environment(self):
        environment = {"DISPLAY": self.name, "QT_QPA_PLATFORM": "xcb"}
        if self.is_own and "XAUTHORITY" in os.environ:
            environment["XAUTHORITY"] = os.environ["XAUTHORITY"]
        return environment

    def _xdotool(self, *arguments, check=True):
        return run(["xdotool", *arguments], TOOL_S, environment={**os.environ, **self.environment()}, check=check)

    def window_of(self, pid):
        """The id of the largest visible window of a process; None if it shows none."""
        found = self._xdotool("search", "--onlyvisible", "--pid", str(pid), check=False).stdout.split()
        sizes = [(self._area(window), window) for window in found]
        return max(sizes)[1] if sizes else None

    def _area(self, window):
        geometry = self._xdotool("getwindowgeometry", "--shell", window, check=False).stdout
        numbers = dict(re.findall(r"^(WIDTH|HEIGHT)=(\d+)$", geometry, re.MULTILINE))
        return int(numbers.get("WIDTH", 0)) * int(numbers.get("HEIGHT", 0))

    def wait_for_window(self, process):
        return process.wait_until(lambda: self.window_of(process.pid), f"a window of {process.name}", START_S)

    def place(self, window, x, y, width, height):
        self._xdotool("windowsize", window, str(width), str(height))
        self._xdotool("windowmove", window, str(x), str(y))

    def press(self, *keys):
        """Where the focus is, be it in a menu."""
        self._xdotool("key", *keys)

    def type(self, window, text):
        """As on the keyboard, into whatever has the focus in that window."""
        self._xdotool("windowactivate", "--sync", window)
        self._xdotool("type", "--delay", "20", text)

    def title(self, window):
        return self._xdotool("getwindowname", window).stdout

    def click(self, window, x, y, button=1):
        """A mouse button, the left one unless told, at a place on the screen where that window is."""
        self._xdotool("windowactivate", "--sync", window)
        self._xdotool("mousemove", str(x), str(y), "click", str(button))

    def click_menu(self, x, y):
        """The left mouse button, on a menu that is open and stays so."""
        # A menu takes no notice of a mouse that does not move over it.
        self._xdotool("mousemove", str(x - 2), str(y), "mousemove", str(x), str(y), "click", "1")

    def pointer(self, window):
        """The mouse, over that window."""
        self._xdotool("windowactivate", "--sync", window)
        return Pointer(self._xdotool)

    def screenshot(self, file, window="root"):
        """The whole screen or one window, as PNG."""
        run(["import", "-window", window, f"png:{file}"], TOOL_S, environment={**os.environ, **self.environment()})
        return file

    def side_by_side(self, file, windows):
        """One picture of several windows, left to right."""
        parts = []
        try:
            for number, window in enumerate(windows):
                self._xdotool("windowraise", window)
                part = file.with_name(f".{file.stem}-{number}.png")
                parts.append(self.screenshot(part, window))
            run(["convert", *parts, "-background", "#404040", "-splice", "6x0", "+append", "-chop", "6x0", file], TOOL_S)
        finally:
            for part in parts:
                part.unlink(missing_ok=True)
        return file

    def stop(self):
        for process in reversed(self.processes):
            process.terminate(5)
        self.processes.clear()


class Pointer:
    """A mouse whose left button may stay down between its moves."""

    def __init__(self, xdotool):
        self._xdotool = xdotool

    def press(self, x, y):
        self._xdotool("mousemove", str(x), str(y), "mousedown", "1")

    def move(self, x, y):
        self._xdotool("mousemove", str(x), str(y))

    def release(self):
        self._xdotool("mouseup", "1")


def colours(file):
    """How many different colours a picture has: a blank screen has few."""
    return int(run(["identify", "-format", "%k", file], TOOL_S).stdout)


