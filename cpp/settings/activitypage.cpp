// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "activitypage.h"

#include "activitylog.h"
#include "falkon/compatibility.h"
#include "plaintext.h"
#include "synccontroller.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace {
void fillRow(QTreeWidgetItem *row, const ActivityLog::Entry &entry)
{
    row->setText(0, QLocale().toString(entry.time, QLocale::ShortFormat));
    row->setText(1, entry.text);
    row->setToolTip(1, PlainText::toolTip(entry.text));
    row->setText(2, entry.times > 1 ? QLocale().toString(entry.times) : QString());
}
}

ActivityPage::ActivityPage(SyncController *controller, QWidget *parent)
    : Page(controller, parent)
    , m_tree(new QTreeWidget(this))
{
    m_tree->setObjectName(QStringLiteral("activity"));
    m_tree->setAccessibleName(tr("Activity"));
    m_tree->setHeaderLabels({tr("Time"), tr("What happened"), tr("Times")});
    m_tree->setRootIsDecorated(false);
    m_tree->setWordWrap(true);
    m_tree->header()->setStretchLastSection(false);
    m_tree->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_tree->header()->setSectionResizeMode(1, QHeaderView::Stretch);
    // Measuring what is to be seen is enough.
    m_tree->header()->setResizeContentsPrecision(0);
    auto *button = new QPushButton(tr("&Copy"), this);
    button->setObjectName(QStringLiteral("copy-activity"));
    button->setAutoDefault(false);
    button->setToolTip(tr("For a report: without addresses, titles and keys"));
    connect(button, &QPushButton::clicked, this, &ActivityPage::copy);
    auto *row = new QHBoxLayout;
    row->addWidget(
        wrappedLabel(this, tr("Since the start of the browser. Titles and addresses of bookmarks are never noted.")), 1);
    row->addWidget(button);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(m_tree, 1);
    layout->addLayout(row);
    connect(controller->activity(), &ActivityLog::changed, this, [this] {
        if (isVisible()) {
            showEntries();
        }
    });
}

void ActivityPage::showEvent(QShowEvent *event)
{
    showEntries();
    Page::showEvent(event);
}

/// Only what is new: the log is long, and in a lively hour it changes often.
void ActivityPage::showEntries()
{
    const ActivityLog *log = m_controller->activity();
    const QList<ActivityLog::Entry> &entries = log->entries();
    const qsizetype fresh = qMin(qsizetype(log->count() - m_shown), entries.size());
    m_shown = log->count();
    if (fresh < entries.size()) {
        // The newest that is there already may have happened again.
        fillRow(m_tree->topLevelItem(0), entries.at(entries.size() - fresh - 1));
    }
    QList<QTreeWidgetItem *> items;
    for (qsizetype i = 1; i <= fresh; ++i) {
        items.append(new QTreeWidgetItem);
        fillRow(items.constLast(), entries.at(entries.size() - i));
    }
    m_tree->insertTopLevelItems(0, items);
    while (m_tree->topLevelItemCount() > entries.size()) {
        delete m_tree->takeTopLevelItem(m_tree->topLevelItemCount() - 1);
    }
}

void ActivityPage::copy()
{
    const QString about =
        QStringLiteral("XmppSync " XMPPSYNC_VERSION ", Falkon %1, Qt %2\n").arg(Falkon::version(), QLatin1StringView(qVersion()));
    QGuiApplication::clipboard()->setText(about + m_controller->activity()->asText());
}
