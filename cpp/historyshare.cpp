// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "historyshare.h"

#include "falkon/browserwindow.h"
#include "falkon/mainapplication.h"
#include "historycollector.h"
#include "synccontroller.h"
#include "workmeter.h"

#include <QMessageBox>
#include <QPushButton>

HistoryShare::HistoryShare(SyncController *controller, QObject *parent)
    : QObject(parent)
    , m_controller(controller)
{
    connect(controller, &SyncController::sessionStarted, this, &HistoryShare::restart);
    connect(controller, &SyncController::sessionEnding, this, &HistoryShare::stop);
}

HistoryShare::~HistoryShare()
{
    delete m_question;
}

void HistoryShare::restart()
{
    stop();
    if (!m_controller->configuration().shareVisits) {
        return;
    }
    m_collector = std::make_unique<HistoryCollector>(MainApplication::instance()->history(), nullptr);
    connect(m_collector.get(), &HistoryCollector::said, m_controller, [controller = m_controller](const QByteArray &command) {
        const WorkMeter::Entry entry("history rows");
        controller->send(command);
    });
    connect(m_controller, &SyncController::event, m_collector.get(), &HistoryCollector::take);
    connect(m_collector.get(), &HistoryCollector::troubled, this, &HistoryShare::showTrouble);
    // Falkon is still at it.
    connect(m_collector.get(), &HistoryCollector::emptied, this, &HistoryShare::ask, Qt::QueuedConnection);
}

void HistoryShare::stop()
{
    m_collector.reset();
    showTrouble(false);
}

void HistoryShare::showTrouble(bool troubled)
{
    const WorkMeter::Entry entry("history trouble");
    m_controller->setHistoryProblem(troubled
            ? tr("The history of this browser cannot be read or written now. See whether the disk is "
                 "full, or another program uses it; it is tried again by itself.")
            : QString());
}

void HistoryShare::ask()
{
    const WorkMeter::Entry entry("history question");
    if (m_question) {
        return;
    }
    m_question = new QMessageBox(QMessageBox::Question,
        tr("History"),
        tr("The history of this browser is empty now. Delete it on your other devices as well?"),
        QMessageBox::NoButton,
        MainApplication::instance()->getWindow());
    m_question->setObjectName(QStringLiteral("clear-visits"));
    m_question->setAttribute(Qt::WA_DeleteOnClose);
    QPushButton *here = m_question->addButton(tr("Only &here"), QMessageBox::RejectRole);
    QPushButton *everywhere = m_question->addButton(tr("On &all devices"), QMessageBox::AcceptRole);
    here->setObjectName(QStringLiteral("only-here"));
    everywhere->setObjectName(QStringLiteral("on-all-devices"));
    m_question->setDefaultButton(here);
    connect(everywhere, &QPushButton::clicked, m_controller, [controller = m_controller] {
        controller->perform({{QStringLiteral("type"), QStringLiteral("clear_visits")}});
    });
    m_question->open();
}
