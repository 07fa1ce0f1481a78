// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "synccontroller.h"

#include "activitylog.h"
#include "problemtext.h"
#include "sharedtabs.h"
#include "statustext.h"
#include "syncsession.h"
#include "tabscollector.h"
#include "texts.h"

#include <QDir>
#include <QJsonDocument>
#include <QUuid>

namespace {
constexpr QLatin1StringView Type("type");
}

SyncController::SyncController(Bookmarks *bookmarks, const QString &settingsPath, QObject *parent)
    : QObject(parent)
    , m_bookmarks(bookmarks)
    , m_store(settingsPath)
    , m_password(m_store)
    , m_profilePath(QDir::cleanPath(settingsPath + QStringLiteral("/..")))
    , m_activity(new ActivityLog(this))
    , m_tabs(new SharedTabs(this))
{
}

SyncController::~SyncController()
{
    stop();
}

void SyncController::start(bool bookmarksJustLoaded)
{
    m_startError.clear();
    m_configuration = m_store.load(&m_startError);
    if (waitsForPassword()) {
        Q_EMIT passwordWanted();
    } else if (!m_configuration.account.isEmpty() && m_configuration.signedIn) {
        const QString password = m_password.forEngine(m_configuration, &m_startError);
        if (m_startError.isEmpty()) {
            startSession(password, bookmarksJustLoaded);
        }
    }
    Q_EMIT statusChanged();
}

void SyncController::stop()
{
    if (m_session) {
        Q_EMIT sessionEnding();
    }
    m_tabsCollector.reset();
    m_session.reset();
    m_transfer.reset();
    m_devices = {};
    m_tabs->clear();
    m_wish = {};
    setNeeds({});
}

const Configuration &SyncController::configuration() const
{
    return m_configuration;
}

bool SyncController::hasPassword() const
{
    return m_password.has(m_configuration);
}

QString SyncController::folder() const
{
    return m_store.folder();
}

QString SyncController::apply(const Configuration &configuration, const QString &password)
{
    Configuration next = configuration;
    next.signedIn = true;
    QString error = m_password.change(m_configuration, next, password);
    if (error.isEmpty()) {
        error = m_store.save(next);
    }
    if (error.isEmpty()) {
        stop();
        start(false);
        Q_EMIT devicesChanged();
        error = m_startError;
    }
    return error;
}

void SyncController::startSession(const QString &password, bool bookmarksJustLoaded)
{
    m_commandError.clear();
    m_passwordProblem.clear();
    m_session = std::make_unique<SyncSession>(m_bookmarks, m_profilePath, nullptr);
    connect(m_session.get(), &SyncSession::message, this, &SyncController::onMessage);
    connect(m_session.get(), &SyncSession::statusChanged, this, &SyncController::statusChanged);
    const QByteArray config = m_configuration.forEngine(password, m_store.folder());
    m_startError = m_session->start(config, m_configuration.syncBookmarks, bookmarksJustLoaded);
    if (!m_startError.isEmpty()) {
        m_session.reset();
    } else if (m_configuration.shareTabs) {
        m_tabsCollector = std::make_unique<TabsCollector>(nullptr);
        connect(m_tabsCollector.get(), &TabsCollector::collected, this, &SyncController::tellTabs);
    }
    if (m_session) {
        Q_EMIT sessionStarted();
    }
}

void SyncController::signIn(const QString &password)
{
    m_password.remember(password);
    start(false);
}

bool SyncController::waitsForPassword() const
{
    return !m_session && !m_configuration.account.isEmpty() && m_configuration.signedIn && m_password.mustAsk(m_configuration);
}

QString SyncController::setPaused(bool paused)
{
    Configuration next = m_configuration;
    next.syncBookmarks = !paused;
    const QString error = apply(next, {});
    Q_EMIT pausedChanged();
    return error;
}

void SyncController::signOut()
{
    stop();
    m_configuration.signedIn = false;
    m_startError = m_password.forget(m_configuration);
    if (m_startError.isEmpty()) {
        m_startError = m_store.save(m_configuration);
    }
    Q_EMIT devicesChanged();
    Q_EMIT statusChanged();
}

void SyncController::leave()
{
    perform({{Type, QStringLiteral("leave")}});
}

void SyncController::forgetAccount()
{
    stop();
    m_startError = m_password.forget(m_configuration);
    if (!m_store.forgetState() && m_startError.isEmpty()) {
        m_startError = tr("The keys of this browser in %1 could not be deleted.").arg(m_store.folder());
    }
    m_configuration.account.clear();
    m_configuration.passwordStorage.clear();
    const QString error = m_store.save(m_configuration);
    if (m_startError.isEmpty()) {
        m_startError = error;
    }
    Q_EMIT accountForgotten();
    Q_EMIT devicesChanged();
    Q_EMIT statusChanged();
}

bool SyncController::isOnline() const
{
    return m_session && m_session->status().getState() == xmppsync::SyncState::Online;
}

bool SyncController::isActive() const
{
    return m_session != nullptr;
}

QString SyncController::statusText() const
{
    if (m_session) {
        return StatusText::sentence(m_session->status(), m_needs, progress());
    }
    if (!m_startError.isEmpty()) {
        return tr("Not running.");
    }
    if (waitsForPassword()) {
        return tr("Waiting for your password. Enter it and press Apply.");
    }
    return m_configuration.account.isEmpty() ? tr("Not set up. Enter your XMPP address and password, then press Apply.")
                                             : tr("Signed out. To sign in, enter the password and press Apply.");
}

std::optional<SyncProgress> SyncController::progress() const
{
    const std::optional<SyncProgress> applying = m_session ? m_session->applying() : std::nullopt;
    return applying ? applying : m_transfer;
}

QString SyncController::lastError() const
{
    if (!m_startError.isEmpty()) {
        return m_startError;
    }
    const QString problem = m_session ? StatusText::problem(m_session->status()) : QString();
    if (!problem.isEmpty()) {
        return problem;
    }
    if (!m_passwordProblem.isEmpty()) {
        return m_passwordProblem;
    }
    return m_historyProblem.isEmpty() ? m_commandError : m_historyProblem;
}

QMap<QString, QString> SyncController::tasks() const
{
    QMap<QString, QString> tasks;
    if (!m_startError.isEmpty()) {
        tasks.insert(QStringLiteral("start"), m_startError);
    }
    if (!m_passwordProblem.isEmpty()) {
        tasks.insert(QStringLiteral("password"), m_passwordProblem);
    }
    if (waitsForPassword()) {
        tasks.insert(QStringLiteral("password"), statusText());
    }
    if (m_session && m_session->status().getState() == xmppsync::SyncState::Failed) {
        tasks.insert(QStringLiteral("failed"), StatusText::problem(m_session->status()));
    }
    for (const QJsonValue &need : m_needs) {
        const QString question = need[QLatin1StringView("question")].toString();
        tasks.insert(question.isEmpty() ? QStringLiteral("join") : question, StatusText::question(need.toObject()));
    }
    if (!m_wish.isEmpty()) {
        const QString name = m_wish.value(QLatin1StringView("label")).toString();
        tasks.insert(QStringLiteral("compare"), tr("“%1” wants to compare keys with this browser.").arg(name));
    }
    for (const QJsonValue &device : m_devices) {
        const QString trust = device[QLatin1StringView("trust")].toString();
        const bool waits = trust == QLatin1StringView("undecided") || trust == QLatin1StringView("automatically_distrusted");
        const bool there = device[QLatin1StringView("active")].toBool() && !device[QLatin1StringView("this")].toBool();
        const QString fingerprint = device[QLatin1StringView("fingerprint")].toString();
        if (waits && there && !fingerprint.isEmpty()) {
            const QString name = device[QLatin1StringView("label")].toString();
            tasks.insert(fingerprint, tr("The new device “%1” waits until you trust it, on the page Devices.").arg(name));
        }
    }
    return tasks;
}

SyncHealth SyncController::health() const
{
    using xmppsync::SyncPhase;
    using xmppsync::SyncState;
    const QMap<QString, QString> waiting = tasks();
    if (!waiting.isEmpty()) {
        const bool held = waiting.size() == m_needs.size() && !waiting.contains(QStringLiteral("join"));
        return held ? SyncHealth::Held : SyncHealth::NeedsYou;
    }
    if (!m_session) {
        return SyncHealth::Off;
    }
    switch (m_session->status().getState()) {
    case SyncState::Online:
        break;
    case SyncState::Connecting:
    case SyncState::Authenticating:
        return SyncHealth::Connecting;
    default:
        return SyncHealth::Offline;
    }
    if (m_session->applying()) {
        return SyncHealth::Syncing;
    }
    const SyncPhase phase = m_session->status().getPhase();
    return phase == SyncPhase::UpToDate || phase == SyncPhase::Off ? SyncHealth::InSync : SyncHealth::Syncing;
}

QString SyncController::ownFingerprint() const
{
    for (const QJsonValue &device : m_devices) {
        if (device[QLatin1StringView("this")].toBool()) {
            return device[QLatin1StringView("fingerprint")].toString();
        }
    }
    return {};
}

QJsonArray SyncController::devices() const
{
    return m_devices;
}

QJsonArray SyncController::needs() const
{
    return m_needs;
}

QJsonObject SyncController::wishToCompare() const
{
    return m_wish;
}

QString SyncController::perform(QJsonObject command)
{
    const QString id = QUuid::createUuid().toString(QUuid::WithoutBraces);
    command.insert(QLatin1StringView("id"), id);
    m_commandError = send(QJsonDocument(command).toJson(QJsonDocument::Compact));
    Q_EMIT statusChanged();
    return id;
}

void SyncController::setNeeds(const QJsonArray &needs)
{
    if (needs != m_needs) {
        m_needs = needs;
        Q_EMIT needsChanged();
        Q_EMIT statusChanged();
    }
}

void SyncController::tellTabs(const QJsonArray &tabs)
{
    send(QJsonDocument(QJsonObject{{Type, QStringLiteral("open_tabs")}, {QStringLiteral("tabs"), tabs}})
            .toJson(QJsonDocument::Compact));
}

void SyncController::setTrust(const QJsonObject &device, const char *level)
{
    perform({
        {Type, QStringLiteral("set_trust")},
        {QStringLiteral("jid"), device.value(QLatin1StringView("jid"))},
        {QStringLiteral("fingerprint"), device.value(QLatin1StringView("fingerprint"))},
        {QStringLiteral("trust"), QLatin1StringView(level)},
    });
}

QDateTime SyncController::lastSync() const
{
    return m_lastSync;
}

void SyncController::setHistoryProblem(const QString &problem)
{
    if (problem != m_historyProblem) {
        m_historyProblem = problem;
        Q_EMIT statusChanged();
    }
}

ActivityLog *SyncController::activity() const
{
    return m_activity;
}

SharedTabs *SyncController::tabs() const
{
    return m_tabs;
}

QString SyncController::send(const QByteArray &command)
{
    return m_session ? m_session->send(command) : tr("Not signed in.");
}

QJsonObject SyncController::statusJson() const
{
    QJsonObject json{
        {QStringLiteral("active"), isActive()},
        {QStringLiteral("account"), m_configuration.account},
        {QStringLiteral("status_text"), statusText()},
        {QStringLiteral("last_error"), lastError()},
        {QStringLiteral("fingerprint"), ownFingerprint()},
        {QStringLiteral("devices"), m_devices},
        {QStringLiteral("needs"), m_needs},
        {QStringLiteral("tabs"), m_tabs->elsewhere()},
        {QStringLiteral("sent_tabs"), m_tabs->sent()},
        {QStringLiteral("health"), QLatin1StringView(healthName(health()))},
    };
    if (m_session) {
        json.insert(QLatin1StringView("generation"), qint64(m_session->generation()));
        json.insert(QLatin1StringView("applied_batches"), qint64(m_session->appliedBatches()));
        StatusText::describe(m_session->status(), json);
    }
    return json;
}

void SyncController::onMessage(const QByteArray &json)
{
    const QJsonObject event = QJsonDocument::fromJson(json).object();
    const QString type = event.value(Type).toString();
    if (type == QLatin1StringView("devices")) {
        m_devices = event.value(QLatin1StringView("devices")).toArray();
        Q_EMIT devicesChanged();
    } else if (type == QLatin1StringView("status")) {
        if (event.value(QLatin1StringView("phase")) == QLatin1StringView("up_to_date")) {
            m_lastSync = QDateTime::currentDateTime();
        }
        m_transfer = SyncProgress::ofTransfer(event.value(QLatin1StringView("progress")));
        setNeeds(event.value(QLatin1StringView("needs")).toArray());
        Q_EMIT statusChanged();
    } else if (type == QLatin1StringView("verification")) {
        const QJsonValue verification = event.value(QLatin1StringView("verification"));
        m_wish = verification[QLatin1StringView("state")] == QLatin1StringView("requested") ? event : QJsonObject();
        Q_EMIT needsChanged();
        Q_EMIT statusChanged();
    } else if (type == QLatin1StringView("password_kept")) {
        m_passwordProblem = problemText(event.value(QLatin1StringView("problem")).toObject());
        if (m_passwordProblem.isEmpty()) {
            m_password.kept();
        }
        Q_EMIT statusChanged();
    } else if (type == QLatin1StringView("left")) {
        // The session that says so cannot end while it does.
        QMetaObject::invokeMethod(this, &SyncController::forgetAccount, Qt::QueuedConnection);
    } else if (type == QLatin1StringView("command_failed")) {
        m_commandError = problemText(event);
        Q_EMIT statusChanged();
    }
    m_tabs->take(event);
    m_activity->take(event);
    Q_EMIT this->event(event);
}
