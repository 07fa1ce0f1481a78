// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "syncpage.h"

#include "configuration.h"
#include "falkon/history.h"
#include "falkon/mainapplication.h"
#include "synccontroller.h"

#include <QCheckBox>
#include <QComboBox>
#include <QGroupBox>
#include <QInputDialog>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>

SyncPage::SyncPage(SyncController *controller, QWidget *parent)
    : Page(controller, parent)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(whatGroup());
    layout->addWidget(trustGroup());
    layout->addWidget(partnersGroup(), 1);
    connect(m_bookmarks, &QCheckBox::clicked, this, &Page::edited);
    connect(m_doubles, &QCheckBox::clicked, this, &Page::edited);
    connect(m_visits, &QCheckBox::clicked, this, &Page::edited);
    connect(m_visits, &QCheckBox::toggled, this, &SyncPage::showHint);
    connect(m_requests, &QCheckBox::clicked, this, &Page::edited);
    connect(m_policy, &QComboBox::activated, this, &Page::edited);
    connect(controller, &SyncController::pausedChanged, this, [this] {
        m_bookmarks->setChecked(m_controller->configuration().syncBookmarks);
    });
}

QWidget *SyncPage::whatGroup()
{
    auto *group = new QGroupBox(tr("Synchronize"), this);
    m_bookmarks = new QCheckBox(tr("&Bookmarks"), group);
    m_bookmarks->setObjectName(QStringLiteral("sync-bookmarks"));
    m_doubles = new QCheckBox(tr("Ask before another device adds many bookmarks that are &here already"), group);
    m_doubles->setObjectName(QStringLiteral("ask-about-doubles"));
    m_visits = new QCheckBox(tr("Browsing h&istory"), group);
    m_visits->setObjectName(QStringLiteral("share-visits"));
    auto *layout = new QVBoxLayout(group);
    layout->addWidget(m_bookmarks);
    layout->addWidget(m_doubles);
    layout->addWidget(m_visits);
    layout->addWidget(wrappedLabel(group,
        tr("Pages of the last 90 days, with your devices that share it too; never those of private windows. What you delete from "
           "the "
           "history is deleted on all of them.")));
    m_hint = wrappedLabel(group,
        tr("Falkon saves no history now (see “Allow saving history” in its preferences), so that of your other devices is not "
           "brought here."));
    m_hint->setObjectName(QStringLiteral("visits-hint"));
    layout->addWidget(m_hint);
    return group;
}

QWidget *SyncPage::trustGroup()
{
    auto *group = new QGroupBox(tr("New devices"), this);
    m_policy = new QComboBox(group);
    m_policy->setObjectName(QStringLiteral("trust-policy"));
    m_policy->setAccessibleName(tr("Which new devices are trusted"));
    m_policy->addItem(tr("Trusted until you compare the first one; then they wait for you"), QStringLiteral("toakafa"));
    m_policy->addItem(tr("Always wait for you"), QStringLiteral("manual"));
    m_policy->addItem(tr("Trusted without asking (not advised)"), QStringLiteral("blind"));
    auto *layout = new QVBoxLayout(group);
    layout->addWidget(m_policy);
    return group;
}

QWidget *SyncPage::partnersGroup()
{
    auto *group = new QGroupBox(tr("Bots and programs"), this);
    m_requests = new QCheckBox(tr("Answer encrypted &requests of your own programs and of these partners"), group);
    m_requests->setObjectName(QStringLiteral("requests"));
    m_partners = new QListWidget(group);
    m_partners->setObjectName(QStringLiteral("partners"));
    m_partners->setAccessibleName(tr("Partners' addresses"));
    auto *add = new QPushButton(tr("&Add…"), group);
    add->setObjectName(QStringLiteral("add-partner"));
    m_remove = new QPushButton(tr("Re&move"), group);
    m_remove->setObjectName(QStringLiteral("remove-partner"));
    connect(add, &QPushButton::clicked, this, &SyncPage::addPartner);
    connect(m_remove, &QPushButton::clicked, this, &SyncPage::removePartner);
    connect(m_partners, &QListWidget::itemSelectionChanged, this, [this] {
        m_remove->setEnabled(!m_partners->selectedItems().isEmpty());
    });
    auto *row = new QHBoxLayout;
    for (QPushButton *button : {add, m_remove}) {
        button->setAutoDefault(false);
        row->addWidget(button);
    }
    row->addStretch(1);
    auto *layout = new QVBoxLayout(group);
    layout->addWidget(m_requests);
    layout->addWidget(wrappedLabel(group,
        tr("A partner is a bot on another account. Its devices appear on the page Devices, and may do nothing until you trust "
           "them there.")));
    layout->addWidget(m_partners, 1);
    layout->addLayout(row);
    return group;
}

void SyncPage::fill()
{
    const Configuration &configuration = m_controller->configuration();
    m_bookmarks->setChecked(configuration.syncBookmarks);
    m_doubles->setChecked(configuration.askAboutDoubles);
    m_visits->setChecked(configuration.shareVisits);
    showHint();
    m_policy->setCurrentIndex(qMax(0, m_policy->findData(configuration.trustPolicy)));
    m_requests->setChecked(configuration.chat);
    m_partners->clear();
    m_partners->addItems(configuration.partners);
    m_remove->setEnabled(false);
}

void SyncPage::store(Configuration &configuration) const
{
    configuration.syncBookmarks = m_bookmarks->isChecked();
    configuration.askAboutDoubles = m_doubles->isChecked();
    configuration.shareVisits = m_visits->isChecked();
    const QString policy = m_policy->currentData().toString();
    // Not chosen yet means the first, and stays so.
    if (m_policy->currentIndex() > 0 || !configuration.trustPolicy.isEmpty()) {
        configuration.trustPolicy = policy;
    }
    configuration.chat = m_requests->isChecked();
    configuration.partners.clear();
    for (int row = 0; row < m_partners->count(); ++row) {
        configuration.partners.append(m_partners->item(row)->text());
    }
}

/// Falkon does not say when its user turns that off or on.
void SyncPage::showEvent(QShowEvent *event)
{
    showHint();
    Page::showEvent(event);
}

void SyncPage::showHint()
{
    m_hint->setVisible(m_visits->isChecked() && !MainApplication::instance()->history()->isSaving());
}

void SyncPage::addPartner()
{
    auto *question = new QInputDialog(this);
    question->setAttribute(Qt::WA_DeleteOnClose);
    question->setWindowTitle(tr("Add a partner"));
    question->setLabelText(tr("XMPP address of the bot or program:"));
    connect(question, &QInputDialog::textValueSelected, this, [this](const QString &text) {
        const QString address = text.trimmed().toLower();
        if (!address.isEmpty() && m_partners->findItems(address, Qt::MatchExactly).isEmpty()) {
            m_partners->addItem(address);
            m_requests->setChecked(true);
            Q_EMIT edited();
        }
    });
    question->open();
}

void SyncPage::removePartner()
{
    qDeleteAll(m_partners->selectedItems());
    Q_EMIT edited();
}
