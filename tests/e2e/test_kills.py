# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Browsers, the bot and the server are killed at random moments, over and over, while bookmarks are edited.

`XMPPSYNC_KILLS=50` makes it that many kills instead of a few, `XMPPSYNC_SEED` repeats a run; a failure prints its seed.
"""

import difflib
import os
import random
import time

from harness import tree
from harness.case import Case, wait_for, wait_replicas

KILLS = int(os.environ.get("XMPPSYNC_KILLS", "5"))
# All is compared after this many kills.
ROUND = 5
FOLDERS = ("Left", "Right")
BULK = 150
HEAL_S = 120


class Expected:
    """What must be there in the end, by address: each link has one of its own, which never changes.

    Who is killed may lose what it did since it last published: for these links either outcome is right, as it is for a
    link that one browser removed while another changed it. That a link is there at most once holds for every one.
    """

    def __init__(self):
        self.present = set()
        self.removed = set()
        self.either = set()
        # Who changed a link since all were last the same.
        self.touched = {}
        # What each browser did since it last published.
        self.unsure = {}

    def did(self, browser, url):
        self.touched.setdefault(url, set()).add(browser.name)
        self.unsure.setdefault(browser.name, set()).add(url)

    def added(self, browser, url):
        self.did(browser, url)
        self.present.add(url)

    def taken(self, browser, url):
        self.did(browser, url)
        self.present.discard(url)
        self.removed.add(url)

    def published(self, browser):
        self.unsure.pop(browser.name, None)

    def killed(self, browser):
        self.either |= self.unsure.pop(browser.name, set())

    def check(self, whole):
        """Compares, and takes what is there as what all agree on from now on."""
        urls = [item[2] for root in tree.ROOTS for item in tree.walk(whole[root]) if item[0] == "link"]
        twice = sorted({url for url in urls if urls.count(url) > 1})
        assert not twice, f"there more than once: {twice}"
        self.either |= {url for url in self.removed if len(self.touched.get(url, ())) > 1}
        lost = sorted(self.present - set(urls) - self.either)
        assert not lost, f"lost: {lost}"
        back = sorted((self.removed & set(urls)) - self.either)
        assert not back, f"removed, and there again: {back}"
        unknown = sorted(set(urls) - self.present - self.removed)
        assert not unknown, f"from nowhere: {unknown}"
        self.present, self.removed, self.either = set(urls), set(), set()
        self.touched, self.unsure = {}, {}


def difference(one, first, other, second):
    lines = [tree.draw(first).splitlines(), tree.draw(second).splitlines()]
    return "\n".join(difflib.unified_diff(*lines, one, other, lineterm="", n=1))


class Kills(Case):
    def setUp(self):
        self.seed = int(os.environ.get("XMPPSYNC_SEED", random.randrange(1_000_000)))
        self.random = random.Random(self.seed)
        self.expected = Expected()
        self.serial = 0
        self.story = []

    def test_nothing_is_lost_or_doubled(self):
        account = self.server.register("kills")
        start = tree.bookmarks(toolbar=[tree.folder(name) for name in FOLDERS])
        self.browsers = [self.browser("A", account, start), self.browser("B", account, start)]
        self.replica = self.bot(account)
        for browser in self.browsers:
            browser.start()
            browser.wait_synced()
        self.replica.start()
        self.replica.wait_synced()
        wait_replicas(*self.browsers)
        try:
            for number in range(1, KILLS + 1):
                self.kill_one()
                if number % ROUND == 0 or number == KILLS:
                    self.heal()
        except BaseException:
            print(f"    XMPPSYNC_SEED={self.seed}\n    " + "\n    ".join(self.story[-60:]), flush=True)
            raise

    def kill_one(self):
        """Some edits anywhere, a kill in the midst of them, edits of those that live, and the start of what was killed."""
        for _ in range(self.random.randrange(1, 6)):
            self.edit(self.random.choice(self.browsers))
        victim = self.random.choice([*self.browsers, *self.browsers, self.replica, self.server])
        if victim in self.browsers and self.random.random() < 0.3:
            self.wait_arrived(victim)
        time.sleep(self.random.choice([0, 0.1, 0.4, 0.7, 1.2]))
        name = "the server" if victim is self.server else victim.name
        self.story.append(f"kill {name}")
        if victim in self.browsers:
            victim.kill()
            self.expected.killed(victim)
        elif victim is self.replica:
            victim.process.kill()
        else:
            victim.kill()
        for browser in self.browsers:
            if browser is not victim:
                for _ in range(self.random.randrange(0, 4)):
                    self.edit(browser)
        time.sleep(self.random.choice([0, 0.5]))
        self.story.append(f"start {name}")
        victim.start()

    def wait_arrived(self, browser):
        """Until what it did is in the other browser: from then on a kill loses nothing of it."""
        other = next(one for one in self.browsers if one is not browser)
        urls = self.expected.unsure.get(browser.name, set())

        def arrived():
            here, there = (
                {item[2]: item[1] for root in tree.ROOTS for item in tree.walk(one.tree()[root]) if item[0] == "link"}
                for one in (browser, other)
            )
            missing = [url for url in urls if here.get(url) != there.get(url)]
            assert not missing, missing
            return True

        wait_for(arrived, f"{other.name} to show what {browser.name} did", HEAL_S, (browser.process, other.process))
        self.expected.published(browser)

    def edit(self, browser):
        """One edit of a user; the browser's own tree says what there is to edit."""
        links = [
            (["toolbar", folder, index], item)
            for folder in FOLDERS
            for index, item in enumerate(self.inside(browser, folder))
            if item[0] == "link"
        ]
        kind = self.random.choices(["add", "bulk", "rename", "move", "remove"], [6, 0.4, 3, 4, 2])[0]
        if kind in ("add", "bulk") or not links:
            items = [self.new_link() for _ in range(BULK if kind == "bulk" else 1)]
            browser.add_many(["toolbar", self.random.choice(FOLDERS)], items)
            for item in items:
                self.expected.added(browser, item[2])
            self.story.append(f"{browser.name}: {kind} {items[0][2]}")
            return
        path, item = self.random.choice(links)
        self.story.append(f"{browser.name}: {kind} {item[2]}")
        if kind == "rename":
            self.serial += 1
            browser.set(path, title=f"Renamed {self.serial}")
            self.expected.did(browser, item[2])
        elif kind == "move":
            browser.move(path, ["toolbar", self.random.choice(FOLDERS)], 0)
            self.expected.did(browser, item[2])
        else:
            browser.remove(path)
            self.expected.taken(browser, item[2])

    def inside(self, browser, name):
        return next((item[2] for item in browser.tree()["toolbar"] if item[0] == "folder" and item[1] == name), [])

    def new_link(self):
        self.serial += 1
        return tree.link(f"Link {self.serial}", f"https://kills.example/{self.serial}")

    def heal(self):
        """Everybody is up: all become the same, and that is what it must be."""
        alive = [browser.process for browser in self.browsers] + [self.replica.process]

        def same():
            for browser in self.browsers:
                status = browser.status()
                assert status.get("state") == "online" and status["phase"] == "up_to_date", status
                assert status["unpublished"] == 0, status
            first, second = (browser.tree() for browser in self.browsers)
            assert first == second, difference("A", first, "B", second)
            assert self.browsers[0].status()["bookmarks"] == tree.count(first)
            third = self.replica.tree()
            assert third == first, difference("the bot", third, "A", first)
            return first

        whole = wait_for(same, "all to be the same", HEAL_S, alive)
        self.expected.check(whole)
        self.story.append("all the same")
