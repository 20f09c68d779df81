#include "ballot/opening.hpp"

#include "ballot/errors.hpp"
#include "group/element.hpp"

#include <fmt/format.h>

namespace urna::ballot {

namespace {

std::string option_place(std::size_t contest, std::size_t option,
                         const ContestShape& shape) {
  if (option == shape.options)
    return fmt::format("contest {}, blank indicator", contest);
  return fmt::format("contest {}, option {}", contest, option);
}

std::optional<Fault> check_limits(const BallotStyle& style, ByteView choices) {
  std::size_t at = 0;
  for (std::size_t contest = 0; contest < style.contests().size(); ++contest) {
    const ContestShape& shape = style.contests()[contest];
    std::uint32_t count = 0;
    for (std::uint32_t option = 0; option < shape.options; ++option, ++at) {
      if (choices[at] > 1) {
        return Fault{errors::opening_limit,
                     fmt::format("contest {}, option {}: value {}", contest, option,
                                 choices[at])};
      }
      count += choices[at];
    }
    if (count > shape.limit) {
      return Fault{errors::opening_limit,
                   fmt::format("contest {}: {} choices where {} are allowed", contest,
                               count, shape.limit)};
    }
  }
  return std::nullopt;
}

// Enc(s; x) = (x G, (s + x) K) with the nonce that the opening implies.
bool encrypts(ByteView ciphertext, const JointKey& key, const Hash32& hi,
              std::uint32_t contest, std::uint32_t option,
              std::span<const std::uint8_t, 32> xi, std::uint8_t value) {
  ByteArray<64> wide;
  nonce(hi, contest, option, xi, wide);
  const auto x = group::Scalar::reduce_wide(wide);
  const auto alpha = group::base_mul(x);
  const auto beta = group::mul(group::Scalar::from_u64(value) + x, key.element());
  return equal(ciphertext.first(kFieldSize), alpha.bytes()) &&
         equal(ciphertext.last(kFieldSize), beta.bytes());
}

std::optional<Fault> compare_contest(const JointKey& key, const BallotBytes& ballot,
                                     const Hash32& hi, std::uint32_t contest,
                                     std::span<const std::uint8_t, 32> xi,
                                     ByteView choices) {
  const ContestShape& shape = ballot.style().contests()[contest];
  const std::size_t first = ballot.style().place(contest).ciphertexts;
  std::uint8_t blank = 1;
  for (std::uint32_t option = 0; option <= shape.options; ++option) {
    const std::uint8_t value = option < shape.options ? choices[option] : blank;
    if (value != 0) blank = 0;
    if (!encrypts(ballot.points(first + 2 * std::size_t{option}, 2), key, hi, contest,
                  option, xi, value)) {
      return Fault{errors::opening_mismatch, option_place(contest, option, shape)};
    }
  }
  return std::nullopt;
}

}  // namespace

Bytes make_opening(const Seed& seed, const Choices& choices) {
  Bytes opening;
  opening.push_back(kOpeningVersion);
  append(opening, seed.expose());
  append(opening, choices.expose());
  return opening;
}

std::optional<Fault> check_opening(const Station& station, const JointKey& key,
                                   const BallotBytes& ballot, ByteView opening) {
  const BallotStyle& style = ballot.style();
  if (opening.size() != style.opening_size() || opening[0] != kOpeningVersion) {
    return Fault{errors::bad_opening,
                 fmt::format("{} bytes where style {} has {}, version {}",
                             opening.size(), style.number(), style.opening_size(),
                             opening.empty() ? 0 : opening[0])};
  }
  const ByteView choices = opened_choices(opening);
  if (auto fault = check_limits(style, choices)) return fault;

  const Hash32 hi = ballot.hash(station);
  const auto xi = opening.subspan<1, 32>();
  std::size_t at = 0;
  for (std::uint32_t contest = 0; contest < style.contests().size(); ++contest) {
    const std::size_t options = style.contests()[contest].options;
    if (auto fault = compare_contest(key, ballot, hi, contest, xi,
                                     choices.subspan(at, options))) {
      return fault;
    }
    at += options;
  }
  return std::nullopt;
}

ByteView opened_choices(ByteView opening) {
  return opening.subspan(kOpeningHeader);
}

}  // namespace urna::ballot
