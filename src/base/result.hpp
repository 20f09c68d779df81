// What a function returns when something can go wrong: the value, or an Error
// that says what happened, where, and what to do next.
//
// Every error has a stable number, declared once as an ErrorKind in the
// errors.hpp of the room that raises it. Numbers are never reused: people search
// for them, and manuals quote them. Ranges: base 1000, group 1100, crypto 1200,
// log 1300, election 2000, seats 2200, sheet 2400, count 2600, ballot 3000,
// trustees 3200, record 4000, audit 4400, finger 5000, people 5200, machine 6000,
// checkin 6200, center 6400, cli 9000. docs/errors.md lists them all.
//
// Thread rule: plain values. Messages never contain secrets or voter data.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace urna {

// One kind of error or validation finding: its number and its short title.
struct ErrorKind {
  std::uint16_t number;
  std::string_view title;

  friend constexpr bool operator==(const ErrorKind& a, const ErrorKind& b) {
    return a.number == b.number;
  }
};

struct Error {
  ErrorKind kind;
  std::string message;  // what happened, in one sentence, with the values seen
  std::string where;    // file, line, row, field; empty when there is no place
  std::string to_do;    // what the reader should do next; may be empty

  // "error U1001: not valid hexadecimal: 'xz' (at key.txt:3)\n  -> use 0-9 a-f"
  [[nodiscard]] std::string text() const;

  // The same error with `place` put in front of where it happened.
  [[nodiscard]] Error at(std::string_view place) &&;
};

template <class T>
using Result = std::expected<T, Error>;

[[nodiscard]] inline std::unexpected<Error> fail(ErrorKind kind, std::string message,
                                                 std::string to_do = {},
                                                 std::string where = {}) {
  return std::unexpected<Error>(
      Error{kind, std::move(message), std::move(where), std::move(to_do)});
}

}  // namespace urna

#define URNA_CONCAT_INNER(a, b) a##b
#define URNA_CONCAT(a, b) URNA_CONCAT_INNER(a, b)

// URNA_TRY(auto x, f()): x is the value of f(), or this function returns its error.
#define URNA_TRY(declaration, expression)                                        \
  auto URNA_CONCAT(urna_try_, __LINE__) = (expression);                          \
  if (!URNA_CONCAT(urna_try_, __LINE__).has_value())                             \
    return std::unexpected(std::move(URNA_CONCAT(urna_try_, __LINE__)).error()); \
  declaration = *std::move(URNA_CONCAT(urna_try_, __LINE__))

// URNA_CHECK(f()): for Result<void>, or when the value is not needed.
#define URNA_CHECK(expression)                                      \
  do {                                                              \
    auto urna_check_result = (expression);                          \
    if (!urna_check_result.has_value())                             \
      return std::unexpected(std::move(urna_check_result).error()); \
  } while (false)
