#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shows the main job: a bookmark saved in one Falkon appears in another and in the bot, and the server sees ciphertext.

Starts a private Prosody with one account, the bot and two Falkons; on your display where there is one, else under Xvfb.
`--keep` leaves everything running until Ctrl-C.
"""

import argparse
import pathlib
import re
import signal
import sys
import tempfile
import time
import xml.etree.ElementTree as ET

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from harness import tree, workspace  # noqa: E402  (the path comes first)
from harness.bot import Bot  # noqa: E402
from harness.case import wait_replicas  # noqa: E402
from harness.display import Display, colours  # noqa: E402
from harness.falkon import Falkon  # noqa: E402
from harness.prosody import Prosody  # noqa: E402
from harness.tree import SEPARATOR, bookmarks, folder, link  # noqa: E402
from harness.waiting import wait_for  # noqa: E402
from harness.xmpp import Connection  # noqa: E402

NODE = "urn:xmppsync:bookmarks:1"
OMEMO = "{urn:xmpp:omemo:2}"
WIDTH, HEIGHT, GAP = 790, 560, 20
EXCERPT = 260


class Demo:
    def __init__(self, keep):
        self.keep = keep
        self.steps = []
        self.place = workspace.Workspace("demo")
        self.display = self.server = self.bot = self.a = self.b = None

    # Telling

    def say(self, text=""):
        print(text, flush=True)

    def head(self, text):
        self.say(f"\n\033[1m{text}\033[0m" if sys.stdout.isatty() else f"\n== {text}")

    def step(self, what, action):
        """Does it, and tells and remembers how long it took until it was seen."""
        start = time.monotonic()
        result = action()
        took = time.monotonic() - start
        self.steps.append((what, took))
        self.say(f"  ✓ {what}  ({took:.2f} s)")
        return result

    # Steps

    def start(self):
        self.head("Starting")
        self.display = Display(self.place, own=True)
        self.say(f"  the browsers show on {'your display' if self.display.is_own else 'a virtual display'} {self.display.name}")
        self.server = self.step("a private Prosody with its own certificate, STARTTLS", lambda: Prosody(self.place))
        account = self.server.register("alice")
        self.say(f"    {account} on {self.server.connect}, data in {self.server.data}")
        self.a = Falkon(self.place, "Falkon-A", self.display, sidebar=True)
        self.b = Falkon(self.place, "Falkon-B", self.display, sidebar=True)
        for browser in (self.a, self.b):
            browser.write_bookmarks(bookmarks())
            browser.sign_in(self.server, account)
            self.step(f"{browser.name} with the plugin, signed in", lambda b=browser: (b.start(), b.wait_synced()))
        self.bot = Bot(self.place, self.server, account)
        self.step("the bot, signed in", lambda: self.bot.start().wait_synced())
        self.step("the three devices know each other's keys", lambda: wait_replicas(self.a, self.b))
        for browser in (self.a, self.b):
            self.say(f"    {browser.name}:  {browser.status()['fingerprint']}")
        self.say(f"    the bot:   {self.bot.fingerprint()}")
        if not self.display.is_own:
            for number, browser in enumerate((self.a, self.b)):
                self.display.place(browser.window(), number * (WIDTH + GAP), 10, WIDTH, HEIGHT)

    def save_in_a(self):
        self.head("Saving bookmarks and a folder in A")
        expected = bookmarks(toolbar=[
            link("KDE", "https://kde.org/"), link("XMPP", "https://xmpp.org/"),
            folder("Reading", link("OMEMO", "https://xmpp.org/extensions/xep-0384.html"), SEPARATOR, link("Falkon", "https://www.falkon.org/")),
        ])
        self.a.add("toolbar", link("KDE", "https://kde.org/"))
        self.step("the first bookmark is in B", lambda: self.b.wait_title("KDE"))
        self.a.add_many("toolbar", expected["toolbar"][1:])
        self.step("a second one and a folder with two are in B", lambda: self.b.wait_tree(expected))
        self.step("all of it is in the bot", lambda: self.bot.wait_tree(expected))
        self.say("    what the bot exports:")
        self.say(tree.draw(self.bot.tree(), "      "))
        return expected

    def show_ciphertext(self):
        self.head("What the server stored")
        onlooker = Connection(self.server, self.bot.account, "onlooker")
        try:
            items = onlooker.items(NODE)
        finally:
            onlooker.close()
        files = [path for path in self.server.pep_files("alice", NODE) if path.stat().st_size]
        self.say(f"  {len(items)} items in the node {NODE}, which only this account may read; in Prosody's files:")
        for path in files:
            self.say(f"    {path}  ({path.stat().st_size} bytes)")
        name, item = max(items.items(), key=lambda pair: len(ET.tostring(pair[1])))
        payload = item.findtext(f".//{OMEMO}payload")
        keys = len(list(item.iter(f"{OMEMO}key")))
        self.say(f"  the largest item, {name}, is encrypted for {keys} devices; its payload is")
        self.say("    " + re.sub(r"(.{76})", r"\1\n    ", payload[:EXCERPT]) + ("…" if len(payload) > EXCERPT else ""))
        # Long enough that no ciphertext holds one by chance.
        needles = ["https://kde.org/", "KDE Community", "Reading", "falkon.org", "xep-0384"]
        found = self.step(f"none of {', '.join(needles)} is in any file of the server", lambda: self.server.plaintext_found(needles))
        if found:
            raise SystemExit(f"demo.py: the server stored plaintext: {found}")

    def edit_in_b(self, expected):
        self.head("Renaming, moving and deleting in B")
        toolbar = expected["toolbar"]
        self.b.set(["toolbar", "KDE"], title="KDE Community")
        toolbar[0] = link("KDE Community", "https://kde.org/")
        self.step("renamed: “KDE” is “KDE Community” in A", lambda: self.a.wait_tree(expected))
        self.b.move(["toolbar", "XMPP"], ["toolbar", "Reading"], 0)
        toolbar[2][2].insert(0, toolbar.pop(1))
        self.step("moved: “XMPP” is in the folder “Reading” in A", lambda: self.a.wait_tree(expected))
        self.b.remove(["toolbar", "Reading", "Falkon"])
        toolbar[1][2].pop()
        self.step("deleted: “Falkon” is gone from A", lambda: self.a.wait_tree(expected))
        self.step("and the bot has the same", lambda: self.bot.wait_tree(expected))
        self.say("    A now shows:")
        self.say(tree.draw(self.a.tree(), "      "))

    def picture(self):
        """Taken once the browsers have painted: two pictures in a row are the same."""
        target = pathlib.Path(tempfile.gettempdir()) / "xmppsync-demo.png"
        windows = [browser.window() for browser in (self.a, self.b)]
        last = []

        def still():
            content = self.display.side_by_side(target, windows).read_bytes()
            last.append(content)
            return len(last) > 2 and last[-1] == last[-2] == last[-3]

        try:
            wait_for(still, "the browsers to be painted", 15)
        except AssertionError:
            # On a display that somebody uses, something always moves.
            pass
        if colours(target) < 20:
            raise SystemExit(f"demo.py: the screenshot {target} is blank")
        return target

    def summary(self, picture):
        self.head("Summary")
        for what, took in self.steps:
            self.say(f"  {took:6.2f} s  {what}")
        self.say(f"\n  Screenshot of both browsers: {picture}")

    def play(self):
        self.head("Everything keeps running: play with it, and end it with Ctrl-C")
        if self.display.is_own:
            self.say("  Save, rename, drag or delete bookmarks in one Falkon window and watch the other one.")
        else:
            self.say(f"  The browsers are on the virtual display {self.display.name}; with a VNC server such as x11vnc you can see them:")
            self.say(f"    x11vnc -display {self.display.name} -localhost")
            self.say(f"  A screenshot:  import -display {self.display.name} -window root screen.png")
        command = " ".join(str(part) for part in self.bot.arguments("export", "--format", "json"))
        self.say(f"  What the bot has:\n    {command}")
        self.say(f"  What the server stores:  {self.server.data}")
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            signal.pause()
        except KeyboardInterrupt:
            self.say("\n  Ending.")

    def run(self):
        try:
            self.start()
            expected = self.save_in_a()
            self.show_ciphertext()
            self.edit_in_b(expected)
            self.summary(self.picture())
            if self.keep:
                self.play()
        except BaseException as error:
            if not isinstance(error, KeyboardInterrupt):
                self.say(f"  ✗ logs: {self.place.keep_logs('demo')}")
            raise
        finally:
            self.end()

    def end(self):
        for part in (self.a, self.b, self.bot):
            if part:
                part.stop()
        if self.server:
            self.server.process.kill()
        if self.display:
            self.display.stop()
        self.place.remove()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--keep", action="store_true", help="leave everything running until Ctrl-C, to play with")
    options = parser.parse_args()
    try:
        workspace.check_programs(("XMPPSYNC_PLUGIN", "XMPPSYNC_DRIVER", "XMPPSYNC_BOT"))
    except workspace.Missing as missing:
        print(f"demo.py: {missing}", file=sys.stderr)
        return 2
    try:
        Demo(options.keep).run()
    except KeyboardInterrupt:
        return 130
    except AssertionError as error:
        print(f"demo.py: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
