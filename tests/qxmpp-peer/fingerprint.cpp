// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fingerprint.h"

#include <array>
#include <cstdint>

namespace {
// A number below 2^256, little-endian, one byte in each limb, taken modulo p = 2^255 - 19. Public keys alone go through
// here, some hundred times in a test: plain arithmetic is fast enough and needs no constant time.
using Number = std::array<std::uint32_t, 32>;

// 2^256 = 38 (mod p), so what overflows the last limb comes back 38-fold at the first.
constexpr std::uint32_t FOLD = 38;

Number carried(Number number)
{
    for (int round = 0; round < 3; ++round) {
        std::uint32_t carry = 0;
        for (auto &limb : number) {
            limb += carry;
            carry = limb >> 8;
            limb &= 0xff;
        }
        number[0] += carry * FOLD;
    }
    return number;
}

Number product(const Number &a, const Number &b)
{
    Number result{};
    for (std::size_t i = 0; i < 32; ++i) {
        std::uint32_t sum = 0;
        for (std::size_t j = 0; j < 32; ++j) {
            sum += j <= i ? a[j] * b[i - j] : FOLD * a[j] * b[i + 32 - j];
        }
        result[i] = sum;
    }
    return carried(result);
}

Number power(const Number &base, const Number &exponent)
{
    Number result{1};
    for (int bit = 255; bit >= 0; --bit) {
        result = product(result, result);
        if ((exponent[static_cast<std::size_t>(bit / 8)] >> (bit % 8)) & 1U) {
            result = product(result, base);
        }
    }
    return result;
}

// a + b
Number sum(Number a, const Number &b)
{
    for (std::size_t i = 0; i < 32; ++i) {
        a[i] += b[i];
    }
    return carried(a);
}

// a * (p - 1), that is -a
Number negated(const Number &a)
{
    Number minusOne;
    minusOne.fill(0xff);
    minusOne[0] = 0xec;
    minusOne[31] = 0x7f;
    return product(a, minusOne);
}

// The one representative in [0, p).
Number reduced(Number number)
{
    number[0] += (number[31] >> 7) * 19;
    number[31] &= 0x7f;
    number = carried(number);
    Number raised = number;
    raised[0] += 19;
    raised = carried(raised);
    if (raised[31] & 0x80) {
        raised[31] &= 0x7f;
        return raised;
    }
    return number;
}
}

QString fingerprint(const QByteArray &ed25519Key)
{
    if (ed25519Key.size() != 32) {
        return {};
    }
    Number y{};
    for (std::size_t i = 0; i < 32; ++i) {
        y[i] = static_cast<std::uint8_t>(ed25519Key[static_cast<qsizetype>(i)]);
    }
    y[31] &= 0x7f; // the sign of x plays no part in the Curve25519 form

    // u = (1 + y) / (1 - y), the inverse by raising to p - 2 (RFC 7748, section 4.1)
    const Number one{1};
    Number inverting;
    inverting.fill(0xff);
    inverting[0] = 0xeb;
    inverting[31] = 0x7f;
    const auto u = reduced(product(sum(one, y), power(sum(one, negated(y)), inverting)));

    QString text;
    for (std::size_t i = 0; i < 32; ++i) {
        if (i > 0 && i % 4 == 0) {
            text += u' ';
        }
        text += QStringLiteral("%1").arg(u[i], 2, 16, QLatin1Char('0'));
    }
    return text;
}
