// Why a ballot is refused: one of the error kinds of ballot/errors.hpp, and the place
// in the ballot. Both verifiers report the first fault in one fixed order (header,
// scalars, points, identities, then the equations as they lie in the ballot), so
// "same verdict" means equal faults and not only "both refuse".
//
// Thread rule: plain values. No secrets.
#pragma once

#include "base/result.hpp"

#include <expected>
#include <string>

namespace urna::ballot {

struct Fault {
  ErrorKind kind;
  std::string place;  // "contest 1, option 0, equation b1"

  // "U3030 option proof fails (contest 1, option 0, equation b1)"
  [[nodiscard]] std::string text() const;
  [[nodiscard]] Error error() const;

  friend bool operator==(const Fault&, const Fault&) = default;
};

// A value, or the fault that a reader of ballots found.
template <class T>
using Checked = std::expected<T, Fault>;

}  // namespace urna::ballot
