// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "problemtext.h"

#include <QCoreApplication>

namespace {
class Text
{
    Q_DECLARE_TR_FUNCTIONS(ProblemText)
};

enum class Cause {
    /// It helps nobody but a programmer.
    Hidden,
    Shown,
};

struct Problem
{
    const char *kind;
    const char *text;
    Cause cause = Cause::Shown;
};

// The engine's ReasonKind, the client's ProblemKind, RefusalKind, EndKind and DropReason, the bridge's CallErrorKind.
constexpr Problem Problems[] = {
    {"name_lookup",
        QT_TRANSLATE_NOOP("ProblemText", "The server of this address was not found. Check the address and the network."),
        Cause::Hidden},
    {"unreachable", QT_TRANSLATE_NOOP("ProblemText", "The server cannot be reached."), Cause::Hidden},
    {"timed_out", QT_TRANSLATE_NOOP("ProblemText", "The server did not answer in time."), Cause::Hidden},
    {"tls", QT_TRANSLATE_NOOP("ProblemText", "The encrypted connection to the server failed.")},
    {"certificate",
        QT_TRANSLATE_NOOP("ProblemText",
            "The server's certificate is not trusted, so nothing was sent. If the server is your own, name its certificate "
            "authority on this page.")},
    {"no_encryption",
        QT_TRANSLATE_NOOP("ProblemText", "The server offers no encryption, so nothing was sent. Ask the server's operator.")},
    {"plaintext_refused",
        QT_TRANSLATE_NOOP("ProblemText", "A connection without encryption is allowed to this computer alone."),
        Cause::Hidden},
    {"no_password_store",
        QT_TRANSLATE_NOOP("ProblemText",
            "No password store answers: neither KWallet nor GNOME Keyring nor KeePassXC seems to run. Start one, or choose "
            "in the settings where else the password is kept.")},
    {"password_not_stored",
        QT_TRANSLATE_NOOP("ProblemText", "The password store has no password for this address. Enter it in the settings.")},
    {"password_store_locked",
        QT_TRANSLATE_NOOP("ProblemText",
            "The password store stayed locked. Press Apply in the settings and unlock it, or enter the password there.")},
    {"password_store_failed", QT_TRANSLATE_NOOP("ProblemText", "The password store failed. Enter the password in the settings.")},
    {"wrong_password",
        QT_TRANSLATE_NOOP(
            "ProblemText", "The server refused the address or the password. Enter the password again and press Apply.")},
    {"account_disabled",
        QT_TRANSLATE_NOOP(
            "ProblemText", "The server has closed this account, or its password has expired. Ask the server's operator.")},
    {"no_safe_mechanism",
        QT_TRANSLATE_NOOP("ProblemText",
            "The server only offers ways to sign in that give the password away. Ask the server's operator for SCRAM.")},
    {"server_not_proven",
        QT_TRANSLATE_NOOP("ProblemText",
            "The server could not prove that it knows this account. It may be a false one: do not try again on this network.")},
    {"sign_in_failed", QT_TRANSLATE_NOOP("ProblemText", "The server could not let you sign in. It is tried again.")},
    {"conflict",
        QT_TRANSLATE_NOOP("ProblemText", "Another program took this device's place. Press Apply to take it back."),
        Cause::Hidden},
    {"policy_violation",
        QT_TRANSLATE_NOOP("ProblemText", "The server says that its rules were broken. It is tried again later."),
        Cause::Hidden},
    {"host_unknown",
        QT_TRANSLATE_NOOP("ProblemText", "The server does not serve this address. Check the part after the @."),
        Cause::Hidden},
    {"redirected",
        QT_TRANSLATE_NOOP("ProblemText", "The server sent this browser to another one, which cannot be used. It is tried again."),
        Cause::Hidden},
    {"stream_error", QT_TRANSLATE_NOOP("ProblemText", "The server ended the connection. It is tried again.")},
    {"protocol",
        QT_TRANSLATE_NOOP("ProblemText",
            "The server sent something that is no proper XMPP. Something between you and the server may change what is "
            "sent, such as a Wi-Fi log-in page.")},
    {"connection_lost", QT_TRANSLATE_NOOP("ProblemText", "The connection was lost."), Cause::Hidden},
    {"settings", QT_TRANSLATE_NOOP("ProblemText", "The settings cannot be used.")},
    {"state_folder",
        QT_TRANSLATE_NOOP("ProblemText",
            "The folder of what XmppSync keeps cannot be used. Check that it is yours, on a disk with space left.")},
    {"state_in_use",
        QT_TRANSLATE_NOOP("ProblemText",
            "Another program uses what XmppSync keeps for this profile: a second browser on it, perhaps. End that one, then "
            "press Apply.")},
    {"state_missing", QT_TRANSLATE_NOOP("ProblemText", "What XmppSync kept for this profile is gone.")},
    {"state_newer",
        QT_TRANSLATE_NOOP("ProblemText", "A newer XmppSync has run with this profile. Update this one; nothing was changed.")},
    {"state_foreign",
        QT_TRANSLATE_NOOP("ProblemText", "What lies where XmppSync keeps its data is another program's. Nothing was changed.")},
    {"state_damaged",
        QT_TRANSLATE_NOOP("ProblemText",
            "What XmppSync keeps for this profile is damaged. Nothing was changed. Restore it from a backup, or move it away and "
            "start again: this browser then gets a new key, and the bookmarks come back from your other devices.")},
    {"state_failed",
        QT_TRANSLATE_NOOP(
            "ProblemText", "What XmppSync keeps cannot be read or written. Check the space on the disk, then press Apply.")},
    {"internal", QT_TRANSLATE_NOOP("ProblemText", "A fault in XmppSync itself. Nothing was lost; please report it.")},
    {"list_not_fetched", QT_TRANSLATE_NOOP("ProblemText", "The account's device list could not be fetched. It is tried again.")},
    {"list_not_published",
        QT_TRANSLATE_NOOP("ProblemText", "This browser could not be entered into the account's device list. It is tried again.")},
    {"list_fought",
        QT_TRANSLATE_NOOP("ProblemText",
            "Another program keeps removing this browser from the account's device list. Find it, and update it or end it.")},
    {"keys_not_published",
        QT_TRANSLATE_NOOP("ProblemText", "The public keys of this browser could not be published. It is tried again.")},
    {"copy_unknown",
        QT_TRANSLATE_NOOP(
            "ProblemText", "It could not be checked whether this profile is a copy, so nothing is sent. It is tried again.")},
    {"copied",
        QT_TRANSLATE_NOOP("ProblemText",
            "This profile was a copy or an old backup: it goes on as a new device, with new keys. Where you compare keys, do it "
            "once more.")},
    {"away",
        QT_TRANSLATE_NOOP("ProblemText",
            "This browser was away for long. It shares its bookmarks again as soon as another of your devices is on; "
            "remove those that you no longer use on the page Devices.")},
    {"clock_wrong",
        QT_TRANSLATE_NOOP("ProblemText",
            "The clock of this computer is more than a day from the server's. Set it right: edits are ordered by their time.")},
    {"bookmarks_not_fetched", QT_TRANSLATE_NOOP("ProblemText", "The bookmarks could not be fetched. It is tried again.")},
    {"bookmarks_not_published",
        QT_TRANSLATE_NOOP("ProblemText", "The bookmarks could not be sent. They are kept, and it is tried again.")},
    {"snapshot_not_published",
        QT_TRANSLATE_NOOP("ProblemText", "The bookmarks could not be given to new devices. It is tried again.")},
    {"tabs_not_published",
        QT_TRANSLATE_NOOP("ProblemText", "The other devices could not be told what is open in this browser. It is tried again.")},
    {"tabs_not_sent",
        QT_TRANSLATE_NOOP("ProblemText", "Tabs could not be sent to another device. They are kept, and it is tried again.")},
    {"visits_not_published",
        QT_TRANSLATE_NOOP(
            "ProblemText", "The other devices could not be told what was visited in this browser. It is tried again.")},
    {"newer_version", QT_TRANSLATE_NOOP("ProblemText", "Another device runs a newer XmppSync. Update this one.")},
    {"not_connected", QT_TRANSLATE_NOOP("ProblemText", "This needs a connection to the server. Try again when there is one.")},
    {"leaving", QT_TRANSLATE_NOOP("ProblemText", "This browser is leaving the account already.")},
    {"unpublished",
        QT_TRANSLATE_NOOP(
            "ProblemText", "Not all changes have been sent to your other devices yet. Try again when all is up to date.")},
    {"list_not_taken", QT_TRANSLATE_NOOP("ProblemText", "The server did not take the account's new device list. Try again.")},
    {"this_device", QT_TRANSLATE_NOOP("ProblemText", "A browser cannot do that to itself.")},
    {"unknown_device", QT_TRANSLATE_NOOP("ProblemText", "This device is not known any more.")},
    {"no_keys",
        QT_TRANSLATE_NOOP(
            "ProblemText", "The keys of that device have not been fetched yet. Connect, and try again in a moment.")},
    {"distrusted",
        QT_TRANSLATE_NOOP("ProblemText", "That device is distrusted. If it is yours, trust it by its fingerprint first.")},
    {"comparing", QT_TRANSLATE_NOOP("ProblemText", "Another device is being compared. Finish or cancel that first.")},
    {"not_comparing", QT_TRANSLATE_NOOP("ProblemText", "That device is not being compared any more.")},
    {"not_a_link", QT_TRANSLATE_NOOP("ProblemText", "This is no link with the keys of a device.")},
    {"link_of_strangers",
        QT_TRANSLATE_NOOP("ProblemText",
            "None of the devices in this link is known here yet. Add their owner as a partner first, and write or be written "
            "to.")},
    {"link_of_this_device",
        QT_TRANSLATE_NOOP("ProblemText", "This is the link of this very browser. Take the one of the other device.")},
    {"nothing_asked", QT_TRANSLATE_NOOP("ProblemText", "This has been answered already, perhaps on another device.")},
    {"not_joined",
        QT_TRANSLATE_NOOP("ProblemText", "The bookmarks have not been joined with those of the account yet. Try again then.")},
    {"no_copy", QT_TRANSLATE_NOOP("ProblemText", "There is no copy of that time any more.")},
    {"copy_damaged", QT_TRANSLATE_NOOP("ProblemText", "That copy is damaged and cannot be read. Choose another one.")},
    {"bad_edit", QT_TRANSLATE_NOOP("ProblemText", "The bookmarks have changed meanwhile, so that this cannot be done.")},
    {"too_many",
        QT_TRANSLATE_NOOP("ProblemText",
            "This is too much at once. Import bookmarks in several parts; send fewer tabs, or wait until others have been "
            "opened.")},
    {"not_a_page",
        QT_TRANSLATE_NOOP(
            "ProblemText", "Only pages of the web can be sent to other devices, and no addresses of more than 2,048 letters.")},
    {"takes_no_tabs",
        QT_TRANSLATE_NOOP("ProblemText",
            "That device does not open what is sent to it. Where it is a browser, turn that on in its settings, on the page "
            "Tabs.")},
    {"declined", QT_TRANSLATE_NOOP("ProblemText", "The comparison was cancelled.")},
    {"mismatch",
        QT_TRANSLATE_NOOP("ProblemText",
            "The two devices do not see the same keys: somebody may be listening in. Neither trusts the other any more.")},
    {"timeout", QT_TRANSLATE_NOOP("ProblemText", "The comparison took too long. Start it again while both devices are at hand.")},
    {"restarted", QT_TRANSLATE_NOOP("ProblemText", "One of the devices was started anew meanwhile. Start the comparison again.")},
    {"busy", QT_TRANSLATE_NOOP("ProblemText", "The other device is being compared with a third one. Finish that first.")},
    {"unexpected", QT_TRANSLATE_NOOP("ProblemText", "The other device does not keep to the protocol. Update both.")},
    {"unencrypted", QT_TRANSLATE_NOOP("ProblemText", "It was not encrypted.")},
    {"untrusted", QT_TRANSLATE_NOOP("ProblemText", "It came from a device that is not trusted.")},
    {"undecryptable", QT_TRANSLATE_NOOP("ProblemText", "It could not be decrypted.")},
    {"wrong_sender", QT_TRANSLATE_NOOP("ProblemText", "It did not come from whom it claims to.")},
    {"malformed", QT_TRANSLATE_NOOP("ProblemText", "It was not in the form that it must have.")},
    {"unknown_version", QT_TRANSLATE_NOOP("ProblemText", "It is of a newer XmppSync. Update this one.")},
    {"not_allowed", QT_TRANSLATE_NOOP("ProblemText", "It asked for what its sender may not do.")},
    {"password_missing", QT_TRANSLATE_NOOP("ProblemText", "The password is missing. Enter it in the settings.")},
    {"not_an_address", QT_TRANSLATE_NOOP("ProblemText", "This is no XMPP address. An address looks like name@example.org.")},
    {"not_a_server",
        QT_TRANSLATE_NOOP("ProblemText", "This is no server. Write it as host:port, for instance xmpp.example.org:5222.")},
    {"not_a_fingerprint",
        QT_TRANSLATE_NOOP("ProblemText", "The certificate's fingerprint must have 64 hexadecimal digits (SHA-256).")},
    {"stopped", QT_TRANSLATE_NOOP("ProblemText", "XmppSync has stopped. Press Apply on the page Account to start it again.")},
};
}

QString problemText(const QString &kind, const QString &text, const QString &cause)
{
    for (const Problem &known : Problems) {
        if (kind == QLatin1StringView(known.kind)) {
            const bool told = known.cause == Cause::Shown && !cause.isEmpty();
            return told ? QStringLiteral("%1 (%2)").arg(Text::tr(known.text), cause) : Text::tr(known.text);
        }
    }
    return text;
}

QString problemText(const QJsonObject &problem)
{
    const auto word = [&problem](const char *key) { return problem.value(QLatin1StringView(key)).toString(); };
    const QString text = word("text");
    return problemText(word("kind"), text.isEmpty() ? word("reason") : text, word("cause"));
}
