// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonObject>
#include <QString>
#include <QStringList>

/// Where the account's password is kept: the values of "password_storage".
namespace PasswordStorage {
constexpr QLatin1StringView File("file");
/// Nowhere: the user is asked at each start.
constexpr QLatin1StringView Ask("ask");
/// The user's password store, such as KWallet: freedesktop.org's Secret Service.
constexpr QLatin1StringView SecretService("secret_service");
}

/// What the user chose, kept in the folder `xmppsync` of the profile's extension folder: `config.json` as below, and
/// beside it `password`, one line, readable by the user alone. The engine's database lies there too.
struct Configuration
{
    /// "account": the XMPP address. Empty: not set up.
    QString account;
    /// "label": the name of this browser in the user's other devices. Empty: made from the host's name.
    QString label;
    /// "connect": host:port instead of what the DNS says. Empty: the DNS.
    QString connect;
    /// "ca_file": certificate authorities (PEM) instead of the system's.
    QString caFile;
    /// "pin_sha256": hex SHA-256 of the only certificate to accept.
    QString pinSha256;
    /// "direct_tls": TLS from the first byte on "connect".
    bool directTls = false;
    /// "allow_plain_tcp_on_loopback": no TLS, refused unless "connect" is a loopback address. For tests.
    bool allowPlainTcpOnLoopback = false;
    /// "allow_sasl_plain": may send the password itself inside TLS.
    bool allowSaslPlain = false;
    /// "password_storage": a value of PasswordStorage. Empty: the file.
    QString passwordStorage;
    /// "signed_in": false once the user signed out, until they sign in again.
    bool signedIn = true;
    /// "sync_bookmarks".
    bool syncBookmarks = true;
    /// "trust_policy": "toakafa", "manual" or "blind". Empty: as chosen before, at first "toakafa".
    QString trustPolicy;
    /// "join": "ask", "merge", "theirs" or "mine". Empty: "ask", which asks only where a merge leaves something to choose.
    QString join;
    /// "ask_about_doubles": before another device's many copies of what is here already are shown.
    bool askAboutDoubles = true;
    /// "share_tabs": what is open in this browser is shown on the user's other devices.
    bool shareTabs = false;
    /// "take_tabs": tabs that the user's other devices send to this browser are opened.
    bool takeTabs = true;
    /// "share_visits": the history of this browser and those of the user's other devices that say so are one.
    bool shareVisits = false;
    /// "chat", "partners": encrypted requests from the user's bots and other programs.
    bool chat = false;
    QStringList partners;

    static Configuration fromJson(const QJsonObject &json);
    /// The file's form: only what differs from the default.
    QJsonObject toJson() const;
    /// What the engine is started with. \a password is empty where the engine finds it in the user's store.
    QByteArray forEngine(const QString &password, const QString &stateFolder) const;
    QString effectiveLabel() const;
};

/// Reads and writes the two files.
class ConfigurationStore
{
public:
    explicit ConfigurationStore(const QString &settingsPath);

    QString folder() const;
    /// An account-less configuration where there is none; \a error is then set if there was one that cannot be read.
    Configuration load(QString *error) const;
    /// Empty where there is none.
    QString password() const;

    /// Both are written whole or not at all. Give an empty string, or a sentence for the user.
    QString save(const Configuration &configuration) const;
    QString savePassword(const QString &password) const;
    /// False if it could not be deleted.
    bool forgetPassword() const;
    /// The engine's keys and state, once it is stopped. False if something is left.
    bool forgetState() const;

private:
    QString write(const QString &name, const QByteArray &content) const;

    QString m_folder;
};
