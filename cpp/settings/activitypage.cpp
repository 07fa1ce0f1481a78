// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "activitypage.h"

#include "activitylog.h"
#include "falkon/compatibility.h"
#include "synccontroller.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

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
    connect(controller->activity(), &ActivityLog::changed, this, &ActivityPage::showEntries);
    showEntries();
}

void ActivityPage::showEntries()
{
    m_tree->clear();
    for (const ActivityLog::Entry &entry : m_controller->activity()->entries()) {
        auto *item = new QTreeWidgetItem;
        item->setText(0, QLocale().toString(entry.time, QLocale::ShortFormat));
        item->setText(1, entry.text);
        item->setToolTip(1, entry.text);
        item->setText(2, entry.times > 1 ? QLocale().toString(entry.times) : QString());
        m_tree->insertTopLevelItem(0, item);
    }
}

void ActivityPage::copy()
{
    const QString about =
        QStringLiteral("XmppSync " XMPPSYNC_VERSION ", Falkon %1, Qt %2\n").arg(Falkon::version(), QLatin1StringView(qVersion()));
    QGuiApplication::clipboard()->setText(about + m_controller->activity()->asText());
}
