#include "base/testing/scripted.hpp"

#include "base/errors.hpp"

namespace urna::base::testing {

std::uint64_t ScriptedRandom::next() {
  state_ += 0x9E3779B97F4A7C15U;
  std::uint64_t z = state_;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
  return z ^ (z >> 31);
}

Result<void> ScriptedRandom::fill(std::span<std::uint8_t> out) {
  if (broken_) return fail(errors::no_random, "scripted: no random bytes");
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (i % 8 == 0) word = next();
    out[i] = static_cast<std::uint8_t>(word >> (8 * (i % 8)));
  }
  return {};
}

}  // namespace urna::base::testing
