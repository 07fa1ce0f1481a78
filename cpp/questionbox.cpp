// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "questionbox.h"

#include "settings/comparedialog.h"
#include "statustext.h"
#include "synccontroller.h"

#include <QGroupBox>
#include <QHBoxLayout>
#include <QJsonObject>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace {
constexpr QLatin1StringView Type("type");
/// So many titles are shown of what would go.
constexpr qsizetype MostTitles = 5;

QString titles(const QJsonArray &all)
{
    QStringList shown;
    for (const QJsonValue &title : all) {
        if (shown.size() == MostTitles) {
            shown.append(QStringLiteral("…"));
            break;
        }
        shown.append(QLocale().quoteString(title.toString()));
    }
    return shown.join(QStringLiteral(", "));
}
}

QuestionBox::QuestionBox(SyncController *controller, QWidget *parent)
    : QWidget(parent)
    , m_controller(controller)
    , m_layout(new QVBoxLayout(this))
{
    m_layout->setContentsMargins({});
    connect(controller, &SyncController::needsChanged, this, &QuestionBox::fill);
    fill();
}

void QuestionBox::fill()
{
    while (QLayoutItem *item = m_layout->takeAt(0)) {
        // A button that is being clicked may be among them.
        item->widget()->hide();
        item->widget()->deleteLater();
        delete item;
    }
    const QJsonArray needs = m_controller->needs();
    for (const QJsonValue &need : needs) {
        m_layout->addWidget(question(need.toObject()));
    }
    const QJsonObject wish = m_controller->wishToCompare();
    if (!wish.isEmpty()) {
        m_layout->addWidget(comparison(wish));
    }
    setVisible(!needs.isEmpty() || !wish.isEmpty());
}

QWidget *QuestionBox::comparison(const QJsonObject &wish)
{
    const QJsonValue device = wish.value(QLatin1StringView("device"));
    const QString label = wish.value(QLatin1StringView("label")).toString(tr("Device %1").arg(qint64(device.toDouble())));
    auto *group = new QGroupBox(tr("This needs you"), this);
    auto *text = new QLabel(
        tr("“%1” wants to compare keys with this browser. Agree only if you have begun that there.").arg(label), group);
    text->setWordWrap(true);
    text->setTextFormat(Qt::PlainText);
    auto *agree = new QPushButton(tr("Compare…"), group);
    agree->setObjectName(QStringLiteral("verify-agree"));
    auto *decline = new QPushButton(tr("Decline"), group);
    decline->setObjectName(QStringLiteral("verify-decline"));
    connect(agree, &QPushButton::clicked, this, [this, device, label] {
        (new CompareDialog(m_controller, qint64(device.toDouble()), label, window()))->open();
    });
    connect(decline, &QPushButton::clicked, this, [this, device] {
        m_controller->perform({{Type, QStringLiteral("cancel_verification")}, {QStringLiteral("device"), device}});
    });
    auto *row = new QHBoxLayout;
    row->addStretch(1);
    for (QPushButton *button : {decline, agree}) {
        button->setAutoDefault(false);
        row->addWidget(button);
    }
    auto *layout = new QVBoxLayout(group);
    layout->addWidget(text);
    layout->addLayout(row);
    return group;
}

QWidget *QuestionBox::question(const QJsonObject &need)
{
    auto *group = new QGroupBox(tr("This needs you"), this);
    QString text = StatusText::question(need);
    const QString examples = titles(need.value(QLatin1StringView("titles")).toArray());
    if (!examples.isEmpty()) {
        text += QStringLiteral("\n") + tr("Among them: %1").arg(examples);
    }
    auto *label = new QLabel(text, group);
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    auto *row = new QHBoxLayout;
    row->addStretch(1);
    const auto add = [&](const QString &words, const char *name, const QJsonObject &answer) {
        auto *button = new QPushButton(words, group);
        button->setObjectName(QLatin1StringView(name));
        button->setAutoDefault(false);
        connect(button, &QPushButton::clicked, this, [this, answer] { m_controller->perform(answer); });
        row->addWidget(button);
    };
    if (need.value(Type) == QLatin1StringView("join")) {
        const auto join = [](const char *mode) {
            return QJsonObject{{Type, QStringLiteral("join")}, {QStringLiteral("mode"), QLatin1StringView(mode)}};
        };
        add(tr("Merge both"), "join-merge", join("merge"));
        add(tr("Take those of the account"), "join-theirs", join("theirs"));
        add(tr("Take those of this browser"), "join-mine", join("mine"));
    } else {
        const auto held = [&need](bool accept) {
            return QJsonObject{
                {Type, QStringLiteral("answer_held")},
                {QStringLiteral("question"), need.value(QLatin1StringView("question"))},
                {QStringLiteral("accept"), accept},
            };
        };
        const bool doubled = need.value(QLatin1StringView("question")).toString().startsWith(QLatin1StringView("doubled:"));
        add(doubled ? tr("Delete them everywhere") : tr("Put them back"), "held-refuse", held(false));
        add(doubled ? tr("Show them here too") : tr("Delete them everywhere"), "held-accept", held(true));
    }
    auto *layout = new QVBoxLayout(group);
    layout->addWidget(label);
    layout->addLayout(row);
    return group;
}
