# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is special about Falkon: its menus, drags and dialogs hold pointers to bookmarks, and its own ways lose some."""

import shutil

from harness.case import Case, inside, wait_inside, wait_replicas, wait_same
from harness.tree import bookmarks, folder, link, titles
from harness.waiting import Timeout
from harness.workspace import program

# What a click or a drag may take to begin, and how many may be needed.
TRY_S = 4
TRIES = 5
# Falkon refuses a file of more than 505 nested folders, and the shared tree shows none below 200.
DEEP = 300
DEEPEST = 200


class Busy(Case):
    """What comes waits while the user has hold of a bookmark."""

    @classmethod
    def prepare(cls):
        account = cls.server.register("busy")
        cls.a, cls.b = cls.pair(account)
        cls.window = cls.b.window()

    def setUp(self):
        self.name = self.id().rsplit(".", 1)[1]
        wait_same(self.a, self.b)

    def remote_edit(self, edit):
        """Does it in A, and waits until B's replica has it while B's bookmarks are still as they were."""
        before, batches = self.b.tree(), self.b.status()["applied_batches"]
        edit()
        self.a.wait_published()
        self.b.process.wait_until(lambda: self.b.status()["bookmarks"] == self.a.status()["bookmarks"], "the edit to reach B's replica")
        # Longer than a waiting batch looks again.
        self.b.call("screenshot")
        self.assertEqual(self.b.status()["applied_batches"], batches)
        self.assertEqual(self.b.tree(), before)

    def button(self, title):
        """Where Falkon shows it. It lays out the toolbar anew a moment after each change, and shuts the menus on it."""

        def shown():
            found = self.b.call("toolbarButton", title=title)
            return found if found["found"] else None

        found = self.b.process.wait_until(shown, f"{title!r} on the toolbar")
        return found["x"], found["y"]

    def insist(self, act, what):
        """Does it until it is there: again where the toolbar was laid out anew at that moment."""
        for attempt in range(TRIES):
            act()
            try:
                self.b.process.wait_until(lambda: self.b.call("busy")[what], f"the {what}", TRY_S)
                return
            except Timeout as error:
                if attempt == TRIES - 1:
                    raise AssertionError(f"{error}; B: {self.b.call('busy')}") from error

    def drag(self, pointer, source, target):
        pointer.release()
        start, end = self.button(source), self.button(target)
        pointer.press(*start)
        for part in (0.2, 0.5, 0.8, 1.0):
            pointer.move(start[0] + int((end[0] + 15 - start[0]) * part), end[1])

    def open_page_and_dialog(self, title):
        """A page, and the dialog that saves it."""
        self.b.call("openTab", url=f"data:text/html,<title>{title}</title>")
        # Until it has loaded the window shows its address instead.
        self.b.process.wait_until(lambda: self.b.display.title(self.window).startswith(title), "the page to show")
        self.b.call("trigger", shortcut="Ctrl+D")
        self.b.process.wait_until(lambda: self.b.call("busy")["modal"], "the dialog")

    def test_z_drag_on_the_toolbar(self):
        """A real drag: while it lasts nothing comes, its drop is a move like any other, and then what came is there."""
        names = ["Dragged", "Middle", "Last"]
        self.a.add_many("toolbar", [link(name) for name in names])
        self.b.wait_title("Last")
        pointer = self.b.display.pointer(self.window)
        try:
            self.insist(lambda: self.drag(pointer, "Dragged", "Last"), "drag")
            self.remote_edit(lambda: self.a.remove(["toolbar", "Middle"]))
        finally:
            pointer.release()
        for browser in (self.a, self.b):
            browser.process.wait_until(
                lambda b=browser: [item[1] for item in b.tree()["toolbar"] if item[1] in names] == ["Last", "Dragged"],
                f"the drop and the removal in {browser.name}",
            )
        wait_same(self.a, self.b)

    def test_button_that_is_never_let_go(self):
        """Qt hears nothing of some drags' ends: what came waits for a while, not for ever."""
        pointer = self.b.display.pointer(self.window)
        try:
            pointer.press(400, 400)
            self.b.process.wait_until(lambda: self.b.call("busy")["pressed"], "the button to be down")
            self.remote_edit(lambda: self.a.add("menu", link("While a button is down")))
            self.b.wait_title("While a button is down")
            self.assertTrue(self.b.call("busy")["pressed"])
        finally:
            pointer.release()

    def test_dialog(self):
        """The dialog that saves a page has a folder in its button, which a peer deletes meanwhile. Nothing is lost."""
        self.b.add("other", folder("Chosen", link("In the chosen one")))
        self.a.wait_title("Chosen")
        self.b.add(["other", "Chosen"], link("So it was used last"))
        self.a.wait_title("So it was used last")
        self.open_page_and_dialog("A page")
        self.remote_edit(lambda: self.a.remove(["other", "Chosen"]))
        self.b.call("acceptDialog")
        self.assertFalse(self.b.call("busy")["modal"])
        for browser in (self.b, self.a):
            browser.wait_title("A page")
        result = wait_same(self.a, self.b)
        self.assertNotIn("In the chosen one", titles(result))
        # The folder is there again for the sake of what was put into it.
        self.assertEqual(inside(result, "Chosen", "other"), [link("A page", inside(result, "Chosen", "other")[0][2])])

    def test_last_used_folder_is_deleted_by_a_peer(self):
        """Falkon goes on pointing to it; the next bookmark must not vanish into it."""
        self.b.add("toolbar", folder(self.name))
        self.b.add(["toolbar", self.name], link("Makes it the last used"))
        self.a.wait_title("Makes it the last used")
        self.a.remove(["toolbar", self.name])
        self.b.process.wait_until(lambda: self.name not in titles(self.b.tree()), "the deletion in B")
        self.open_page_and_dialog("Saved afterwards")
        self.b.call("acceptDialog")
        for browser in (self.b, self.a):
            browser.wait_title("Saved afterwards")
        self.assertNotIn(self.name, titles(wait_same(self.a, self.b)))

    def test_peer_removes_what_is_selected_in_the_manager(self):
        """Falkon's bookmark manager edits what is selected there, by a pointer; what comes need not wait for that."""
        self.a.add("menu", folder(self.name, link("Selected"), link("Kept"), link("Renamed")))
        self.b.wait_title("Renamed")
        self.b.call("trigger", shortcut="Ctrl+Shift+O")
        self.b.process.wait_until(lambda: self.b.call("managerSelect", title="Selected")["selected"], "the manager")
        self.a.remove(["menu", self.name, "Selected"])
        rest = [link("Kept"), link("Renamed")]
        wait_inside(self.b, self.name, rest, "menu")
        self.assertFalse(self.b.call("managerEnter", text=" and gone")["entered"], "the manager edits what is gone")
        # It goes on being of use.
        self.assertTrue(self.b.call("managerSelect", title="Renamed")["selected"])
        self.assertTrue(self.b.call("managerEnter", text=" in B")["entered"])
        self.a.wait_title("Renamed in B")
        self.b.call("closeDialogs")
        renamed = ("link", "Renamed in B", link("Renamed")[2])
        self.assertEqual(inside(wait_same(self.a, self.b), self.name, "menu"), [link("Kept"), renamed])

    def test_removed_bookmark_is_still_in_a_menu(self):
        """A folder's menu on the toolbar holds what a peer removes while it is open."""
        self.a.add("toolbar", folder(self.name, *(link(f"Of the menu {number}") for number in range(5))), 0)
        self.b.wait_title("Of the menu 4")
        self.insist(lambda: self.b.display.click(self.window, *self.button(self.name)), "popup")
        self.remote_edit(lambda: self.a.remove(["toolbar", self.name, "Of the menu 1"]))
        self.remote_edit(lambda: self.a.remove(["toolbar", self.name, "Of the menu 3"]))
        # Onto one of those that are gone.
        self.b.display.press("Down", "Down")
        self.b.call("closeDialogs")
        wait_inside(self.b, self.name, [link(f"Of the menu {number}") for number in (0, 2, 4)])
        wait_same(self.a, self.b)


class Ways(Case):
    """Each with browsers of its own."""

    def pair_of(self, name, library=None, ready=True):
        account = self.server.register(name)
        browsers = [self.browser(f"{name}{letter}", account, library) for letter in "AB"]
        for browser in browsers:
            self.addCleanup(browser.stop)
            browser.start()
            browser.wait_synced()
        if ready:
            wait_replicas(*browsers)
        return account, *browsers

    def test_quit_after_moves_of_what_came_from_the_file(self):
        """From 25.12 on an item that Falkon read from its file belongs to its first folder, which would delete it twice."""
        items = [folder("From", link("One"), folder("Sub", link("Two"))), folder("To"), link("Three")]
        _, a, b = self.pair_of("moves", bookmarks(toolbar=items))
        for path, to in ((["From", "Sub"], ["To"]), (["From", "One"], ["To", "Sub"]), (["Three"], ["From"])):
            a.move(["toolbar", *path], ["toolbar", *to], 0)
        expected = bookmarks(toolbar=[folder("From", link("Three")), folder("To", folder("Sub", link("One"), link("Two")))])
        b.wait_tree(expected)
        a.remove(["toolbar", "From"])
        expected = bookmarks(toolbar=[folder("To", folder("Sub", link("One"), link("Two")))])
        b.wait_tree(expected)
        # B's own code did all of them there; its end is the test.
        self.assertEqual(b.quit(), 0)
        self.assertEqual(b.saved(), expected)
        b.start()
        b.wait_synced()
        b.wait_tree(expected)
        self.assertEqual(a.tree(), expected)

    def test_terminated_right_after_removing_and_moving(self):
        """SIGTERM: Falkon's file still holds what the user did away with. What the other device was told stays."""
        _, a, b = self.pair_of("termed", bookmarks(toolbar=[folder("Here", link("One"), link("Two"), link("Three")), folder("There")]))
        a.wait_saved()
        a.remove(["toolbar", "Here", "One"])
        a.move(["toolbar", "Here", "Two"], ["toolbar", "There"])
        expected = bookmarks(toolbar=[folder("Here", link("Three")), folder("There", link("Two"))])
        b.wait_tree(expected)
        a.terminate()
        self.assertNotEqual(a.saved(), expected, "Falkon had saved already: the case was not met")
        a.start()
        a.wait_synced()
        a.wait_tree(expected)
        # And with no time at all for the plugin: what Falkon forgot was never told, and nothing is taken for a deletion.
        a.add(["toolbar", "Here"], link("In the last moment"))
        a.terminate()
        a.start()
        a.wait_synced()
        result = wait_same(a, b)
        self.assertIn(inside(result, "Here"), ([link("Three")], [link("Three"), link("In the last moment")]))
        self.assertEqual(inside(result, "There"), [link("Two")])

    def test_folders_deeper_than_falkon_can_read(self):
        """They become less deep on all devices, with all that is in them, and each file can be read again."""
        deep = link("At the bottom")
        for level in range(DEEP, 0, -1):
            deep = folder(f"Level {level}", link(f"On level {level}"), deep)
        _, a, b = self.pair_of("depth")
        a.add("toolbar", deep)
        every = sorted(titles(bookmarks(toolbar=[deep])))
        b.process.wait_until(lambda: sorted(titles(b.tree())) == every, "all levels in B")
        whole = wait_same(a, b)
        self.assertEqual(sorted(titles(whole)), every)
        self.assertLessEqual(height(whole["toolbar"]), DEEPEST + 1)
        for browser in (a, b):
            browser.wait_published()
            self.assertEqual(browser.quit(), 0)
            browser.start()
            browser.wait_synced()
            self.assertEqual(sorted(titles(browser.tree())), every)
        wait_same(a, b)

    def test_row_that_is_no_longer_there(self):
        """Falkon inserts at any row it is given, unchecked: past the end would end it. What nobody told of has made the folder shorter."""
        library = bookmarks(toolbar=[folder("Here", *(link(f"Link {number}") for number in range(4)))], menu=[link(f"Other {number}") for number in range(30)])
        _, a, b = self.pair_of("rows", library)
        wait_same(a, b)
        for number in range(3):
            b.remove(["toolbar", "Here", f"Link {number}"], silent=True)
        a.add(["toolbar", "Here"], link("At the end"))
        b.wait_title("At the end")
        self.assertEqual(inside(b.tree(), "Here")[-1], link("At the end"))
        expected = [link("Link 3"), link("At the end")]
        wait_inside(b, "Here", expected)
        # It is seen with the next change that Falkon tells of, and counts as the user's.
        b.add("other", link("Another one"))
        wait_inside(a, "Here", expected)
        wait_same(a, b)
        self.assertEqual([a.quit(), b.quit()], [0, 0])

    def test_addresses_that_falkon_writes_in_another_way(self):
        """They do not go to and fro: what is the same in another spelling is no edit, also after a restart."""
        odd = ["https://odd.example/ä ö", "https://ODD.example/a|b^c", "https://odd.example/%7Etilde?q=ü&r=[1]", "https://bücher.example/\"q\""]
        _, a, b = self.pair_of("spelling")
        a.add("toolbar", folder("Odd", *(link(f"Odd {number}", url) for number, url in enumerate(odd))))
        b.wait_title(f"Odd {len(odd) - 1}")
        whole = wait_same(a, b)
        for browser in (a, b):
            browser.wait_published()
            self.assertEqual(browser.quit(), 0)
            browser.start()
            browser.wait_synced()
        # An edit of each comes after whatever the restarts would have sent.
        for browser, other in ((a, b), (b, a)):
            browser.add("other", link(f"After by {browser.name}"))
            other.wait_title(f"After by {browser.name}")
        for browser in (a, b):
            self.assertEqual(browser.tree()["toolbar"], whole["toolbar"])
            self.assertEqual(browser.status()["applied_batches"], 1, "an edit that nobody made")

    def test_two_profiles_at_once(self):
        """Two Falkons of one user, in one home: two devices with a state each."""
        account = self.server.register("profiles")
        first = self.browser("profiles", account, bookmarks(toolbar=[link("Of the first")]))
        second = first.second_profile("other")
        self.addCleanup(second.stop)
        self.addCleanup(first.stop)
        second.write_bookmarks(bookmarks(menu=[link("Of the second")]))
        second.sign_in(self.server, account)
        for browser in (first, second):
            browser.start()
        for browser in (first, second):
            browser.wait_synced()
        wait_replicas(first, second)
        expected = bookmarks(toolbar=[link("Of the first")], menu=[link("Of the second")])
        first.wait_tree(expected)
        second.wait_tree(expected)
        self.assertNotEqual(first.status()["fingerprint"], second.status()["fingerprint"])
        second.remove(["toolbar", "Of the first"])
        first.wait_tree(bookmarks(menu=[link("Of the second")]))
        self.assertEqual([first.quit(), second.quit()], [0, 0])
        self.assertEqual(first.saved(), second.saved())

    def test_plugin_is_updated(self):
        """A package manager puts another file in its place while Falkon runs; from the next start on that one runs."""
        account = self.server.register("updated")
        a, b = (self.browser(f"updated{letter}", account) for letter in "AB")
        installed = b.home / "XmppSync.so"
        shutil.copy2(program("XMPPSYNC_PLUGIN"), installed)
        b.settings = b.settings.replace(str(program("XMPPSYNC_PLUGIN")), str(installed))
        for browser in (a, b):
            self.addCleanup(browser.stop)
            browser.start()
            browser.wait_synced()
        wait_replicas(a, b)
        fingerprint = b.status()["fingerprint"]
        update = b.home / "update"
        shutil.copy2(installed, update)
        update.replace(installed)
        # What runs is the old one, and goes on, also when it is turned off and on.
        a.add("toolbar", link("Before the restart"))
        b.wait_title("Before the restart")
        b.set_plugin(False)
        b.set_plugin(True)
        b.wait_synced()
        b.add("toolbar", link("By the old one"))
        a.wait_title("By the old one")
        self.assertEqual(b.quit(), 0)
        a.add("toolbar", link("Between the two"))
        b.start()
        b.wait_title("Between the two")
        self.assertEqual(b.status()["fingerprint"], fingerprint)
        wait_same(a, b)

    def test_private_window_beside_the_browser(self):
        """Falkon's private mode is another process on the same profile: it takes nothing from the one that syncs."""
        _, a, b = self.pair_of("beside")
        private = b.second_profile(b.profile.name, "private")
        self.addCleanup(private.stop)
        private.start("-i")
        self.assertFalse(private.status()["active"])
        a.add("toolbar", link("While it is open"))
        b.wait_title("While it is open")
        self.assertNotIn("While it is open", titles(private.tree()))
        self.assertEqual(private.quit(), 0)
        b.add("toolbar", link("Afterwards"))
        a.wait_title("Afterwards")
        wait_same(a, b)


def height(items):
    return 1 + max((height(item[2]) for item in items if item[0] == "folder"), default=0) if items else 0
