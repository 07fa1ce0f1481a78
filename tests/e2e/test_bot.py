# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The bot's command line, with a Falkon of the same account, and what it says to bad input."""

import json
import shutil
import sqlite3
import subprocess

from harness import tree
from harness.case import Case
from harness.tree import SEPARATOR, bookmarks, folder, link

USAGE, SIGN_IN, UNREACHABLE, STATE = 2, 3, 4, 5

HTML = """<!DOCTYPE NETSCAPE-Bookmark-file-1>
<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=UTF-8">
<TITLE>Bookmarks</TITLE>
<H1>Bookmarks Menu</H1>
<DL><p>
    <DT><A HREF="https://menu.example/" ADD_DATE="1700000000">In the menu &amp; more</A>
    <DT><H3 PERSONAL_TOOLBAR_FOLDER="true">Bookmarks Toolbar</H3>
    <DL><p>
        <DT><A HREF="https://bar.example/">On the bar</A>
        <HR>
        <DT><H3>Inner</H3>
        <DL><p>
            <DT><A HREF="https://inner.example/">Inside</A>
        </DL><p>
    </DL><p>
</DL>
"""


class BotAndBrowser(Case):
    @classmethod
    def prepare(cls):
        cls.account = cls.server.register("botty")
        cls.a = cls.browser("A", cls.account)
        cls.a.start()
        cls.a.wait_synced()
        cls.robot = cls.bot(cls.account).start()
        cls.a.process.wait_until(lambda: cls.a.status()["replicas"] >= 1, "A to see the bot")

    def test_a_export_equals(self):
        whole = bookmarks([link("One"), folder("F", link("Two"), SEPARATOR)], [link("Ümläut <&>", "https://umlaut.example/?a=%3C&b=1")], [folder("Empty")])
        for root in tree.ROOTS:
            self.a.add_many(root, whole[root])
        self.robot.wait_tree(whole)
        self.assertEqual(self.robot.tree(), self.a.tree())
        html = self.robot.command("export", "--format", "html").stdout
        self.assertIn("<!DOCTYPE NETSCAPE-Bookmark-file-1>", html)
        for part in ("https://one.example/", "Ümläut &lt;&amp;&gt;", "Empty"):
            self.assertIn(part, html)
        output = self.robot.home / "out.json"
        self.robot.command("export", "--format", "json", "--output", output)
        self.assertEqual(tree.from_file(json.loads(output.read_text())), whole)

    def test_b_import_arrives(self):
        file = self.robot.home / "in.html"
        file.write_text(HTML)
        before = self.a.tree()
        self.robot.command("import", file)
        expected = {
            "toolbar": [*before["toolbar"], link("On the bar", "https://bar.example/"), SEPARATOR,
                        folder("Inner", link("Inside", "https://inner.example/"))],
            "menu": [*before["menu"], link("In the menu & more", "https://menu.example/")],
            "other": before["other"],
        }
        self.a.wait_tree(expected)
        # The same file once more adds nothing.
        self.robot.command("import", file)
        self.a.add("other", link("After the second import"))
        expected["other"] = [*expected["other"], link("After the second import")]
        self.robot.wait_tree(expected)
        self.assertEqual(self.a.tree(), expected)

    def test_c_export_and_import_into_another_account(self):
        account = self.server.register("elsewhere")
        other = self.bot(account, "other")
        file = self.robot.home / "move.json"
        self.robot.command("export", "--format", "json", "--output", file)
        other.start()
        other.wait_synced()
        other.command("import", file)
        self.assertEqual(other.tree(), self.robot.tree())

    def test_ca_other_formats_and_dry_run(self):
        """What one account exports as XBEL another can count first, and import then."""
        html = self.robot.home / "first.html"
        html.write_text(HTML)
        self.robot.command("import", html)
        file = self.robot.home / "move.xbel"
        self.robot.command("export", "--format", "xbel", "--output", file)
        account = self.server.register("xbel")
        other = self.bot(account, "xbel")
        other.start()
        other.wait_synced()
        empty = other.tree()
        counted = other.command("import", "--dry-run", file).stdout
        self.assertRegex(counted, r"^[1-9]\d* would be added, 0 there already. Nothing was changed.\n$")
        self.assertEqual(other.tree(), empty)
        other.command("import", file)
        self.assertEqual(other.tree(), self.robot.tree())
        other.stop()
        counted = other.command("import", "--dry-run", file).stdout
        self.assertRegex(counted, r"^0 would be added, [1-9]\d* there already.")

    def test_cb_a_dated_export_is_written(self):
        folder = self.robot.home / "exports"
        self.robot.stop()
        self.robot.start("--export-to", folder, "--export-format", "json")
        self.robot.wait_synced()
        self.robot.process.wait_until(lambda: list(folder.glob("bookmarks-????-??-??.json")), "today's export")
        (file,) = folder.iterdir()
        self.assertEqual(tree.from_file(json.loads(file.read_text())), self.robot.tree())

    def test_d_status_devices_fingerprint(self):
        status = self.robot.status()
        self.assertEqual(status["status"]["phase"], "up_to_date")
        self.assertTrue(self.robot.command("status").stdout.strip())
        fingerprint = self.robot.fingerprint()
        self.assertRegex(fingerprint, r"^([0-9a-f]{8} ){7}[0-9a-f]{8}$")
        devices = self.robot.devices()
        self.assertIn(self.a.status()["fingerprint"], [device["fingerprint"] for device in devices])
        self.assertIn(fingerprint, [device["fingerprint"] for device in self.a.status()["devices"]])
        self.assertIn(self.a.status()["fingerprint"], self.robot.command("devices").stdout)

    def test_e_restart_keeps_everything(self):
        fingerprint, ids = self.robot.fingerprint(), self.robot.ids()
        self.robot.process.kill()
        self.robot.start()
        self.robot.wait_synced()
        self.assertEqual(self.robot.fingerprint(), fingerprint)
        self.assertEqual(self.robot.ids(), ids)
        self.a.add("other", link("After the bot's restart"))
        self.robot.wait_tree(self.a.tree())

    def test_f_commands_without_a_running_bot(self):
        """Export, fingerprint and devices read the state by themselves, without the server."""
        whole, fingerprint = self.robot.tree(), self.robot.fingerprint()
        self.assertTrue(self.robot.process.terminate(5), "the bot did not end on SIGTERM within 5 s")
        self.server.stop()
        try:
            self.assertEqual(self.robot.tree(), whole)
            self.assertEqual(self.robot.fingerprint(), fingerprint)
            self.assertTrue(self.robot.devices())
        finally:
            self.server.start()
            self.robot.start()


class BadInput(Case):
    """Exit codes are those of `--help`, and the message says what to do."""

    @classmethod
    def prepare(cls):
        cls.account = cls.server.register("bad")
        cls.robot = cls.bot(cls.account)
        # A first run makes the device.
        cls.robot.start().wait_synced()
        cls.robot.stop()

    def refused(self, code, words, *arguments, options=None, environment=None):
        """The bot ends with this code, and its message has all of these words; neither it nor its help is a panic."""
        base = self.robot.options if options is None else options
        arguments = [str(part) for part in (self.robot.arguments("x")[0], *base, *arguments)]
        result = subprocess.run(
            arguments, capture_output=True, text=True, timeout=60, env={**self.robot.environment(), **(environment or {})}, check=False
        )
        said = result.stderr + result.stdout
        self.assertEqual(result.returncode, code, said)
        for word in words:
            self.assertIn(word.lower(), said.lower())
        self.assertNotIn("panicked", said)
        self.assertNotIn(self.server.passwords[self.account], said)
        return said

    def without(self, name):
        """The options without one of them and its value."""
        place = self.robot.options.index(name)
        return self.robot.options[:place] + self.robot.options[place + 2 :]

    def with_option(self, name, value):
        return [*self.without(name), name, value]

    def test_help(self):
        said = self.robot.command("--help").stdout
        for word in ("run", "status", "devices", "fingerprint", "export", "import", "send", "listen", "--account", "--password-file",
                     "--state", "--connect", "--ca-file", "Exit codes"):
            self.assertIn(word, said)

    def test_no_address(self):
        self.refused(USAGE, ["--account"], "run", options=self.without("--account"))

    def test_address_that_is_none(self):
        for address in ("", "no at sign", "@localhost", "user@", "a@b@c", "user@host/resource", "user name@localhost"):
            with self.subTest(address=address):
                self.refused(USAGE, ["address"], "run", options=self.with_option("--account", address))

    def test_unreadable_password_file(self):
        self.refused(USAGE, ["password", "no-such-file"], "run", options=self.with_option("--password-file", self.robot.home / "no-such-file"))

    def test_password_file_that_is_a_folder(self):
        self.refused(USAGE, ["password"], "run", options=self.with_option("--password-file", self.robot.home))

    def test_empty_password_file(self):
        empty = self.robot.home / "empty"
        empty.write_text("\n")
        empty.chmod(0o600)
        self.refused(USAGE, ["password", "empty"], "run", options=self.with_option("--password-file", empty))

    def test_password_file_that_others_can_read(self):
        open_file = self.robot.home / "open"
        open_file.write_text(self.server.passwords[self.account])
        open_file.chmod(0o644)
        self.refused(USAGE, ["chmod"], "run", options=self.with_option("--password-file", open_file))

    def test_wrong_password(self):
        wrong = self.robot.home / "wrong"
        wrong.write_text("wrong\n")
        wrong.chmod(0o600)
        self.refused(SIGN_IN, ["password"], "run", options=self.with_option("--password-file", wrong))

    def test_unknown_account(self):
        self.refused(SIGN_IN, [], "run", "--state", self.robot.home / "unknown-state", options=[
            *self.robot.options[2:4], *self.robot.options[6:], "--account", "nobody@localhost"])

    def test_certificate_that_is_not_trusted(self):
        options = self.without("--ca-file")
        self.refused(SIGN_IN, ["certificate"], "run", options=options)
        self.refused(SIGN_IN, ["certificate"], "run", "--pin-sha256", "00" * 32, options=options)

    def test_certificate_file_that_is_none(self):
        self.refused(USAGE, ["no-such-ca"], "run", options=self.with_option("--ca-file", self.robot.home / "no-such-ca"))

    def test_server_that_is_not_there(self):
        self.server.stop()
        try:
            self.refused(UNREACHABLE, [], "send", "--timeout", "3", "someone@localhost", "hello")
        finally:
            self.server.start()

    def test_connect_that_makes_no_sense(self):
        for value in ("nonsense", "host:", "host:99999", ":5222", ""):
            with self.subTest(connect=value):
                self.refused(USAGE, ["connect"], "run", options=self.with_option("--connect", value))

    def test_plaintext_connection_to_another_host(self):
        said = self.refused(USAGE, ["loopback"], "run", "--plain-tcp-on-loopback", options=self.with_option("--connect", "192.0.2.1:5222"))
        self.assertTrue(said)

    def test_import_of_what_is_none(self):
        for name, content in (("broken.json", "{\"roots\":"), ("nothing.json", "{}"), ("text.txt", "just text"), ("empty", "")):
            with self.subTest(file=name):
                file = self.robot.home / name
                file.write_text(content)
                self.refused(USAGE, [name], "import", file)
        self.refused(USAGE, ["no-such"], "import", self.robot.home / "no-such")

    def test_state_that_is_not_there(self):
        said = self.refused(STATE, ["run"], "export", "--format", "json", options=self.with_option("--state", self.robot.home / "nowhere"))
        self.assertTrue(said)
        self.assertFalse((self.robot.home / "nowhere").exists())

    def database(self, name):
        """A copy of the bot's state folder and the database in it."""
        folder_ = self.robot.home / name
        shutil.copytree(self.robot.state, folder_, ignore=lambda _, names: [n for n in names if n == "control"])
        found = [path for path in folder_.iterdir() if path.is_file() and path.read_bytes()[:6] == b"SQLite"]
        self.assertEqual(len(found), 1, found)
        return folder_, found[0]

    def test_broken_database(self):
        state, database = self.database("broken-state")
        garbage = b"SQLite format 3\0" + b"garbage " * 4_000
        database.write_bytes(garbage)
        for command in (("run",), ("export", "--format", "json"), ("status",)):
            self.refused(STATE, [str(database)], *command, options=self.with_option("--state", state))
        self.assertEqual(database.read_bytes(), garbage)

    def test_database_that_is_none(self):
        state, database = self.database("text-state")
        database.write_text("hello")
        self.refused(STATE, [str(database)], "run", options=self.with_option("--state", state))
        self.assertEqual(database.read_text(), "hello")

    def test_newer_schema(self):
        state, database = self.database("newer-state")
        with sqlite3.connect(database) as connection:
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            connection.execute(f"PRAGMA user_version = {version + 1000}")
        connection.close()
        for command in (("run",), ("export", "--format", "json")):
            self.refused(STATE, ["newer"], *command, options=self.with_option("--state", state))

    def test_state_of_another_account(self):
        other = self.server.register("another")
        options = [*self.with_option("--account", other)]
        options[options.index("--password-file") + 1] = self.server.password_file(other)
        self.refused(STATE, [self.account], "run", options=options)

    def test_state_in_use(self):
        self.robot.start()
        try:
            self.robot.wait_synced()
            self.refused(STATE, ["use"], "run")
        finally:
            self.robot.stop()

    def test_unknown_things(self):
        for words in (("dance",), ("run", "--colour"), ("export", "--format", "pdf"), ()):
            self.refused(USAGE, [], *words)
