# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Large snapshots as files, on servers that slow a client's stream down and take files beside it."""

import hashlib
import json
import time

from harness import tree
from harness.case import Case
from harness.ejabberd import Ejabberd
from harness.tree import bookmarks, folder, link
from harness.waiting import wait_for

# Addresses that do not compress: 70 bytes and more of each are in the snapshot.
LINKS = 3_000
SEALED = LINKS * 70
# More than go as single edits: they make another snapshot of everything due.
MORE = 500
SLOW_S = 120


def library(name, count=LINKS):
    digests = [hashlib.sha256(f"{name} {number}".encode()).hexdigest() for number in range(count)]
    return folder(name, *(link(f"{name} {number}", f"https://link.example/{digest}") for number, digest in enumerate(digests)))


def give(robot, *folders):
    """Imports into the bot, which needs nobody for it."""
    file = robot.home / "library.json"
    file.write_text(json.dumps(tree.to_file(bookmarks(menu=list(folders)))))
    robot.command("import", file)


class OnProsody(Case):
    """10 kB/s, as Debian has it: the chunks take 20 s and more."""

    server_options = {"uploads": True, "as_debian": True}

    @classmethod
    def prepare(cls):
        cls.account = cls.server.register("uploads")
        cls.robot = cls.bot(cls.account)
        cls.robot.start()
        cls.robot.wait_synced()
        cls.a = cls.browser("A", cls.account)

    def test_a_new_device_joins_by_the_file(self):
        first = library("First")
        give(self.robot, first)
        started = time.monotonic()
        self.a.start()
        self.a.wait_tree(bookmarks(menu=[first]))
        took = time.monotonic() - started
        self.assertEqual((self.server.requests("PUT"), self.server.requests("GET")), (1, 1))
        self.assertLess(took, SEALED / 10_000, "it came no sooner than in chunks")
        self.assertEqual([path for path in self.server.uploaded_files() if b"link.example" in path.read_bytes()], [])
        # Edits are told meanwhile.
        self.a.add("toolbar", link("Meanwhile"))
        self.robot.wait_tree(bookmarks(toolbar=[link("Meanwhile")], menu=[first]))
        self.robot.wait_synced(SLOW_S)

    def test_b_known_device_waits_for_the_chunks_where_the_file_is_gone(self):
        self.a.quit()
        before = set(self.server.uploaded_files())
        first, second = library("First"), library("Second", MORE)
        give(self.robot, second)
        whole = []

        def uploaded():
            whole[:] = [path for path in self.server.uploaded_files() if path not in before and path.stat().st_size > SEALED]
            return whole

        wait_for(uploaded, "the upload", alive=(self.robot.process,))
        for path in whole:
            path.unlink()
        self.assertNotIn("410 Gone", self.server.process.log_text())
        self.a.start()
        self.a.wait_tree(bookmarks(toolbar=[link("Meanwhile")], menu=[first, second]), timeout=SLOW_S)
        self.assertIn("410 Gone", self.server.process.log_text())
        self.robot.wait_synced(SLOW_S)


class OnEjabberd(Case):
    """3 kB/s, as Debian has it: the chunks take a minute and more."""

    server_class = Ejabberd
    server_options = {"uploads": True}

    def test_new_device_joins_by_the_file(self):
        account = self.server.register("uploads")
        one, two = self.bot(account, "one"), self.bot(account, "two")
        one.start()
        one.wait_synced()
        first = library("First")
        give(one, first)
        two.start()
        two.wait_tree(bookmarks(menu=[first]), timeout=SEALED / 3_000 / 2)
        self.assertEqual(len(self.server.uploaded_files()), 1)
