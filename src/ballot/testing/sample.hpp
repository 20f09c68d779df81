// A small world for tests: an election hash, a joint key whose secret is known, a
// station, and random choices for its styles. Tests and benchmarks only.
#pragma once

#include "ballot/choices.hpp"
#include "ballot/joint_key.hpp"
#include "ballot/seal.hpp"
#include "ballot/station.hpp"
#include "base/testing/scripted.hpp"
#include "group/secret.hpp"

#include <vector>

namespace urna::ballot::testing {

struct Sample {
  group::SecretScalar secret;
  JointKey key;
  Station station;
  base::testing::ScriptedRandom random;

  Sample(std::vector<std::vector<ContestShape>> styles, std::uint64_t seed,
         std::string code = "0101001", std::uint8_t election = 7)
      : Sample(make_secret(), std::move(styles), seed, std::move(code), election) {}

  [[nodiscard]] const BallotStyle& style(std::uint32_t number = 0) const {
    return *station.style(number);
  }

  // Choices that keep the limits: each contest gets 0 to limit votes.
  Bytes random_bits(const BallotStyle& style) {
    Bytes bits;
    for (const ContestShape& shape : style.contests()) {
      Bytes contest(shape.options, 0);
      const auto most = std::min(shape.limit, shape.options);
      const auto votes = random.below(std::uint64_t{most} + 1).value();
      for (std::uint64_t v = 0; v < votes; ++v) {
        contest[random.below(shape.options).value()] = 1;
      }
      append(bits, contest);
    }
    return bits;
  }

  Sealed seal_bits(ByteView bits, std::uint32_t style_number = 0,
                   std::uint32_t segment = 1) {
    const Choices choices = Choices::make(style(style_number), bits).value();
    return seal(station, style_number, segment, key, choices, random).value();
  }
  Sealed seal_any(std::uint32_t style_number = 0) {
    return seal_bits(random_bits(style(style_number)), style_number);
  }

 private:
  Sample(group::SecretScalar x, std::vector<std::vector<ContestShape>> styles,
         std::uint64_t seed, std::string code, std::uint8_t election)
      : secret(std::move(x)),
        key(JointKey::make(group::base_mul(secret)).value()),
        station(make_station(std::move(styles), std::move(code), election)),
        random(seed) {}

  static group::SecretScalar make_secret() {
    return group::SecretScalar::from_u64(123456789);
  }
  static Station make_station(std::vector<std::vector<ContestShape>> shapes,
                              std::string code, std::uint8_t election) {
    Hash32 hash;
    hash.fill(election);
    std::vector<BallotStyle> styles;
    for (auto& contests : shapes) {
      styles.push_back(BallotStyle::make(static_cast<std::uint32_t>(styles.size()),
                                         std::move(contests))
                           .value());
    }
    return Station::make(hash, std::move(code), {1, 2}, std::move(styles)).value();
  }
};

// 52 options in 8 contests, one vote each: what the costs are quoted for.
[[nodiscard]] inline std::vector<ContestShape> reference_style() {
  return {{8, 1}, {8, 1}, {6, 1}, {6, 1}, {6, 1}, {6, 1}, {6, 1}, {6, 1}};
}

}  // namespace urna::ballot::testing
