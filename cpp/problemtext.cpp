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

// engine's ReasonKind, then client's ProblemKind.
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
            "No password store answers: neither KWallet nor GNOME Keyring nor KeePassXC seems to run. Start one, or choose in "
            "the "
            "settings where else the password is kept.")},
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
            "The server sent something that is no proper XMPP. Something between you and the server may change what is sent, "
            "such "
            "as a Wi-Fi log-in page.")},
    {"connection_lost", QT_TRANSLATE_NOOP("ProblemText", "The connection was lost."), Cause::Hidden},
    {"settings", QT_TRANSLATE_NOOP("ProblemText", "The settings cannot be used.")},
    {"state", QT_TRANSLATE_NOOP("ProblemText", "What is kept on the disk cannot be read or written.")},
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
            "This browser was away for long. It shares its bookmarks again as soon as another of your devices is on; remove "
            "those "
            "that you no longer use on the page Devices.")},
    {"bookmarks_not_fetched", QT_TRANSLATE_NOOP("ProblemText", "The bookmarks could not be fetched. It is tried again.")},
    {"bookmarks_not_published",
        QT_TRANSLATE_NOOP("ProblemText", "The bookmarks could not be sent. They are kept, and it is tried again.")},
    {"snapshot_not_published",
        QT_TRANSLATE_NOOP("ProblemText", "The bookmarks could not be given to new devices. It is tried again.")},
    {"newer_version", QT_TRANSLATE_NOOP("ProblemText", "Another device runs a newer XmppSync. Update this one.")},
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
