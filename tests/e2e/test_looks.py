# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every page of the settings can be read and used: at 100 % and 200 %, light and dark, mirrored, in every language."""

from harness.case import Case
from harness.tree import bookmarks, folder, link

PAGES = ("account", "synchronize", "tabs", "devices", "activity", "history")


class Looks(Case):
    @classmethod
    def prepare(cls):
        cls.account = cls.server.register("looks")
        # Somebody to be in the list of devices.
        bot = cls.bot(cls.account, "Home server")
        bot.start()
        bot.wait_synced()

    def look(self, name, scale=1, language="C", **colors):
        library = bookmarks(toolbar=[folder("News", link("Planet KDE"), link("LWN"))])
        browser = self.browser(name, self.account if language == "C" else None, library)
        browser.scale = scale
        browser.language = f"{language}.UTF-8"
        browser.start()
        if language == "C":
            browser.wait_synced()
        browser.call("look", **colors)
        browser.call("openSettings")
        for page in PAGES:
            browser.call("settingsPage", page=page, file=str(self.pictures / f"{name}-{page}.png"))
            found = browser.call("inspect")
            with self.subTest(look=name, page=page):
                self.assertEqual({what: found[what] for what in ("clipped", "nameless", "faint")}, {"clipped": [], "nameless": [], "faint": []})
                self.assertFalse(found["wide"], "the page has to be scrolled sideways")
        browser.stop()

    def test_light(self):
        self.look("light")

    def test_dark(self):
        self.look("dark", dark=True)

    def test_large(self):
        self.look("large", scale=2)

    def test_large_and_dark(self):
        self.look("large-dark", scale=2, dark=True)

    def test_mirrored(self):
        self.look("mirrored", rightToLeft=True)

    def test_languages(self):
        for language in ("de_DE", "fr_FR", "es_ES"):
            self.look(language, language=language)
