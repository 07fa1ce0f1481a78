# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A partner's program asks for bookmarks and edits them, over a client that shares no code with the OMEMO under test."""

import json
import pathlib
import sys

from jsonschema import Draft202012Validator

from harness.case import Case
from harness.tree import bookmarks, folder, link

TESTS = pathlib.Path(__file__).parents[1]
sys.path.insert(0, str(TESTS / "partner"))
from bookmarks import Bookmarks  # noqa: E402: found by the line above

SCHEMA = TESTS.parent / "docs" / "requests.schema.json"


class Partner(Case):
    @classmethod
    def prepare(cls):
        cls.account, cls.address = cls.server.register("owner"), cls.server.register("partner")
        cls.robot = cls.bot(cls.account, partners=[cls.address]).start("--file-links")
        cls.robot.wait_synced()
        cls.client = cls.peer(cls.address, "partner")
        cls.client.wait_device_of(cls.account)
        cls.validator = Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
        cls.mark = cls.client.mark()
        cls.partner = Bookmarks(cls.send, cls.receive)

    @classmethod
    def send(cls, text):
        cls.validator.validate(json.loads(text))
        cls.client.message(cls.account, text)

    @classmethod
    def receive(cls):
        """The next message of the owner; what is JSON fits the schema."""
        event = cls.client.wait_event(lambda event: event.get("event") == "message" and event["from"] == cls.account, "an answer", cls.mark)
        cls.mark = cls.client.events.index(event, cls.mark) + 1
        if event["body"].startswith("{"):
            cls.validator.validate(json.loads(event["body"]))
        return event["body"]

    def test_a_adds_reads_moves_and_removes(self):
        (added,) = self.partner.ask("add", parent="menu", items=[{"title": "F", "children": [{"title": "One", "url": "https://one.example/"}]}])
        one = next(item for item in self.partner.items() if item.get("title") == "One")
        self.assertEqual(one["parent"], added["items"][0])
        self.partner.ask("move", item=one["id"], parent="toolbar", index=0)
        self.partner.ask("set", item=one["id"], fields={"title": "Uno"})
        self.robot.wait_tree(bookmarks([link("Uno", "https://one.example/")], [folder("F")]))
        self.partner.ask("remove", item=added["items"][0])
        self.robot.wait_tree(bookmarks([link("Uno", "https://one.example/")]))

    def test_b_counts_an_import_and_does_it(self):
        tree = {"toolbar": [{"title": "Uno", "url": "https://one.example/"}], "other": [{"title": "Two", "url": "https://two.example/"}]}
        before = self.robot.tree()
        (counted,) = self.partner.ask("import", bookmarks=tree, dry_run=True)
        self.assertEqual((counted["added"], counted["matched"], counted["dry_run"]), (1, 1, True))
        self.assertEqual(self.robot.tree(), before)
        (done,) = self.partner.ask("import", bookmarks=tree)
        self.assertEqual((done["added"], done["matched"]), (1, 1))
        (whole,) = self.partner.ask("export", **{"as": "tree"})
        self.assertEqual([item["title"] for item in whole["bookmarks"]["other"]], ["Two"])

    def test_c_what_cannot_be_done_is_refused(self):
        before = self.robot.tree()
        with self.assertRaisesRegex(ValueError, "^not-found: "):
            self.partner.ask("remove", item="nowhere")
        with self.assertRaisesRegex(ValueError, "^bad-request: "):
            self.partner.ask("remove", item="toolbar")
        self.assertEqual(self.robot.tree(), before)

    def test_d_a_link_in_plain_words_is_filed(self):
        self.client.message(self.account, "Read this: https://news.example/today.")
        self.assertEqual(self.receive(), "Filed under the unsorted bookmarks.")
        self.assertIn(link("Read this:", "https://news.example/today"), self.robot.tree()["other"])
