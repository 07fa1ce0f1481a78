// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "activitylog.h"

#include "devicename.h"
#include "problemtext.h"
#include "statustext.h"

#include <QJsonArray>
#include <QRegularExpression>

namespace {
/// A day of lively use; some 100 kB.
constexpr qsizetype MostEntries = 500;

qint64 number(const QJsonObject &event, const char *key)
{
    return qint64(event.value(QLatin1StringView(key)).toDouble());
}

QString word(const QJsonObject &event, const char *key)
{
    return event.value(QLatin1StringView(key)).toString();
}

/// What has become of sent tabs; empty while they wait.
QString outcome(const QString &state)
{
    if (state == QLatin1StringView("opened")) {
        return ActivityLog::tr("Opened on “%1”; sent tabs: %2.");
    }
    if (state == QLatin1StringView("expired")) {
        return ActivityLog::tr("Not opened on “%1” in 30 days; sent tabs: %2.");
    }
    return state == QLatin1StringView("device_gone") ? ActivityLog::tr("“%1” was gone before it opened them; sent tabs: %2.")
                                                     : QString();
}
}

void ActivityLog::take(const QJsonObject &event)
{
    const QString type = word(event, "type");
    if (type == QLatin1StringView("connection")) {
        takeConnection(event);
    } else if (type == QLatin1StringView("status")) {
        takeStatus(event);
    } else if (type == QLatin1StringView("sent_tabs")) {
        takeSentTabs(event);
    } else {
        add(sentence(type, event));
    }
}

const QList<ActivityLog::Entry> &ActivityLog::entries() const
{
    return m_entries;
}

quint64 ActivityLog::count() const
{
    return m_count;
}

QString ActivityLog::asText() const
{
    static const QRegularExpression address(QStringLiteral("[^\\s@“”(),:]+@[^\\s@“”(),:]+"));
    QString text;
    for (const Entry &entry : m_entries) {
        QString line = entry.text;
        line.replace(address, QStringLiteral("<address>"));
        text += entry.time.toString(Qt::ISODate) + QLatin1Char(' ') + line;
        if (entry.times > 1) {
            text += QStringLiteral(" (%1×)").arg(entry.times);
        }
        text += QLatin1Char('\n');
    }
    return text;
}

void ActivityLog::add(const QString &text)
{
    if (text.isEmpty()) {
        return;
    }
    const QDateTime now = QDateTime::currentDateTime();
    if (!m_entries.isEmpty() && m_entries.constLast().text == text) {
        ++m_entries.last().times;
        m_entries.last().time = now;
    } else {
        m_entries.append({now, text});
        ++m_count;
    }
    if (m_entries.size() > MostEntries) {
        m_entries.removeFirst();
    }
    Q_EMIT changed();
}

void ActivityLog::takeConnection(const QJsonObject &event)
{
    const QString state = word(event, "state");
    if (state == QLatin1StringView("online")) {
        add(tr("Signed in."));
    } else if (state == QLatin1StringView("waiting") || state == QLatin1StringView("failed")) {
        add(tr("Not connected: %1").arg(problemText(event.value(QLatin1StringView("reason")).toObject())));
    }
}

void ActivityLog::takeStatus(const QJsonObject &status)
{
    const qint64 unpublished = number(status, "unpublished");
    if (unpublished < m_unpublished) {
        add(tr("Sent to the other devices; edits: %1.").arg(m_unpublished - unpublished));
    }
    m_unpublished = unpublished;
    QStringList problems;
    for (const QJsonValue &each : status.value(QLatin1StringView("problems")).toArray()) {
        problems.append(problemText(each.toObject()));
        if (!m_problems.contains(problems.constLast())) {
            add(tr("Problem: %1").arg(problems.constLast()));
        }
    }
    m_problems = problems;
    QStringList needs;
    for (const QJsonValue &need : status.value(QLatin1StringView("needs")).toArray()) {
        needs.append(StatusText::question(need.toObject()));
        if (!m_needs.contains(needs.constLast())) {
            add(tr("Waits for you: %1").arg(needs.constLast()));
        }
    }
    m_needs = needs;
}

/// The event tells of all that is still known, the latest first.
void ActivityLog::takeSentTabs(const QJsonObject &event)
{
    QHash<QString, QString> states;
    const QJsonArray all = event.value(QLatin1StringView("sent")).toArray();
    for (const QJsonValue &sent : all) {
        const QString name = sent[QLatin1StringView("name")].toString();
        const QString state = sent[QLatin1StringView("state")].toString();
        const qsizetype count = sent[QLatin1StringView("tabs")].toArray().size();
        const bool known = m_sent.contains(name);
        // What was sent in an earlier run is no news; an answer tells of what was sent just now.
        if (!known && states.isEmpty() && event.contains(QLatin1StringView("id"))) {
            add(tr("Sent to “%1”; tabs: %2.").arg(deviceName(sent), QString::number(count)));
        } else if (known && m_sent.value(name) != state && !outcome(state).isEmpty()) {
            add(outcome(state).arg(deviceName(sent), QString::number(count)));
        }
        states.insert(name, state);
    }
    m_sent = states;
}

QString ActivityLog::sentence(const QString &type, const QJsonObject &event)
{
    const qint64 added = number(event, "added");
    const qint64 changed = number(event, "changed");
    const qint64 removed = number(event, "removed");
    if (type == QLatin1StringView("bookmarks_changed") && added + changed + removed > 0) {
        const bool remote = event.value(QLatin1StringView("remote")).toBool();
        return (remote ? tr("Came from other devices: %1 added, %2 changed, %3 removed.")
                       : tr("Changed in this browser: %1 added, %2 changed, %3 removed."))
            .arg(added)
            .arg(changed)
            .arg(removed);
    }
    if (type == QLatin1StringView("tabs_came")) {
        return tr("Came from “%1”; tabs: %2.")
            .arg(deviceName(event), QString::number(event.value(QLatin1StringView("tabs")).toArray().size()));
    }
    if (type == QLatin1StringView("dropped")) {
        return tr("Dropped what %1 sent. %2")
            .arg(word(event, "from"), problemText(word(event, "reason"), word(event, "detail"), word(event, "detail")));
    }
    if (type == QLatin1StringView("held_answered")) {
        const bool accept = event.value(QLatin1StringView("accept")).toBool();
        const qint64 doubled = number(event, "doubled");
        if (doubled > 0) {
            return (accept ? tr("Shown here too, as you said: %1.") : tr("Deleted everywhere, as you said: %1.")).arg(doubled);
        }
        return (accept ? tr("Deleted everywhere, as you said: %1.") : tr("Put back, as you said: %1."))
            .arg(number(event, "items"));
    }
    if (type == QLatin1StringView("joined")) {
        const QJsonObject preview = event.value(QLatin1StringView("preview")).toObject();
        return tr("This browser's bookmarks (%1) and the account's (%2) have met; the same on both sides: %3.")
            .arg(number(preview, "local"))
            .arg(number(preview, "account"))
            .arg(number(preview, "matched"));
    }
    if (type == QLatin1StringView("restored")) {
        return tr("Went back to an earlier copy: %1 added, %2 changed, %3 removed.").arg(added).arg(changed).arg(removed);
    }
    if (type == QLatin1StringView("returned")) {
        return tr("This browser was away for %1 days. What was deleted elsewhere meanwhile is deleted here too.")
            .arg(number(event, "days"));
    }
    if (type == QLatin1StringView("left")) {
        return tr("This browser has left the account.");
    }
    if (type == QLatin1StringView("uri_taken")) {
        return tr("A link was taken: %1 keys trusted, %2 distrusted.")
            .arg(number(event, "trusted"))
            .arg(number(event, "distrusted"));
    }
    if (type == QLatin1StringView("command_failed")) {
        return tr("Refused: %1").arg(problemText(event));
    }
    return {};
}
