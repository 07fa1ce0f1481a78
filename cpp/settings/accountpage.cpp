// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "accountpage.h"

#include "synccontroller.h"

#include <QComboBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QGroupBox>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

namespace {
QString asAddress(const QString &text)
{
    QString address = text.trimmed();
    const QLatin1StringView scheme("xmpp:");
    return address.startsWith(scheme) ? address.mid(scheme.size()) : address;
}
}

AccountPage::AccountPage(SyncController *controller, QWidget *parent)
    : Page(controller, parent)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(statusGroup());
    layout->addWidget(accountGroup());
    layout->addWidget(serverGroup());
    layout->addStretch(1);
    layout->addLayout(farewell());
    for (const QLineEdit *line : {m_address, m_password, m_label, m_server, m_authority}) {
        connect(line, &QLineEdit::textEdited, this, &Page::edited);
    }
    connect(m_authority, &QLineEdit::textChanged, this, &Page::edited);
    connect(m_byHand, &QGroupBox::clicked, this, &Page::edited);
    connect(m_storage, &QComboBox::activated, this, &Page::edited);
    connect(controller, &SyncController::statusChanged, this, &AccountPage::showStatus);
    connect(controller, &SyncController::accountForgotten, this, &AccountPage::fill);
    showStatus();
}

QWidget *AccountPage::statusGroup()
{
    auto *group = new QGroupBox(tr("Connection"), this);
    m_status = wrappedLabel(group);
    m_status->setObjectName(QStringLiteral("status"));
    m_status->setAccessibleName(tr("How it goes"));
    m_next = wrappedLabel(group);
    m_next->setObjectName(QStringLiteral("next-step"));
    m_next->setAccessibleName(tr("What to do next"));
    QFont bold = m_next->font();
    bold.setBold(true);
    m_next->setFont(bold);
    m_progress = new QProgressBar(group);
    m_progress->setObjectName(QStringLiteral("progress"));
    m_progress->setAccessibleName(tr("How far it is"));
    m_pause = new QPushButton(group);
    m_pause->setObjectName(QStringLiteral("pause"));
    m_pause->setAutoDefault(false);
    connect(m_pause, &QPushButton::clicked, this, &AccountPage::pauseOrResume);
    auto *row = new QHBoxLayout;
    row->addWidget(m_progress, 1);
    row->addStretch();
    row->addWidget(m_pause);
    auto *layout = new QVBoxLayout(group);
    layout->addWidget(m_status);
    layout->addWidget(m_next);
    layout->addLayout(row);
    return group;
}

QWidget *AccountPage::accountGroup()
{
    auto *group = new QGroupBox(tr("Account"), this);
    m_address = new QLineEdit(group);
    m_address->setObjectName(QStringLiteral("address"));
    m_address->setPlaceholderText(tr("name@example.org"));
    m_address->setInputMethodHints(Qt::ImhEmailCharactersOnly | Qt::ImhNoPredictiveText);
    m_password = new QLineEdit(group);
    m_password->setObjectName(QStringLiteral("password"));
    m_password->setEchoMode(QLineEdit::Password);
    m_label = new QLineEdit(group);
    m_label->setObjectName(QStringLiteral("label"));
    m_label->setToolTip(tr("How your other devices name this browser"));
    m_storage = new QComboBox(group);
    m_storage->setObjectName(QStringLiteral("password-storage"));
    const auto offer = [this](const QString &words, QLatin1StringView storage, const QString &more) {
        m_storage->addItem(words, QString(storage));
        m_storage->setItemData(m_storage->count() - 1, more, Qt::ToolTipRole);
    };
    offer(tr("in the password store of the desktop"), PasswordStorage::SecretService, tr("KWallet, GNOME Keyring or KeePassXC"));
    offer(tr("in a file that only your user can read"),
        PasswordStorage::File,
        m_controller->folder() + QStringLiteral("/password"));
    offer(tr("nowhere: ask at each start"), PasswordStorage::Ask, tr("Nothing is synchronized before you answer"));
    auto *form = new QFormLayout(group);
    form->addRow(tr("XMPP &address:"), m_address);
    form->addRow(tr("&Password:"), m_password);
    form->addRow(tr("&Keep it:"), m_storage);
    form->addRow(tr("&Name of this device:"), m_label);
    return group;
}

QWidget *AccountPage::serverGroup()
{
    m_byHand = new QGroupBox(tr("Choose the server by &hand"), this);
    m_byHand->setObjectName(QStringLiteral("by-hand"));
    m_byHand->setCheckable(true);
    m_byHand->setToolTip(tr("Only for servers that cannot be found by the address alone"));
    m_server = new QLineEdit(m_byHand);
    m_server->setObjectName(QStringLiteral("server"));
    m_server->setPlaceholderText(tr("host:port; empty: found by the address"));
    m_authority = new QLineEdit(m_byHand);
    m_authority->setObjectName(QStringLiteral("authority"));
    m_authority->setPlaceholderText(tr("a PEM file; empty: the system's authorities"));
    auto *browse = new QPushButton(tr("&Browse…"), m_byHand);
    browse->setAutoDefault(false);
    browse->setAccessibleName(tr("Browse for a certificate authority"));
    connect(browse, &QPushButton::clicked, this, &AccountPage::browseForAuthority);
    auto *row = new QHBoxLayout;
    row->addWidget(m_authority);
    row->addWidget(browse);
    // A row that is a layout has no mnemonic of its own.
    auto *label = new QLabel(tr("&Certificate authority:"), m_byHand);
    label->setBuddy(m_authority);
    auto *form = new QFormLayout(m_byHand);
    form->addRow(tr("&Server:"), m_server);
    form->addRow(label, row);
    return m_byHand;
}

QLayout *AccountPage::farewell()
{
    m_signOut = new QPushButton(tr("Sign &out…"), this);
    m_signOut->setObjectName(QStringLiteral("sign-out"));
    m_signOut->setAutoDefault(false);
    m_signOut->setToolTip(tr("Stop to synchronize, and forget the password"));
    connect(m_signOut, &QPushButton::clicked, this, &AccountPage::askToSignOut);
    auto *row = new QHBoxLayout;
    row->addWidget(m_signOut);
    m_leave = new QPushButton(tr("&Remove this device…"), this);
    m_leave->setObjectName(QStringLiteral("leave"));
    m_leave->setAutoDefault(false);
    m_leave->setToolTip(tr("Take this browser out of the account for good"));
    connect(m_leave, &QPushButton::clicked, this, &AccountPage::askToLeave);
    row->addWidget(m_leave);
    row->addStretch(1);
    return row;
}

void AccountPage::fill()
{
    const Configuration &configuration = m_controller->configuration();
    m_address->setText(configuration.account);
    m_password->clear();
    m_password->setPlaceholderText(m_controller->hasPassword() ? tr("kept; enter it only to change it") : QString());
    // The safest place first; who has set it up already has chosen.
    const QLatin1StringView usual = configuration.account.isEmpty() ? PasswordStorage::SecretService : PasswordStorage::File;
    const int storage = m_storage->findData(configuration.passwordStorage);
    m_storage->setCurrentIndex(storage >= 0 ? storage : m_storage->findData(QString(usual)));
    m_label->setText(configuration.label);
    m_label->setPlaceholderText(configuration.effectiveLabel());
    m_server->setText(configuration.connect);
    m_authority->setText(configuration.caFile);
    m_byHand->setChecked(!configuration.connect.isEmpty() || !configuration.caFile.isEmpty());
    showStatus();
}

void AccountPage::store(Configuration &configuration) const
{
    configuration.account = asAddress(m_address->text());
    configuration.passwordStorage = m_storage->currentData().toString();
    configuration.label = m_label->text().trimmed();
    configuration.connect = m_byHand->isChecked() ? m_server->text().trimmed() : QString();
    configuration.caFile = m_byHand->isChecked() ? m_authority->text().trimmed() : QString();
}

QString AccountPage::password() const
{
    return m_password->text();
}

void AccountPage::showStatus()
{
    m_status->setText(m_controller->statusText());
    const QString problem = m_controller->lastError();
    m_next->setText(problem);
    m_next->setVisible(!problem.isEmpty());
    const std::optional<SyncProgress> progress = m_controller->progress();
    m_progress->setVisible(progress.has_value());
    m_progress->setValue(progress ? progress->percent : 0);
    const bool paused = !m_controller->configuration().syncBookmarks;
    m_pause->setText(paused ? tr("Res&ume") : tr("Pa&use"));
    m_pause->setToolTip(paused ? tr("Go on where it stopped") : tr("Stop to synchronize bookmarks until you resume it"));
    m_pause->setVisible(m_controller->isActive());
    m_signOut->setEnabled(m_controller->isActive() || m_controller->hasPassword());
    m_leave->setEnabled(m_controller->isOnline());
}

void AccountPage::pauseOrResume()
{
    const QString error = m_controller->setPaused(m_controller->configuration().syncBookmarks);
    if (!error.isEmpty()) {
        m_next->setText(error);
        m_next->setVisible(true);
    }
}

void AccountPage::browseForAuthority()
{
    auto *chooser =
        new QFileDialog(this, tr("Certificate authority"), QString(), tr("Certificates (*.pem *.crt *.cer);;All files (*)"));
    chooser->setAttribute(Qt::WA_DeleteOnClose);
    chooser->setFileMode(QFileDialog::ExistingFile);
    connect(chooser, &QFileDialog::fileSelected, m_authority, &QLineEdit::setText);
    chooser->open();
}

void AccountPage::askToSignOut()
{
    auto *question = new QMessageBox(QMessageBox::Warning,
        tr("Sign out"),
        tr("The bookmarks stay in this browser, and are not synchronized until you enter the password again."),
        QMessageBox::Cancel,
        this);
    question->setAttribute(Qt::WA_DeleteOnClose);
    QPushButton *yes = question->addButton(tr("Sign out"), QMessageBox::AcceptRole);
    yes->setObjectName(QStringLiteral("really-sign-out"));
    question->setDefaultButton(QMessageBox::Cancel);
    connect(yes, &QPushButton::clicked, this, [this] {
        m_controller->signOut();
        fill();
    });
    question->open();
}

void AccountPage::askToLeave()
{
    auto *question = new QMessageBox(QMessageBox::Warning,
        tr("Remove this device"),
        tr("Your other devices encrypt nothing to this browser any more. Its keys, the password and the dated copies of the "
           "history are deleted here; the bookmarks stay. You can set it up again at any time, as a new device."),
        QMessageBox::Cancel,
        this);
    question->setAttribute(Qt::WA_DeleteOnClose);
    QPushButton *yes = question->addButton(tr("Remove"), QMessageBox::AcceptRole);
    yes->setObjectName(QStringLiteral("really-leave"));
    question->setDefaultButton(QMessageBox::Cancel);
    connect(yes, &QPushButton::clicked, this, [this] { m_controller->leave(); });
    question->open();
}
