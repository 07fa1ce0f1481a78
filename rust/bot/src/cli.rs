// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use engine::client::{Root, STALE_AFTER_DAYS, TrustPolicy};

/// What stands below the help: examples, exit codes, environment.
pub(crate) const NOTES: &str = "\
Examples:
  Keep a replica of your bookmarks on a home server:
      xmppsync-bot run --account me@example.org --password-file ~/.config/xmppsync/password
  See that it works, and export the bookmarks (while it runs or not):
      xmppsync-bot status --account me@example.org
      xmppsync-bot export --account me@example.org --format html --output bookmarks.html
  Bring bookmarks in; those that are there already are not added again:
      xmppsync-bot import --account me@example.org bookmarks.html
  See what that would do first; nothing is changed:
      xmppsync-bot import --account me@example.org --dry-run bookmarks.html
  Compare fingerprints on both devices, then:
      xmppsync-bot trust --account me@example.org 0a1b2c3d 4e5f6071 ...
  Send a message, and print what comes:
      xmppsync-bot send --account me@example.org friend@example.net \"good morning\"
      tail -f alerts.log | xmppsync-bot send --account me@example.org friend@example.net --lines
      xmppsync-bot listen --account me@example.org --json

While `run` (or `listen`) holds the state folder, the other commands talk to it; otherwise they open the folder themselves
and connect where they must. The password file holds the password in its first line and must not be readable by others.

Exit codes:
  0  done
  1  it did not work; the message says why
  2  the command line, or a file that it names, makes no sense
  3  the server refused the account, or its certificate is not trusted
  4  the server was not reached in time
  5  the state folder is in use by another process, damaged, missing, or cannot be written

Environment:
  XMPPSYNC_ACCOUNT, XMPPSYNC_PASSWORD, XMPPSYNC_PASSWORD_FILE  instead of the options
  XMPPSYNC_LOG  what to log on stderr, such as `debug` or `engine=debug` (default: warn); never any content";

/// A headless XmppSync: keeps an OMEMO-encrypted replica of your bookmarks, on your own XMPP account.
#[derive(Debug, Parser)]
#[command(name = "xmppsync-bot", version, after_help = NOTES, max_term_width = 120)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) options: Options,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options of all commands.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// Your XMPP address, such as me@example.org.
    #[arg(long, global = true, value_name = "ADDRESS", env = "XMPPSYNC_ACCOUNT")]
    pub(crate) account: Option<String>,
    /// File whose first line is the password; not readable by others (chmod 600).
    #[arg(long, global = true, value_name = "FILE", env = "XMPPSYNC_PASSWORD_FILE")]
    pub(crate) password_file: Option<PathBuf>,
    /// Folder of this device's keys and bookmarks [default: xmppsync-bot/ADDRESS in ~/.local/state or $XDG_STATE_HOME].
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) state: Option<PathBuf>,
    /// Server to connect to, instead of what the DNS says of the address's domain.
    #[arg(long, global = true, value_name = "HOST:PORT")]
    pub(crate) connect: Option<String>,
    /// TLS from the first byte on --connect, instead of STARTTLS.
    #[arg(long, global = true, requires = "connect")]
    pub(crate) direct_tls: bool,
    /// Certificate authorities (PEM) to trust instead of the system's.
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) ca_file: Option<PathBuf>,
    /// SHA-256 of the one server certificate to accept: 64 hex digits, colons allowed.
    #[arg(long, global = true, value_name = "HEX", conflicts_with = "ca_file")]
    pub(crate) pin_sha256: Option<String>,
    /// No TLS at all; refused unless --connect leads to this computer.
    #[arg(long, global = true, requires = "connect", conflicts_with = "direct_tls")]
    pub(crate) plain_tcp_on_loopback: bool,
    /// Allow sending the password itself (within TLS) to a server that knows nothing better.
    #[arg(long, global = true)]
    pub(crate) allow_sasl_plain: bool,
    /// Another address whose trusted devices may read and edit the bookmarks by message; may be given several times.
    #[arg(long, global = true, value_name = "ADDRESS")]
    pub(crate) partner: Vec<String>,
    /// Whom to trust of those that you have not decided about; kept until another is given. Without any, as with toakafa.
    #[arg(long, global = true, value_enum, value_name = "POLICY")]
    pub(crate) trust_policy: Option<Policy>,
    /// Whether the pages that are visited in the account's browsers are known here as well; kept until the other is given. At
    /// first they are not.
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "yes|no",
        hide_possible_values = true
    )]
    pub(crate) share_visits: Option<YesNo>,
    /// This device's name, as the account's other devices show it.
    #[arg(long, global = true, value_name = "TEXT", default_value = "XmppSync bot")]
    pub(crate) label: String,
    /// After how many days without a word a device is left out of what is encrypted, until it says something; 0 for never.
    #[arg(long, global = true, value_name = "DAYS", default_value_t = STALE_AFTER_DAYS)]
    pub(crate) stale_after_days: u32,
    /// How long a command that needs the server waits for it.
    #[arg(long, global = true, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub(crate) timeout: u64,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Stay connected and keep the bookmarks synchronised, until SIGTERM or Ctrl-C.
    ///
    /// Tells every change of state in words on stderr.
    Run {
        /// Also take chat messages that go to the account's bare address (implied by --partner). Without this they stay
        /// with the account's chat programs.
        #[arg(long)]
        chat: bool,
        /// File links that you send yourself: a message in plain words from a trusted device of your account or of a
        /// --partner, such as from the chat program on your phone, goes under the unsorted bookmarks. Implies --chat.
        #[arg(long)]
        file_links: bool,
        /// Write the bookmarks into this folder once a day, as bookmarks-YEAR-MONTH-DAY; the last 30 files are kept.
        #[arg(long, value_name = "DIR")]
        export_to: Option<PathBuf>,
        /// The format of these files.
        #[arg(long, value_enum, default_value_t = Format::Html, requires = "export_to")]
        export_format: Format,
    },
    /// Show how the synchronisation goes.
    Status {
        /// As one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// List the account's devices, and those of others it has met, with their fingerprints and how far they are trusted.
    Devices {
        /// As one JSON array.
        #[arg(long)]
        json: bool,
    },
    /// Show what is open in the browsers of the account that share their tabs.
    Tabs {
        /// As one JSON array.
        #[arg(long)]
        json: bool,
    },
    /// Send pages to one of your browsers, which opens them; they wait up to 30 days for it.
    SendTabs {
        /// The browser's number, as `devices` shows it.
        #[arg(value_name = "DEVICE")]
        device: u32,
        /// The pages' addresses, at most 50.
        #[arg(required = true, value_name = "URL")]
        url: Vec<String>,
    },
    /// Show the pages that this device has sent to browsers, and what has become of them.
    SentTabs {
        /// As one JSON array.
        #[arg(long)]
        json: bool,
    },
    /// Show the pages that were visited last in the browsers of the account that share their history (see --share-visits).
    Visits {
        /// At most so many.
        #[arg(long, value_name = "NUMBER", default_value_t = 50)]
        limit: usize,
        /// As one JSON array.
        #[arg(long)]
        json: bool,
    },
    /// Delete the history in all browsers of the account that share it.
    ClearVisits,
    /// Show this device's own fingerprint, for comparing it on another device.
    Fingerprint {
        /// As an `xmpp:` link with the keys of this device and of the account's authenticated ones (XEP-0434), which
        /// `xmppsync-bot trust` and other programs read.
        #[arg(long)]
        uri: bool,
        /// The link in the older form (omemo-sid), which more programs read.
        #[arg(long, requires = "uri")]
        older: bool,
        /// The link as a QR code on the terminal.
        #[arg(long, requires = "uri")]
        qr: bool,
    },
    /// Compare keys with another device of your account by seven emoji.
    ///
    /// Run it on both devices, or agree to it there. If the emoji are the same on both, say yes on both, and each is
    /// authenticated on the other; if not, somebody is in between, and neither trusts the other any more.
    Verify {
        /// The other device's number, as `devices` shows it.
        #[arg(value_name = "DEVICE")]
        device: u32,
    },
    /// Trust a device whose fingerprint you have compared.
    ///
    /// From the first device of an account that you trust in this way, its other and new devices are not trusted by
    /// themselves any more.
    Trust {
        /// The fingerprint, 64 hex digits; spaces do not matter. Or an `xmpp:` link with keys, from a source that you trust:
        /// it may also distrust some.
        #[arg(required = true, value_name = "FINGERPRINT")]
        fingerprint: Vec<String>,
    },
    /// Stop trusting a device: nothing is encrypted for it, and nothing of it is acted upon.
    Distrust {
        /// The fingerprint, 64 hex digits; spaces do not matter.
        #[arg(required = true, value_name = "FINGERPRINT")]
        fingerprint: Vec<String>,
    },
    /// Forget a device that you no longer use, or that was lost.
    ///
    /// A device of your own account is taken out of its device list, for which the server is needed: nobody encrypts for it
    /// any more, its keys and its share of the bookmarks are deleted there, and the bookmarks stay. If it comes back, it
    /// announces itself anew; sign it out there, or change the password. A device of another account is forgotten here alone.
    Forget {
        /// Its number, as `devices` shows it.
        #[arg(value_name = "DEVICE")]
        device: u32,
        /// Whose it is, where devices of two accounts have the same number.
        #[arg(long, value_name = "ADDRESS")]
        of: Option<String>,
    },
    /// Take this device out of your account for good, and delete its keys and its copy of the bookmarks.
    ///
    /// The account's other devices keep the bookmarks, and encrypt nothing to this one any more. Edits that they do not have
    /// yet are sent first. Nothing is deleted here before the server has confirmed it. Stop the bot that runs before.
    Leave,
    /// Make a new session with a device, when its messages or yours cannot be decrypted any more.
    ///
    /// That is what a backup that was restored on either side leads to. The keys and their trust stay as they are; what could
    /// not be decrypted so far stays so. It is never done by itself.
    ResetSession {
        /// The account that the device belongs to.
        #[arg(value_name = "ADDRESS")]
        of: String,
        /// Its number, as `devices` shows it.
        #[arg(value_name = "DEVICE")]
        device: u32,
    },
    /// Show the deletions that wait for your answer.
    ///
    /// When more than a fifth of all bookmarks, or more than 1000, go at once and nobody plainly wanted it, they stay where
    /// they still are until you accept or refuse, here or on another device.
    Held {
        /// As one JSON array.
        #[arg(long)]
        json: bool,
    },
    /// Let the deletions that wait happen, on all devices.
    Accept {
        /// Only those of one question, as `held` names it [default: all].
        question: Option<String>,
    },
    /// Undo the deletions that wait: the bookmarks are put back where they are gone.
    Refuse {
        /// Only those of one question, as `held` names it [default: all].
        question: Option<String>,
    },
    /// Show the dated copies of the bookmarks, compare them with now, or go back to one.
    ///
    /// A copy is made each day on which something changed, and before many bookmarks change at once; copies are thinned with
    /// age and kept for up to two years.
    History {
        #[command(subcommand)]
        what: Option<History>,
    },
    /// Write the bookmarks to a file or to stdout.
    Export {
        /// As they were then, from the newest copy of that time or before: 2026-04-06, or a time as `history` shows it.
        #[arg(long, value_name = "WHEN")]
        at: Option<String>,
        /// What others can read: a browser HTML, KDE's and GNOME's programs XBEL, Falkon and scripts JSON.
        #[arg(long, value_enum)]
        format: Format,
        /// Where to; an existing file is replaced at once and whole [default: stdout].
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Add the bookmarks of a file: Falkon's, Chrome's or Firefox's JSON, XBEL, or the HTML file that every browser exports.
    ///
    /// What is there already (the same address and title in the same folder) is not added again; nothing is removed.
    Import {
        /// The file; - for stdin.
        file: PathBuf,
        /// Where to put what an HTML or XBEL file files in none of the three root folders.
        #[arg(long, value_enum, default_value_t = Place::Menu)]
        into: Place,
        /// Change nothing, and tell what the import would do.
        #[arg(long)]
        dry_run: bool,
    },
    /// Print the completions of a shell, to be put where it looks for them.
    Completions {
        /// The shell.
        shell: Shell,
    },
    /// Print the manual page, for packagers.
    #[command(hide = true)]
    Manual,
    /// Send one encrypted message, or with --lines many, and wait until the server has it.
    Send {
        /// Whom to.
        #[arg(value_name = "ADDRESS")]
        to: String,
        /// The text; - for all of stdin.
        #[arg(required_unless_present = "lines")]
        text: Option<String>,
        /// Each line of stdin is a message of its own, sent as soon as it is read; empty lines are passed over.
        #[arg(long, conflicts_with = "text")]
        lines: bool,
    },
    /// Print every decrypted message of trusted devices on stdout; what was dropped, and why, on stderr.
    Listen {
        /// One JSON object on each line: from, device, fingerprint, trust, namespace, body, time (ms).
        #[arg(long)]
        json: bool,
        /// End after that many messages.
        #[arg(long, value_name = "NUMBER")]
        count: Option<u64>,
    },
}

/// What to do with the dated copies.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum History {
    /// List them, the newest first.
    List {
        /// As one JSON array.
        #[arg(long)]
        json: bool,
    },
    /// Show what is different now.
    Diff {
        /// A time as the list shows it, or 2026-04-06: the newest copy of that time or before.
        when: String,
        /// As one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Make the bookmarks what they were then, on all devices.
    Restore {
        /// A time as the list shows it, or 2026-04-06: the newest copy of that time or before.
        when: String,
    },
}

/// A bookmark file's format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// The shape of Falkon's bookmarks.json, with ids.
    Json,
    /// The Netscape bookmark file, which every browser imports.
    Html,
    /// The XML Bookmark Exchange Language.
    Xbel,
}

impl Format {
    /// How names of such files end.
    pub(crate) fn extension(self) -> &'static str {
        match self {
            Format::Json => "json",
            Format::Html => "html",
            Format::Xbel => "xbel",
        }
    }
}

/// What happens to keys that nobody has decided about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Policy {
    /// Trusted until you authenticate the first device of its account; then they wait for you.
    Toakafa,
    /// Never trusted by themselves.
    Manual,
    /// Always trusted, until you distrust them.
    Blind,
}

impl From<Policy> for TrustPolicy {
    fn from(policy: Policy) -> TrustPolicy {
        match policy {
            Policy::Toakafa => TrustPolicy::Toakafa,
            Policy::Manual => TrustPolicy::Manual,
            Policy::Blind => TrustPolicy::Blind,
        }
    }
}

/// The answer to a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum YesNo {
    /// Yes.
    Yes,
    /// No.
    No,
}

/// A root folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Place {
    /// The bookmarks toolbar.
    Toolbar,
    /// The bookmarks menu.
    Menu,
    /// Unsorted bookmarks.
    Other,
}

impl From<Place> for Root {
    fn from(place: Place) -> Root {
        match place {
            Place::Toolbar => Root::Toolbar,
            Place::Menu => Root::Menu,
            Place::Other => Root::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;
    use clap::error::ErrorKind;

    use super::*;

    fn parse(words: &[&str]) -> Result<Cli, clap::Error> {
        Cli::try_parse_from([&["xmppsync-bot"], words].concat())
    }

    #[test]
    fn the_definition_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn options_stand_before_or_after_the_command() {
        for words in [
            ["--account", "a@b.example", "run"],
            ["run", "--account", "a@b.example"],
        ] {
            assert_eq!(
                parse(&words).unwrap().options.account.as_deref(),
                Some("a@b.example")
            );
        }
    }

    #[test]
    fn a_fingerprint_may_come_in_groups() {
        let Command::Trust { fingerprint } = parse(&["trust", "0a1b2c3d", "4e5f6071"]).unwrap().command
        else {
            panic!()
        };
        assert_eq!(fingerprint, ["0a1b2c3d", "4e5f6071"]);
        let distrust = parse(&["distrust"]).unwrap_err();
        assert_eq!(distrust.kind(), ErrorKind::MissingRequiredArgument);
    }

    #[test]
    fn partners_add_up() {
        let cli = parse(&["run", "--partner", "a@b.example", "--partner", "c@d.example"]).unwrap();
        assert_eq!(cli.options.partner, ["a@b.example", "c@d.example"]);
    }

    #[test]
    fn what_makes_no_sense_is_a_usage_error() {
        let wrong: [&[&str]; 7] = [
            &[],
            &["rum"],
            &["export"],
            &["export", "--format", "pdf"],
            &["run", "--direct-tls"],
            &["run", "--timeout", "0"],
            &["run", "--plain-tcp-on-loopback"],
        ];
        for words in wrong {
            let error = parse(words).unwrap_err();
            assert_eq!(error.exit_code(), 2, "{words:?}: {error}");
        }
    }

    #[test]
    fn the_help_names_examples_exit_codes_and_the_environment() {
        let help = Cli::command().render_long_help().to_string();
        for part in [
            "Examples:",
            "Exit codes:",
            "  5  the state folder",
            "XMPPSYNC_PASSWORD",
            "listen",
            "--ca-file",
        ] {
            assert!(help.contains(part), "{part} is missing in\n{help}");
        }
    }
}
