# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A device's state that was copied, or taken back from a backup: it goes on as a new device, and no bookmark suffers."""

import shutil

from harness import tree
from harness.case import Case
from harness.tree import link


class Copies(Case):
    def robot(self, account, name):
        robot = self.bot(account, name)
        robot.start()
        robot.wait_synced()
        return robot

    def add(self, robot, *items):
        """By a file, as a user would."""
        file = robot.home / "add.html"
        lines = "".join(f'<DT><A HREF="{url}">{title}</A>\n' for _, title, url in items)
        file.write_text(f"<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<DL><p>\n{lines}</DL>\n")
        robot.command("import", "--into", "other", file)

    def device(self, robot):
        return next(device["id"] for device in robot.devices() if device["this"])

    def wait_all(self, robots, *names):
        expected = sorted(names)
        for robot in robots:
            robot.process.wait_until(
                lambda r=robot: sorted(tree.titles(r.tree())) == expected, f"{robot.name} to have {expected}"
            )

    def test_cloned_profile_becomes_a_new_device(self):
        account = self.server.register("cloned")
        witness, original = self.robot(account, "witness"), self.robot(account, "original")
        self.add(original, link("Before"))
        self.wait_all([witness, original], "Before")
        device = self.device(original)
        original.stop()
        clone = self.bot(account, "clone")
        shutil.copytree(original.state, clone.state, dirs_exist_ok=True)
        original.start()
        original.wait_synced()
        clone.start()
        clone.wait_synced()
        clone.process.wait_until(lambda: self.device(clone) != device or self.device(original) != device, "one to be a new device")
        self.assertNotEqual(self.device(clone), self.device(original))
        self.add(clone, link("By the clone"))
        self.add(original, link("By the original"))
        self.add(witness, link("By the witness"))
        self.wait_all([witness, original, clone], "Before", "By the clone", "By the original", "By the witness")

    def test_restored_backup_loses_nothing(self):
        account = self.server.register("backup")
        witness, robot = self.robot(account, "witness2"), self.robot(account, "restored")
        self.add(robot, link("Before"))
        self.wait_all([witness, robot], "Before")
        device = self.device(robot)
        robot.stop()
        backup = self.workspace.path / "backup"
        shutil.copytree(robot.state, backup)
        robot.start()
        robot.wait_synced()
        self.add(robot, link("After the backup"))
        self.wait_all([witness, robot], "Before", "After the backup")
        robot.stop()
        shutil.rmtree(robot.state)
        shutil.copytree(backup, robot.state)
        robot.start()
        robot.wait_synced()
        robot.process.wait_until(lambda: self.device(robot) != device, "it to be a new device")
        self.assertIn("copy or an old backup", robot.command("status").stdout)
        self.add(robot, link("After it was restored"))
        self.add(witness, link("By the witness"))
        self.wait_all([witness, robot], "Before", "After the backup", "After it was restored", "By the witness")
