# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests that another of the user's clients took: the bot finds them in the server's archive."""

import json

from harness.case import Case
from harness.tree import titles
from harness.xmpp import CLIENT, Connection

OMEMO = "urn:xmpp:omemo:2"


class Archive(Case):
    @classmethod
    def prepare(cls):
        cls.account = cls.server.register("archived")
        cls.partner = cls.server.register("writer")
        cls.robot = cls.bot(cls.account, partners=[cls.partner]).start()
        cls.robot.wait_synced()
        cls.judge = cls.peer(cls.partner, "judge")
        cls.judge.wait_device_of(cls.account)
        # The bot looks into the archive once before it can miss anything.
        cls.ask("first")
        cls.wait_titles(["first"])

    @classmethod
    def ask(cls, title):
        """One request to add a bookmark of that title."""
        cls.judge.message(cls.account, json.dumps({"v": 1, "type": "add", "id": title, "parent": "menu",
                                                   "items": [{"title": title, "url": f"https://{title}.example/"}]}))

    @classmethod
    def wait_titles(cls, wanted):
        def there():
            found = titles(cls.robot.tree())
            assert sorted(found) == sorted(wanted), found
            return True

        cls.robot.process.wait_until(there, f"the bot to have {wanted}")

    def test_a_another_client_took_it_while_the_bot_was_off(self):
        self.robot.stop()
        phone = Connection(self.server, self.account, "phone")
        phone.presence()
        for title in ("second", "third"):
            self.ask(title)
            phone.receive(lambda stanza: stanza.find(f"{{{OMEMO}}}encrypted") is not None)
        phone.message(self.account, json.dumps({"v": 1, "type": "add", "id": "plain", "parent": "menu", "items": [{"title": "plain"}]}))
        phone.receive(lambda stanza: stanza.findtext(f"{CLIENT}body") is not None)
        phone.close()
        self.robot.start()
        self.wait_titles(["first", "second", "third"])
        # Another start reads the archive again, and finds nothing new.
        self.robot.process.kill()
        self.robot.start()
        self.robot.wait_synced()
        self.ask("fourth")
        self.wait_titles(["first", "second", "third", "fourth"])

    def test_b_another_client_takes_all(self):
        """A client with a higher priority gets what goes to the account; the bot gets a copy."""
        phone = Connection(self.server, self.account, "phone")
        phone.send("<presence><priority>50</priority></presence>")
        phone.receive(lambda stanza: stanza.tag == f"{CLIENT}presence")
        before = titles(self.robot.tree())
        self.ask("fifth")
        self.wait_titles([*before, "fifth"])
        phone.close()
