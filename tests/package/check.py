# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the Debian package in a build folder, looks at it as lintian would, and installs and removes it.

It is installed below a folder of its own, with a copy of the system's list of packages: dependencies are checked for real,
and the system stays as it is.
"""

import gzip
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

BOT, UNIT = "usr/bin/xmppsync-bot", "usr/lib/systemd/system/xmppsync-bot.service"
MANUAL = "usr/share/man/man1/xmppsync-bot.1.gz"
EXPECTED = {
    BOT,
    UNIT,
    MANUAL,
    "usr/share/bash-completion/completions/xmppsync-bot",
    "usr/share/fish/vendor_completions.d/xmppsync-bot.fish",
    "usr/share/zsh/vendor-completions/_xmppsync-bot",
    "usr/share/metainfo/org.xmppsync.falkon.metainfo.xml",
    "usr/share/icons/hicolor/32x32/apps/xmppsync.png",
    "usr/share/icons/hicolor/64x64/apps/xmppsync.png",
    "usr/share/icons/hicolor/scalable/apps/xmppsync.svg",
    *(f"usr/share/doc/xmppsync/{name}" for name in ("README.md", "changelog.gz", "copyright", "protocol.md", "requests.schema.json")),
}
PLUGIN = re.compile(r"^usr/lib/[^/]+/qt6/plugins/falkon/XmppSync\.so$")


def run(*words, **options):
    result = subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=300, check=False, **options)
    assert result.returncode == 0, f"{words}: {result.stdout}{result.stderr}"
    return result.stdout


def files(root):
    """Every file below a folder, as a path without a leading slash."""
    return {str(path.relative_to(root)) for path in root.rglob("*") if not path.is_dir()}


def make(build):
    for old in build.glob("*.deb"):
        old.unlink()
    run("cpack", cwd=build)
    (package,) = build.glob("*.deb")
    return package


def check_control(package, folder):
    run("dpkg-deb", "-e", package, folder)
    fields = dict(re.findall(r"^([\w-]+): (.*)$", (folder / "control").read_text(), re.MULTILINE))
    assert fields["Package"] == "xmppsync" and fields["Maintainer"] and fields["Section"] and fields["Priority"], fields
    for library in ("libc6", "libqt6core6", "libqt6widgets6"):
        assert library in fields["Depends"], fields["Depends"]
    assert "falkon" in fields["Recommends"], fields
    assert len(fields["Description"]) < 80 and not fields["Description"].endswith("."), fields["Description"]
    assert (folder / "md5sums").exists()


def check_content(package, folder):
    for line in run("dpkg-deb", "-c", package).splitlines():
        mode, owner = line.split()[:2]
        assert owner == "root/root" and mode[8] != "w" and mode[5] != "w", line
    run("dpkg-deb", "-x", package, folder)
    found = files(folder)
    plugins = {name for name in found if PLUGIN.match(name)}
    assert len(plugins) == 1 and found - plugins == EXPECTED, found ^ EXPECTED
    for program in (BOT, *plugins):
        kind = run("file", "-b", folder / program)
        assert "stripped" in kind and "not stripped" not in kind, kind
        dynamic = run("readelf", "-d", folder / program)
        assert "RPATH" not in dynamic and "RUNPATH" not in dynamic, dynamic
    symbols = run("nm", "-D", "--defined-only", folder / plugins.pop())
    assert "qt_plugin_query_metadata_v2" in symbols, symbols
    page = gzip.decompress((folder / MANUAL).read_bytes()).decode()
    assert page.count(".TH xmppsync-bot 1") == 1 and ".SH COMMANDS" in page
    assert "ExecStart=/usr/bin/xmppsync-bot run " in (folder / UNIT).read_text()
    if shutil.which("systemd-analyze"):
        # It looks for the program where the unit will find it.
        unit = folder / "xmppsync-bot.service"
        unit.write_text((folder / UNIT).read_text().replace("/usr/bin/xmppsync-bot", str(folder / BOT)))
        run("systemd-analyze", "verify", "--man=no", unit)


def check_installation(package, root):
    admin = root / "var/lib/dpkg"
    for name in ("updates", "info", "triggers", "parts"):
        (admin / name).mkdir(parents=True)
    shutil.copy("/var/lib/dpkg/status", admin / "status")
    before = files(root)
    dpkg = ["dpkg", f"--instdir={root}", f"--admindir={admin}", f"--log={root}/log"]
    # The list is a copy: the other packages' own files are not here.
    dpkg += ["--force-not-root", "--force-script-chrootless", "--no-triggers"]
    run(*dpkg, "-i", package)
    assert re.match(r"xmppsync-bot \d+\.\d+\.\d+", run(root / BOT, "--version"))
    assert "Exit codes:" in run(root / BOT, "--help")
    run("bash", "-n", root / "usr/share/bash-completion/completions/xmppsync-bot")
    run(*dpkg, "--purge", "xmppsync")
    left = {name for name in files(root) - before if not name.startswith(("var/lib/dpkg/", "log"))}
    assert not left, left


def main():
    build = pathlib.Path(sys.argv[1])
    os.umask(0o022)
    package = make(build)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        check_control(package, folder / "control")
        check_content(package, folder / "content")
        (folder / "root").mkdir()
        check_installation(package, folder / "root")
    print(f"{package.name}: {package.stat().st_size / 2**20:.1f} MiB")


if __name__ == "__main__":
    main()
