#include "seats/fraction.hpp"

#include "seats/errors.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace urna::seats {
namespace {

Wide checked_multiply(Wide a, Wide b) {
  Wide product = 0;
  // Wrong arithmetic would be a wrong seat: there is nothing sensible to return.
  if (__builtin_mul_overflow(a, b, &product)) std::abort();
  return product;
}

Wide greatest_common_divisor(Wide a, Wide b) {
  while (b != 0) a = std::exchange(b, a % b);
  return a;
}

}  // namespace

Wide Fraction::rounded() const {
  const Wide whole = floor();
  const Wide rest = numerator_ - whole * denominator_;
  return rest >= denominator_ - rest ? whole + 1 : whole;
}

Fraction Fraction::times(const Fraction& other) const {
  // Cancelling crosswise first keeps the products as small as they can be.
  const Wide left = greatest_common_divisor(numerator_, other.denominator_);
  const Wide right = greatest_common_divisor(other.numerator_, denominator_);
  return {checked_multiply(numerator_ / left, other.numerator_ / right),
          checked_multiply(denominator_ / right, other.denominator_ / left)};
}

Fraction Fraction::over(const Fraction& other) const {
  return times(Fraction(other.denominator_, other.numerator_));
}

Fraction Fraction::minus(const Fraction& other) const {
  if (*this < other) std::abort();
  const Wide common = greatest_common_divisor(denominator_, other.denominator_);
  const Wide scale = other.denominator_ / common;
  return {checked_multiply(numerator_, scale) -
              checked_multiply(other.numerator_, denominator_ / common),
          checked_multiply(denominator_, scale)};
}

std::strong_ordering operator<=>(const Fraction& a, const Fraction& b) {
  // Compare whole parts, then the reciprocals of the rests, as Euclid would: exact,
  // and no product is ever formed.
  Wide an = a.numerator_, ad = a.denominator_, bn = b.numerator_, bd = b.denominator_;
  for (;;) {
    const Wide aw = an / ad, bw = bn / bd;
    if (aw != bw) return aw <=> bw;
    an -= aw * ad;
    bn -= bw * bd;
    if (an == 0 || bn == 0)
      return an == bn  ? std::strong_ordering::equal
             : an == 0 ? std::strong_ordering::less
                       : std::strong_ordering::greater;
    std::swap(an, bd);  // a/b < c/d exactly when d/c < b/a
    std::swap(ad, bn);
  }
}

std::string wide_text(Wide value) {
  std::string digits;
  do {
    digits.push_back(static_cast<char>('0' + static_cast<int>(value % 10)));
    value /= 10;
  } while (value != 0);
  std::ranges::reverse(digits);
  return digits;
}

std::string Fraction::text() const {
  std::string out = wide_text(numerator_);
  if (denominator_ != 1) out += "/" + wide_text(denominator_);
  return out;
}

std::string Fraction::mixed() const {
  const Wide whole = floor();
  const Wide rest = numerator_ - whole * denominator_;
  if (rest == 0) return wide_text(whole);
  const std::string part = wide_text(rest) + "/" + wide_text(denominator_);
  return whole == 0 ? part : wide_text(whole) + " " + part;
}

Result<Fraction> parse_share(std::string_view text) {
  const auto bad = [&] {
    return fail(errors::bad_fraction,
                "'" + std::string(text) + "' is not a share between 0 and 1",
                "write a percentage such as 3% or 3.25%, or a fraction such as 1/20");
  };
  std::string_view rest = text;
  bool percent = false;
  if (!rest.empty() && rest.back() == '%') {
    percent = true;
    rest.remove_suffix(1);
    while (!rest.empty() && rest.back() == ' ') rest.remove_suffix(1);
  }
  std::uint64_t top = 0, bottom = 1;
  std::size_t digits = 0;
  char separator = 0;
  for (const char c : rest) {
    if (c >= '0' && c <= '9') {
      if (++digits > 15) return bad();
      if (separator == '/') {
        bottom = bottom * 10 + static_cast<std::uint64_t>(c - '0');
      } else {
        top = top * 10 + static_cast<std::uint64_t>(c - '0');
        if (separator == '.') bottom *= 10;
      }
    } else if (separator == 0 && digits > 0 && (c == '.' || (c == '/' && !percent))) {
      separator = c;
      if (c == '/') bottom = 0;
    } else {
      return bad();
    }
  }
  if (digits == 0 || bottom == 0 || rest.back() == '.' || rest.back() == '/')
    return bad();
  const Fraction share = Fraction(top, bottom).over(Fraction(percent ? 100U : 1U));
  if (share > Fraction(1)) return bad();
  return share;
}

}  // namespace urna::seats
