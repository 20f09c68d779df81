// What a voter chose on one ballot: SECRET. One byte for each option in the order of
// the ballot style, 1 for chosen and 0 for not; a contest with no option chosen is
// blank. Made by the machine's session, consumed by sealing and, for a challenged
// ballot only, by its opening.
//
// A Choices object always fits its style: nothing but 0 and 1, and no contest above
// its limit. It cannot be copied or printed and is wiped when it dies. The check runs
// in constant time and reveals only whether the choices fit. Thread rule: plain value.
#pragma once

#include "ballot/style.hpp"
#include "base/bytes.hpp"
#include "base/result.hpp"
#include "crypto/secret.hpp"

namespace urna::ballot {

class Choices {
 public:
  // `bits` holds style.options() bytes; the caller wipes its own copy.
  [[nodiscard]] static Result<Choices> make(const BallotStyle& style, ByteView bits);

  // The bytes given to make(), to be read without branches.
  [[nodiscard]] ByteView expose() const { return bits_.expose(); }

 private:
  explicit Choices(crypto::SecretBytes bits) : bits_(std::move(bits)) {}
  crypto::SecretBytes bits_;
};

}  // namespace urna::ballot
