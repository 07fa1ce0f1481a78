# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The most detailed log that there is holds no secret: no key that was ever stored, no password, no bookmark, no text."""

import base64
import json
import sqlite3
import threading

from harness.case import Case
from harness.waiting import wait_for

TITLE, PAGE, WORDS = "Zaubertitel", "zauberseite.example", "Zauberwort"
HTML = f"""<!DOCTYPE NETSCAPE-Bookmark-file-1>
<DL><p><DT><A HREF="https://{PAGE}/?q=1">{TITLE}</A></DL><p>
"""
# What the records of the state call their secrets; skipped message keys are called by their number.
NAMES = {"seed", "secret", "key", "root", "own"}
LENGTH = 32


class Secrets(threading.Thread):
    """Reads a bot's state over and over, and keeps every secret that it ever held."""

    def __init__(self, database):
        super().__init__(daemon=True)
        self.database = database
        self.found = set()
        self.ended = threading.Event()

    def run(self):
        while not self.ended.wait(0.05):
            self.look()

    def look(self):
        if not self.database.exists():
            return
        connection = sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=5)
        try:
            tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE name LIKE 'omemo%'")]
            for table in tables:
                for row in connection.execute(f"SELECT * FROM {table}"):
                    for value in row:
                        self.collect(value)
        except sqlite3.OperationalError:
            pass  # not made yet, or just being written
        finally:
            connection.close()

    def collect(self, value):
        try:
            self.walk(json.loads(value), "")
        except (TypeError, ValueError):
            pass  # no record, but a key or a number

    def walk(self, value, name):
        if isinstance(value, dict):
            for inner, content in value.items():
                self.walk(content, inner)
        elif isinstance(value, str) and (name in NAMES or name.isdigit()) and len(value) == 2 * LENGTH:
            self.found.add(bytes.fromhex(value))

    def stop(self):
        self.ended.set()
        self.join()
        self.look()


def forms(secret):
    """As a log may show bytes: digits in both cases, base64 in both alphabets, a list of numbers."""
    yield secret.hex()
    yield secret.hex().upper()
    # Without the last digits, which depend on what follows.
    yield base64.b64encode(secret).decode()[:42]
    yield base64.urlsafe_b64encode(secret).decode()[:42]
    yield ", ".join(str(byte) for byte in secret)


class Logs(Case):
    def test_the_most_detailed_log_holds_no_secret(self):
        account, partner = self.server.register("silent"), self.server.register("friend")
        bots = [self.bot(account, "one", partners=[partner]), self.bot(account, "two", partners=[partner])]
        friend = self.bot(partner, "friend", partners=[account])
        watchers = []
        for bot in [*bots, friend]:
            bot.log = "trace"
            watchers.append(Secrets(bot.state / "state.sqlite3"))
            watchers[-1].start()
            self.addCleanup(watchers[-1].stop)
            bot.start()
            bot.wait_synced()
        file = bots[0].home / "in.html"
        file.write_text(HTML)
        bots[0].command("import", file)
        wait_for(lambda: TITLE in json.dumps(bots[1].export()), "the bookmark in the other bot")
        heard = bots[0].listen()
        friend.command("send", account, f"https://{PAGE}/ {WORDS}")
        heard.wait_event(lambda event: WORDS in str(event.get("body")), "the friend's message")
        for bot in [*bots, friend]:
            bot.stop()
        for watcher in watchers:
            watcher.stop()
        secrets = set().union(*(watcher.found for watcher in watchers))
        self.assertGreater(len(secrets), 3 * 100, "all pre keys at least")
        for bot in [*bots, friend]:
            log = bot.process.log_text()
            self.assertIn("TRACE", log, "the log is as detailed as can be")
            for words in (TITLE, PAGE, WORDS, self.server.passwords[bot.account]):
                self.assertNotIn(words, log)
            for secret in secrets:
                for form in forms(secret):
                    self.assertNotIn(form, log)
