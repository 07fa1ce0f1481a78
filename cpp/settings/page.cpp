// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "page.h"

#include "configuration.h"

#include <QAbstractItemView>
#include <QFontDatabase>
#include <QLabel>

namespace {
/// Of a list, with its header: fewer are no use.
constexpr int FewestRows = 5;
}

Page::Page(SyncController *controller, QWidget *parent)
    : QWidget(parent)
    , m_controller(controller)
{
}

void Page::fill()
{
}

void Page::store(Configuration &) const
{
}

QString Page::password() const
{
    return {};
}

QLabel *Page::wrappedLabel(QWidget *parent, const QString &text)
{
    auto *label = new QLabel(text, parent);
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    return label;
}

QLabel *Page::technicalLabel(QWidget *parent)
{
    QLabel *label = wrappedLabel(parent);
    label->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    label->setLayoutDirection(Qt::LeftToRight);
    return label;
}

void Page::fitList(QAbstractItemView *list)
{
    list->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Ignored);
    list->setMinimumHeight(list->fontMetrics().lineSpacing() * FewestRows);
}
