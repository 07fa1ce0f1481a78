# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real Falkon with the plugin and the test driver, in a home folder of its own."""

import json
import os

from . import tree
from .driver import Driver
from .process import Process
from .waiting import DEADLINE_S, wait_for
from .workspace import program

PROFILE = "test"
QUIT_S = 20

# Blank start pages, no session, no update check and no AdBlock keep it off the network: nothing but the plugin connects.
SETTINGS = """\
[Plugin-Settings]
AllowedPlugins=lib:{plugin}, lib:{driver}

[Web-URL-Settings]
afterLaunch=0
homepage=about:blank
newTabUrl=about:blank

[Web-Browser-Settings]
CheckDefaultBrowser=false
CheckUpdates=false

[Browser-View-Settings]
showBookmarksToolbar=true
showStatusBar=true
SideBar={sidebar}
SideBarWidth=260

[NavigationBar]
Layout=button-backforward, button-reloadstop, locationbar, xmppsync-button, button-tools

[SessionRestore]
isRunning=false
"""


class Falkon:
    """Not started on creation. The profile outlives `quit`, `terminate` and `kill`."""

    def __init__(self, workspace, name, display=None, sidebar=False, profile=PROFILE, home=None):
        self.name = name
        self.workspace = workspace
        self.logs = workspace.logs
        self.display = display
        self.home = home or workspace.folder(name)
        self.profile = self.home / ".config/falkon/profiles" / profile
        self.state = self.profile / "extensions/xmppsync"
        self.state.mkdir(parents=True, exist_ok=True)
        self.bookmarks_file = self.profile / "bookmarks.json"
        self.socket = self.home / ("driver" if home is None else f"driver-{name}")
        self.settings = SETTINGS.format(
            plugin=program("XMPPSYNC_PLUGIN"), driver=program("XMPPSYNC_DRIVER"), sidebar="Bookmarks" if sidebar else "None"
        )
        self.process = None
        self.driver = None
        self.language = "C.UTF-8"
        self.scale = 1
        # The address of a message bus, where there is one.
        self.bus = None
        for folder in ("runtime", "tmp"):
            (self.home / folder).mkdir(mode=0o700, exist_ok=True)

    def second_profile(self, profile, name=None):
        """Another Falkon of the same user, not started; its profile may be the same one."""
        return Falkon(self.workspace, f"{self.name}-{name or profile}", self.display, profile=profile, home=self.home)

    # Configuration, Falkon stopped

    def sign_in(self, server, account, **more):
        """The plugin's configuration as its settings dialog would leave it."""
        configuration = {
            "account": account, "label": self.name, "connect": server.connect, "ca_file": str(server.ca_file),
            "sync_bookmarks": True, **more,
        }
        (self.state / "config.json").write_text(json.dumps(configuration, indent=4))
        password = self.state / "password"
        password.write_text(server.passwords[account] + "\n")
        password.chmod(0o600)

    def write_bookmarks(self, whole):
        """Falkon's own bookmarks file, as it was before the plugin came."""
        self.bookmarks_file.write_text(json.dumps(tree.to_file(whole)))

    def saved(self):
        """What its own bookmarks file holds now."""
        return tree.from_file(json.loads(self.bookmarks_file.read_text()))

    # Life

    def environment(self):
        environment = {
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
            "LANG": self.language,
            "QT_SCALE_FACTOR": str(self.scale),
            "HOME": str(self.home),
            "XDG_CONFIG_HOME": str(self.home / ".config"),
            "XDG_DATA_HOME": str(self.home / ".local/share"),
            "XDG_CACHE_HOME": str(self.home / ".cache"),
            "XDG_RUNTIME_DIR": str(self.home / "runtime"),
            # A Falkon that is killed leaves a folder there.
            "TMPDIR": str(self.home / "tmp"),
            # No bus unless the test gives one: neither the user's wallet nor their notifications take part in a test.
            "DBUS_SESSION_BUS_ADDRESS": self.bus or "disabled:",
            "XMPPSYNC_DRIVER_SOCKET": str(self.socket),
            "QT_QPA_PLATFORM": "offscreen",
        }
        for name in ("XMPPSYNC_LOG", "RUST_LOG", "RUST_BACKTRACE"):
            if name in os.environ:
                environment[name] = os.environ[name]
        if self.display:
            environment |= self.display.environment()
        if os.geteuid() == 0:
            # Chromium's sandbox refuses to run as root.
            environment["QTWEBENGINE_DISABLE_SANDBOX"] = "1"
        return environment

    def start(self, *options):
        """Starts it and waits until the driver answers and a window is there. `options` are Falkon's own."""
        # Written anew each time: Falkon keeps a mark that it runs, and would offer to restore after a kill.
        (self.profile / "settings.ini").write_text(self.settings)
        self.socket.unlink(missing_ok=True)
        self.process = Process(
            self.name, ["falkon", "-p", self.profile.name, "-r", *options], self.logs, environment=self.environment(), folder=self.home
        )

        def connected():
            try:
                return Driver(self.socket)
            except (FileNotFoundError, ConnectionRefusedError):
                return None

        self.driver = self.process.wait_until(connected, f"the driver of {self.name}")

        def window():
            return self.call("screenshot")

        self.process.wait_until(window, f"a window of {self.name}")
        return self

    def quit(self, timeout=QUIT_S):
        """As the menu does. The exit code; fails if it takes longer than `timeout`."""
        self.call("quit")
        self.driver.close()
        code = self.process.wait(timeout)
        if code is None:
            hint = self.process.log_hint()
            self.process.kill()
            raise AssertionError(f"{self.name} did not quit within {timeout} s; {hint}")
        self.process.kill()
        return code

    def terminate(self):
        """SIGTERM: Falkon ends without saving and without unloading its plugins."""
        self.driver.close()
        self.process.terminate()

    def kill(self):
        """As a crash: SIGKILL."""
        self.driver.close()
        self.process.kill()

    def stop(self):
        """Ends it however that goes; for clean-up."""
        if self.process and self.process.running():
            self.process.terminate(3)
        if self.process:
            self.process.kill()

    def running(self):
        return self.process is not None and self.process.running()

    # Commands

    def call(self, name, /, **arguments):
        """One command of the test driver (tests/falkon-driver/README.md)."""
        return self.driver.call(name, **arguments)

    def tree(self):
        roots = self.call("dump")["roots"]
        return {root: tree.from_driver(roots[root]) for root in tree.ROOTS}

    def add(self, parent, item, index=None):
        arguments = {} if index is None else {"index": index}
        self.call("add", parent=parent, item=tree.description(item), **arguments)

    def add_many(self, parent, items):
        self.call("addMany", parent=parent, items=[tree.description(item) for item in items])

    def set(self, path, **fields):
        self.call("set", path=path, **fields)

    def move(self, path, to, index=None, drag=False):
        arguments = {} if index is None else {"index": index}
        self.call("move", path=path, to=to, drag=drag, **arguments)

    def remove(self, path, silent=False):
        self.call("remove", path=path, silent=silent)

    def clear(self):
        """Removes every bookmark, as a user would."""
        for root in tree.ROOTS:
            for _ in self.tree()[root]:
                self.remove([root, 0])

    def command(self, **command):
        """A command to the sync engine inside the plugin."""
        self.call("command", command=command)

    def status(self):
        return self.call("status")["status"]

    def set_trust(self, jid, fingerprint, trust):
        self.command(type="set_trust", jid=jid, fingerprint=fingerprint, trust=trust)

    def wait_trust(self, fingerprint, trust):
        def shown():
            return any(device["fingerprint"] == fingerprint and device["trust"] == trust for device in self.status()["devices"])

        self.process.wait_until(shown, f"{self.name} to show the key as {trust}")

    def answer(self, button, picture=None):
        """Waits until the plugin has a question, and presses that button of it in the settings."""
        self.process.wait_until(lambda: self.status()["needs"], f"a question of {self.name}")
        self.call("openSettings", **({"file": str(picture)} if picture else {}))
        assert self.call("press", button=button)["pressed"], f"no button {button}: {self.status()['needs']}"
        self.process.wait_until(lambda: not self.status()["needs"], f"{self.name} to have taken the answer")
        self.call("closeDialogs")

    def set_plugin(self, enabled):
        """Ticks or unticks the plugin's box on Falkon's extensions page."""
        self.call("setExtension", enabled=enabled)
        self.call("closeDialogs")

    # Waiting

    def wait_tree(self, expected, what=None, timeout=DEADLINE_S):
        """Until the bookmarks are exactly `expected`; the failure shows both trees."""

        def same():
            now = self.tree()
            assert now == expected, f"\n{tree.draw(now)}\n  instead of\n{tree.draw(expected)}"
            return True

        self.process.wait_until(same, what or f"{self.name} to show the expected tree", timeout)

    def wait_title(self, title, timeout=DEADLINE_S):
        self.process.wait_until(lambda: title in tree.titles(self.tree()), f"{title!r} in {self.name}", timeout)

    def wait_online(self, timeout=DEADLINE_S):
        def online():
            status = self.status()
            assert status.get("state") == "online", f"{status}"
            return True

        self.process.wait_until(online, f"{self.name} to be online", timeout)

    def wait_synced(self, timeout=DEADLINE_S):
        """Until it is online, has joined, has published all that it knows and lacks nothing that it knows of."""

        def synced():
            status = self.status()
            assert status.get("state") == "online" and status.get("phase") == "up_to_date", f"{status}"
            return True

        self.process.wait_until(synced, f"{self.name} to be up to date", timeout)

    def wait_published(self, timeout=DEADLINE_S):
        """Until all that it shows is in its replica, and all of that on the server."""

        def published():
            status = self.status()
            shown = tree.count(self.tree())
            assert (status["bookmarks"], status["unpublished"], status["phase"]) == (shown, 0, "up_to_date"), f"{shown}: {status}"
            return True

        self.process.wait_until(published, f"{self.name} to have published its edits", timeout)

    def wait_saved(self, timeout=DEADLINE_S):
        """Until Falkon itself has written what it shows (it does so some seconds after a change)."""
        self.process.wait_until(lambda: self.saved() == self.tree(), f"{self.bookmarks_file.name} of {self.name} to be written", timeout)

    def window(self):
        return self.display.wait_for_window(self.process)


def wait_same(first, second, timeout=DEADLINE_S):
    """Until two browsers show the same tree; returns it. (Say what the tree must hold as well: two empty ones are equal.)"""

    def same():
        one, other = first.tree(), second.tree()
        assert one == other, f"\n{first.name}:\n{tree.draw(one)}\n{second.name}:\n{tree.draw(other)}"
        return one

    alive = (first.process, second.process)
    return wait_for(lambda: [same()], f"{first.name} and {second.name} to be the same", timeout, alive)[0]
