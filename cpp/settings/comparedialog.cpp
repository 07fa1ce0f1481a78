// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "comparedialog.h"

#include "problemtext.h"
#include "synccontroller.h"

#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QJsonArray>
#include <QJsonObject>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace {
constexpr qreal SymbolSize = 2.5;

QJsonObject command(const char *type, qint64 device)
{
    return {{QStringLiteral("type"), QLatin1StringView(type)}, {QStringLiteral("device"), device}};
}
}

CompareDialog::CompareDialog(SyncController *controller, qint64 device, const QString &name, QWidget *parent)
    : QDialog(parent)
    , m_controller(controller)
    , m_device(device)
    , m_name(name)
    , m_text(new QLabel(this))
    , m_emoji(new QWidget(this))
{
    setObjectName(QStringLiteral("XmppSyncCompare"));
    setWindowTitle(tr("Compare with %1").arg(name));
    setAttribute(Qt::WA_DeleteOnClose);
    m_text->setWordWrap(true);
    m_text->setTextFormat(Qt::PlainText);
    m_text->setObjectName(QStringLiteral("compare-text"));
    // The same order on both devices, whatever their languages.
    m_emoji->setLayoutDirection(Qt::LeftToRight);
    m_emoji->setObjectName(QStringLiteral("emoji"));
    new QHBoxLayout(m_emoji);

    auto *buttons = new QDialogButtonBox(this);
    m_differ = buttons->addButton(tr("They are &different"), QDialogButtonBox::ActionRole);
    m_differ->setObjectName(QStringLiteral("emoji-differ"));
    m_same = buttons->addButton(tr("They are the &same"), QDialogButtonBox::ActionRole);
    m_same->setObjectName(QStringLiteral("emoji-same"));
    m_close = buttons->addButton(QDialogButtonBox::Cancel);
    m_close->setObjectName(QStringLiteral("compare-close"));
    // Enter must answer nothing by itself.
    m_same->setAutoDefault(false);
    m_differ->setAutoDefault(false);
    connect(m_same, &QPushButton::clicked, this, [this] { confirm(true); });
    connect(m_differ, &QPushButton::clicked, this, [this] { confirm(false); });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);

    auto *layout = new QVBoxLayout(this);
    layout->addWidget(m_text);
    layout->addWidget(m_emoji, 1);
    layout->addWidget(buttons);
    setMinimumWidth(fontMetrics().averageCharWidth() * 90);

    connect(controller, &SyncController::event, this, &CompareDialog::onEvent);
    showState({{QStringLiteral("state"), QStringLiteral("waiting")}});
    m_controller->perform(command("verify", m_device));
}

void CompareDialog::done(int result)
{
    if (m_running) {
        m_running = false;
        m_controller->perform(command("cancel_verification", m_device));
    }
    QDialog::done(result);
}

void CompareDialog::onEvent(const QJsonObject &event)
{
    const QString type = event.value(QLatin1StringView("type")).toString();
    if (type == QLatin1StringView("verification") && qint64(event.value(QLatin1StringView("device")).toDouble()) == m_device) {
        showState(event.value(QLatin1StringView("verification")).toObject());
    } else if (type == QLatin1StringView("command_failed") && event.value(QLatin1StringView("id")) == QLatin1StringView("verify")
        && m_running) {
        end(tr("The comparison cannot begin: %1").arg(problemText(event)));
    }
}

void CompareDialog::showState(const QJsonObject &verification)
{
    const QString state = verification.value(QLatin1StringView("state")).toString();
    const bool compare = state == QLatin1StringView("compare");
    m_same->setVisible(compare);
    m_differ->setVisible(compare);
    m_emoji->setVisible(compare);
    if (compare) {
        m_text->setText(tr("Look at both devices: does “%1” show the same seven emoji, in the same order?").arg(m_name));
        showEmoji(verification.value(QLatin1StringView("emoji")).toArray());
        // The safe answer to a careless Enter is none.
        m_close->setFocus();
    } else if (state == QLatin1StringView("confirmed")) {
        m_text->setText(tr("Now say on “%1” as well that they are the same.").arg(m_name));
    } else if (state == QLatin1StringView("authenticated")) {
        end(tr("Both devices trust each other now. From now on, new devices wait until you trust them."));
    } else if (state == QLatin1StringView("cancelled")) {
        end(verification.value(QLatin1StringView("kind")) == QLatin1StringView("mismatch")
                ? tr("The keys are not what they should be: somebody may be in between. “%1” is not trusted any more.")
                      .arg(m_name)
                : tr("The comparison has ended: %1").arg(problemText(verification)));
    } else {
        m_text->setText(tr("Waiting for “%1”. Open XmppSync's settings there and agree to the comparison.").arg(m_name));
    }
    adjustSize();
}

void CompareDialog::showEmoji(const QJsonArray &emoji)
{
    QLayout *row = m_emoji->layout();
    while (QLayoutItem *item = row->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    for (const QJsonValue &one : emoji) {
        auto *cell = new QWidget(m_emoji);
        auto *symbol = new QLabel(one[QLatin1StringView("symbol")].toString(), cell);
        auto *name = new QLabel(one[QLatin1StringView("name")].toString(), cell);
        QFont large = symbol->font();
        large.setPointSizeF(large.pointSizeF() * SymbolSize);
        // Some are signs in text fonts too, and would look different from what the other device shows.
        large.setFamilies({QStringLiteral("Noto Color Emoji"), QStringLiteral("emoji"), large.family()});
        symbol->setFont(large);
        symbol->setAccessibleName(name->text());
        auto *layout = new QVBoxLayout(cell);
        layout->addWidget(symbol, 1, Qt::AlignCenter);
        layout->addWidget(name, 0, Qt::AlignHCenter);
        row->addWidget(cell);
    }
}

void CompareDialog::confirm(bool matches)
{
    QJsonObject answer = command("confirm_emoji", m_device);
    answer.insert(QLatin1StringView("matches"), matches);
    m_controller->perform(answer);
}

void CompareDialog::end(const QString &text)
{
    m_running = false;
    m_text->setText(text);
    m_same->hide();
    m_differ->hide();
    m_emoji->hide();
    m_close->setText(tr("Close"));
}
