// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "historypage.h"

#include "plaintext.h"
#include "synccontroller.h"

#include <QDateTime>
#include <QHeaderView>
#include <QJsonArray>
#include <QJsonObject>
#include <QLabel>
#include <QLocale>
#include <QMessageBox>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace {
struct Name
{
    QLatin1StringView word;
    const char *text;
};

constexpr Name Names[] = {
    {QLatin1StringView("daily"), QT_TRANSLATE_NOOP("HistoryPage", "daily copy")},
    {QLatin1StringView("join_mine"), QT_TRANSLATE_NOOP("HistoryPage", "this browser's, before the first join")},
    {QLatin1StringView("join_theirs"), QT_TRANSLATE_NOOP("HistoryPage", "the account's, before the first join")},
    {QLatin1StringView("bulk"), QT_TRANSLATE_NOOP("HistoryPage", "before a large change")},
    {QLatin1StringView("restore"), QT_TRANSLATE_NOOP("HistoryPage", "before going back")},
    {QLatin1StringView("added"), QT_TRANSLATE_NOOP("HistoryPage", "added since")},
    {QLatin1StringView("removed"), QT_TRANSLATE_NOOP("HistoryPage", "removed since")},
    {QLatin1StringView("changed"), QT_TRANSLATE_NOOP("HistoryPage", "changed since")},
    {QLatin1StringView("moved"), QT_TRANSLATE_NOOP("HistoryPage", "moved since")},
};

QString inWords(const QString &word)
{
    for (const Name &name : Names) {
        if (word == name.word) {
            return HistoryPage::tr(name.text);
        }
    }
    return word;
}

qint64 number(const QJsonObject &object, const char *key)
{
    return qint64(object.value(QLatin1StringView(key)).toDouble());
}

QString date(qint64 milliseconds)
{
    return QLocale().toString(QDateTime::fromMSecsSinceEpoch(milliseconds), QLocale::ShortFormat);
}

QTreeWidget *table(QWidget *parent, const char *name, const QString &words, const QStringList &header)
{
    auto *tree = new QTreeWidget(parent);
    tree->setObjectName(QLatin1StringView(name));
    tree->setAccessibleName(words);
    tree->setHeaderLabels(header);
    tree->setRootIsDecorated(false);
    tree->setUniformRowHeights(true);
    tree->header()->setStretchLastSection(false);
    tree->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    tree->header()->setSectionResizeMode(1, QHeaderView::Stretch);
    return tree;
}
}

HistoryPage::HistoryPage(SyncController *controller, QWidget *parent)
    : Page(controller, parent)
    , m_copies(table(this, "copies", tr("Copies"), {tr("Date"), tr("Occasion"), tr("Bookmarks")}))
    , m_summary(wrappedLabel(this))
    , m_differences(table(this, "differences", tr("Differences"), {tr("Difference"), tr("Title"), tr("Folder")}))
    , m_back(new QPushButton(tr("&Go back to this…"), this))
{
    m_summary->setObjectName(QStringLiteral("history-summary"));
    m_back->setObjectName(QStringLiteral("go-back"));
    m_back->setAutoDefault(false);
    auto *row = new QHBoxLayout;
    row->addWidget(m_summary, 1);
    row->addWidget(m_back);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(m_copies, 1);
    layout->addLayout(row);
    layout->addWidget(m_differences, 1);
    connect(m_copies, &QTreeWidget::itemSelectionChanged, this, &HistoryPage::askForDifferences);
    connect(m_back, &QPushButton::clicked, this, &HistoryPage::askToGoBack);
    connect(controller, &SyncController::event, this, &HistoryPage::onEvent);
    askForDifferences();
}

void HistoryPage::showEvent(QShowEvent *event)
{
    Page::showEvent(event);
    ask();
}

void HistoryPage::ask()
{
    if (m_controller->isActive()) {
        m_controller->perform({{QStringLiteral("type"), QStringLiteral("history")}});
    }
}

void HistoryPage::askForDifferences()
{
    const qint64 at = selected();
    m_back->setEnabled(false);
    m_differences->clear();
    if (at == 0) {
        m_summary->setText(
            tr("Choose a copy to see what is different now. There is one for each day, and from before each large change."));
        return;
    }
    m_controller->perform({{QStringLiteral("type"), QStringLiteral("history_diff")}, {QStringLiteral("at"), at}});
}

void HistoryPage::onEvent(const QJsonObject &event)
{
    const QString type = event.value(QLatin1StringView("type")).toString();
    if (!isVisible()) {
        return;
    }
    if (type == QLatin1StringView("history")) {
        showCopies(event);
    } else if (type == QLatin1StringView("history_diff") && number(event, "at") == selected()) {
        showDifferences(event);
    } else if (type == QLatin1StringView("restored") || type == QLatin1StringView("bookmarks_changed")) {
        ask();
    }
}

void HistoryPage::showCopies(const QJsonObject &event)
{
    const qint64 kept = selected();
    {
        const QSignalBlocker quiet(m_copies);
        m_copies->clear();
        for (const QJsonValue &value : event.value(QLatin1StringView("copies")).toArray()) {
            const QJsonObject copy = value.toObject();
            const qint64 at = number(copy, "at");
            auto *item = new QTreeWidgetItem(m_copies,
                {date(at),
                    inWords(copy.value(QLatin1StringView("occasion")).toString()),
                    QLocale().toString(number(copy, "items"))});
            item->setData(0, Qt::UserRole, at);
            if (at == kept) {
                m_copies->setCurrentItem(item);
            }
        }
    }
    askForDifferences();
}

void HistoryPage::showDifferences(const QJsonObject &event)
{
    m_differences->clear();
    const QJsonArray differences = event.value(QLatin1StringView("differences")).toArray();
    for (const QJsonValue &difference : differences) {
        auto *item = new QTreeWidgetItem(m_differences,
            {inWords(difference[QLatin1StringView("difference")].toString()),
                difference[QLatin1StringView("title")].toString(),
                difference[QLatin1StringView("folder")].toString()});
        item->setToolTip(1, PlainText::toolTip(difference[QLatin1StringView("url")].toString()));
    }
    const qint64 total = number(event, "total");
    m_back->setEnabled(total > 0);
    m_summary->setText(total == 0 ? tr("The bookmarks are the same as then.")
            : total > differences.size()
            ? tr("Different now from then: %1. The first %2 are shown.").arg(total).arg(differences.size())
            : tr("Different now from then: %1.").arg(total));
}

void HistoryPage::askToGoBack()
{
    const qint64 at = selected();
    auto *question = new QMessageBox(QMessageBox::Question,
        tr("Go back"),
        tr("The bookmarks become again what they were on %1, on all your devices. What there is now is kept as a copy, so you "
           "can "
           "come back.")
            .arg(date(at)),
        QMessageBox::Cancel,
        this);
    question->setAttribute(Qt::WA_DeleteOnClose);
    QPushButton *yes = question->addButton(tr("Go back to this"), QMessageBox::AcceptRole);
    yes->setObjectName(QStringLiteral("really-go-back"));
    connect(yes, &QPushButton::clicked, this, [this, at] {
        m_controller->perform({{QStringLiteral("type"), QStringLiteral("restore")}, {QStringLiteral("at"), at}});
    });
    question->open();
}

qint64 HistoryPage::selected() const
{
    const QTreeWidgetItem *item = m_copies->selectedItems().value(0);
    return item ? item->data(0, Qt::UserRole).toLongLong() : 0;
}
