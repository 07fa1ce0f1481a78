// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "historycommands.h"

#include "mainapplication.h"

#include <QAbstractItemModel>
#include <QJsonArray>
#include <QUrl>

/// More of Falkon's history than the sync plugin calls.
class HistoryModel;

class History : public QObject
{
public:
    History() = delete;

    void deleteHistoryEntry(const QString &url);
    void clearHistory();
    void setSaving(bool saving);
    /// A QAbstractItemModel of periods, and of the pages of each when they are wanted.
    HistoryModel *model();
};

namespace {
void deleteVisit(const QJsonObject &command, const Reply &reply)
{
    // As it is in the table.
    const QString url = QUrl(command.value(QLatin1StringView("url")).toString()).toString();
    MainApplication::instance()->history()->deleteHistoryEntry(url);
    reply({});
}

void clearHistory(const QJsonObject &, const Reply &reply)
{
    MainApplication::instance()->history()->clearHistory();
    reply({});
}

/// As the preferences do when their user turns it off or on.
void saveHistory(const QJsonObject &command, const Reply &reply)
{
    MainApplication::instance()->history()->setSaving(command.value(QLatin1StringView("enabled")).toBool());
    reply({});
}

/// What Falkon's views of the history show: title, address and period of each page, as often as it is there.
void historyRows(const QJsonObject &, const Reply &reply)
{
    auto *model = reinterpret_cast<QAbstractItemModel *>(MainApplication::instance()->history()->model());
    QJsonArray rows;
    for (int period = 0; period < model->rowCount(); ++period) {
        const QModelIndex parent = model->index(period, 0);
        if (model->canFetchMore(parent)) {
            model->fetchMore(parent);
        }
        for (int row = 0; row < model->rowCount(parent); ++row) {
            rows.append(QJsonArray{
                model->index(row, 0, parent).data().toString(),
                model->index(row, 1, parent).data().toString(),
                parent.data().toString(),
            });
        }
    }
    reply({{QStringLiteral("rows"), rows}});
}
}

namespace HistoryCommands {
bool execute(const QString &name, const QJsonObject &command, const Reply &reply)
{
    if (name == QLatin1StringView("deleteVisit")) {
        deleteVisit(command, reply);
    } else if (name == QLatin1StringView("clearHistory")) {
        clearHistory(command, reply);
    } else if (name == QLatin1StringView("saveHistory")) {
        saveHistory(command, reply);
    } else if (name == QLatin1StringView("historyRows")) {
        historyRows(command, reply);
    } else {
        return false;
    }
    return true;
}
}
