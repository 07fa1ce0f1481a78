# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A browser and a bot were updated between two runs: what an earlier build left on the disk goes on, and nobody notices.

The server is worse off: it has lost all that it knew of the account, as after a reinstallation.
"""

import gzip
import pathlib
import shutil

from harness.case import Case
from harness.falkon import wait_same
from harness.tree import link, titles

STATES = pathlib.Path(__file__).parent / "states"


def unpack(packed, state):
    database = state / "state.sqlite3"
    database.parent.mkdir(parents=True, exist_ok=True)
    database.write_bytes(gzip.decompress(packed.read_bytes()))
    database.chmod(0o600)


class Update(Case):
    def test_states_of_earlier_builds(self):
        folders = sorted(folder for folder in STATES.iterdir() if folder.is_dir())
        self.assertTrue(folders)
        for number, folder in enumerate(folders):
            with self.subTest(state=folder.name):
                self.go_on(folder, number)

    def go_on(self, folder, number):
        account = "kept@localhost" if number else self.server.register("kept")
        browser, bot = self.browser(f"A-{number}", account), self.bot(account, f"bot-{number}")
        shutil.copy(folder / "bookmarks.json", browser.bookmarks_file)
        unpack(folder / "A.sqlite3.gz", browser.state)
        unpack(folder / "bot.sqlite3.gz", bot.state)
        before = browser.saved()
        self.assertIn("Not sent yet", titles(before))
        fingerprint = bot.fingerprint()

        bot.start()
        browser.start()
        browser.wait_synced()
        bot.wait_synced()
        wait_same(browser, bot)
        self.assertEqual(browser.tree(), before)
        # They are the devices that they were, and know each other.
        self.assertEqual(bot.fingerprint(), fingerprint)
        self.assertEqual(len(bot.devices()), 2)
        self.assertEqual(browser.status()["problems"], [])
        self.assertEqual(browser.status()["needs"], [])

        # Edits go both ways, and a newcomer gets all of it.
        browser.add("menu", link("After the update"))
        browser.remove(["toolbar", "Not sent yet"])
        newcomer = self.browser(f"New-{number}", account)
        newcomer.start()
        newcomer.wait_synced()
        newcomer.wait_title("After the update")
        wait_same(browser, newcomer)
        wait_same(browser, bot)
        newcomer.stop()
        browser.stop()
        bot.stop()
