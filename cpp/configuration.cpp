// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "configuration.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSaveFile>
#include <QSysInfo>

namespace {
constexpr QFileDevice::Permissions UserOnly = QFileDevice::ReadOwner | QFileDevice::WriteOwner;
constexpr QLatin1StringView ConfigFile("config.json");
constexpr QLatin1StringView PasswordFile("password");
/// No password is longer; a wrong file in its place is not read whole.
constexpr qint64 LongestPassword = 4096;

class Text
{
    Q_DECLARE_TR_FUNCTIONS(Configuration)
};

/// A member of the structure and its key in the file.
template <typename Member>
struct Field
{
    const char *key;
    Member Configuration::*member;
};

constexpr Field<QString> TextFields[] = {
    {"account", &Configuration::account},
    {"label", &Configuration::label},
    {"connect", &Configuration::connect},
    {"ca_file", &Configuration::caFile},
    {"pin_sha256", &Configuration::pinSha256},
    {"password_storage", &Configuration::passwordStorage},
    {"trust_policy", &Configuration::trustPolicy},
    {"join", &Configuration::join},
};

constexpr Field<bool> Switches[] = {
    {"direct_tls", &Configuration::directTls},
    {"allow_plain_tcp_on_loopback", &Configuration::allowPlainTcpOnLoopback},
    {"allow_sasl_plain", &Configuration::allowSaslPlain},
    {"signed_in", &Configuration::signedIn},
    {"sync_bookmarks", &Configuration::syncBookmarks},
    {"ask_about_doubles", &Configuration::askAboutDoubles},
    {"share_tabs", &Configuration::shareTabs},
    {"take_tabs", &Configuration::takeTabs},
    {"share_visits", &Configuration::shareVisits},
    {"chat", &Configuration::chat},
};
}

Configuration Configuration::fromJson(const QJsonObject &json)
{
    Configuration configuration;
    for (const auto &field : TextFields) {
        configuration.*field.member = json.value(QLatin1StringView(field.key)).toString().trimmed();
    }
    for (const auto &field : Switches) {
        configuration.*field.member = json.value(QLatin1StringView(field.key)).toBool(configuration.*field.member);
    }
    for (const QJsonValue &partner : json.value(QLatin1StringView("partners")).toArray()) {
        configuration.partners.append(partner.toString());
    }
    return configuration;
}

QJsonObject Configuration::toJson() const
{
    const Configuration defaults;
    QJsonObject json;
    for (const auto &field : TextFields) {
        if (!(this->*field.member).isEmpty()) {
            json.insert(QLatin1StringView(field.key), this->*field.member);
        }
    }
    for (const auto &field : Switches) {
        if (this->*field.member != defaults.*field.member) {
            json.insert(QLatin1StringView(field.key), this->*field.member);
        }
    }
    if (!partners.isEmpty()) {
        json.insert(QLatin1StringView("partners"), QJsonArray::fromStringList(partners));
    }
    return json;
}

QByteArray Configuration::forEngine(const QString &password, const QString &stateFolder) const
{
    QJsonObject json = toJson();
    if (join.isEmpty()) {
        json.insert(QLatin1StringView("join"), QStringLiteral("ask"));
    }
    json.insert(QLatin1StringView("label"), effectiveLabel());
    if (!password.isEmpty()) {
        json.insert(QLatin1StringView("password"), password);
    }
    json.insert(QLatin1StringView("state_dir"), stateFolder);
    return QJsonDocument(json).toJson(QJsonDocument::Compact);
}

QString Configuration::effectiveLabel() const
{
    return label.isEmpty() ? Text::tr("Falkon on %1").arg(QSysInfo::machineHostName()) : label;
}

ConfigurationStore::ConfigurationStore(const QString &settingsPath)
    : m_folder(QDir::cleanPath(settingsPath + QStringLiteral("/xmppsync")))
{
}

QString ConfigurationStore::folder() const
{
    return m_folder;
}

Configuration ConfigurationStore::load(QString *error) const
{
    QFile file(m_folder + QLatin1Char('/') + ConfigFile);
    if (!file.exists()) {
        return {};
    }
    if (!file.open(QFile::ReadOnly)) {
        *error = Text::tr("The settings in %1 cannot be read: %2.").arg(file.fileName(), file.errorString());
        return {};
    }
    QJsonParseError parseError;
    const QJsonDocument document = QJsonDocument::fromJson(file.readAll(), &parseError);
    if (!document.isObject()) {
        *error = Text::tr("The settings in %1 are damaged (%2). Set up the account again, or mend the file.")
                     .arg(file.fileName(), parseError.errorString());
        return {};
    }
    return Configuration::fromJson(document.object());
}

QString ConfigurationStore::password() const
{
    QFile file(m_folder + QLatin1Char('/') + PasswordFile);
    if (!file.open(QFile::ReadOnly)) {
        return {};
    }
    QByteArray line = file.readLine(LongestPassword);
    if (line.endsWith('\n')) {
        line.chop(1);
    }
    return QString::fromUtf8(line);
}

QString ConfigurationStore::save(const Configuration &configuration) const
{
    return write(ConfigFile, QJsonDocument(configuration.toJson()).toJson());
}

QString ConfigurationStore::savePassword(const QString &password) const
{
    return write(PasswordFile, password.toUtf8() + '\n');
}

bool ConfigurationStore::forgetPassword() const
{
    QFile file(m_folder + QLatin1Char('/') + PasswordFile);
    return !file.exists() || file.remove();
}

bool ConfigurationStore::forgetState() const
{
    bool gone = true;
    const QDir folder(m_folder);
    // The database, what SQLite and the engine keep beside it, and how far a parcel of tabs is open.
    const QStringList names{QStringLiteral("state.sqlite3*"), QStringLiteral("opening.json")};
    for (const QString &name : folder.entryList(names, QDir::Files)) {
        gone = QFile::remove(folder.filePath(name)) && gone;
    }
    return gone;
}

QString ConfigurationStore::write(const QString &name, const QByteArray &content) const
{
    if (!QDir().mkpath(m_folder) || !QFile::setPermissions(m_folder, UserOnly | QFileDevice::ExeOwner)) {
        return Text::tr("The folder %1 cannot be made.").arg(m_folder);
    }
    QSaveFile file(m_folder + QLatin1Char('/') + name);
    // The file is made for the user alone from its first byte: the name comes at commit().
    const bool good =
        file.open(QFile::WriteOnly) && file.setPermissions(UserOnly) && file.write(content) == content.size() && file.commit();
    return good ? QString() : Text::tr("%1 cannot be written: %2.").arg(file.fileName(), file.errorString());
}
