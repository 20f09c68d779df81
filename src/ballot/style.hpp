// The shape of a ballot and where each of its fields lies. A ballot style is the list
// of contests a voter of that style is asked; the machine, the verifier and the
// trustees all derive the same byte layout from it, so that a ballot's size and the
// place of every field depend on the style alone and never on the choices.
// docs/formats/ballot.md is the byte-level description.
//
// Thread rule: immutable values. No secrets.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <vector>

namespace urna::ballot {

// Above this the contest proof would outgrow the options it covers (protocol.md).
inline constexpr std::uint32_t kMaxLimit = 20;
inline constexpr std::uint32_t kMaxOptions = 1000;
inline constexpr std::uint32_t kMaxContests = 200;

inline constexpr std::uint8_t kBallotVersion = 1;
// Version, style, segment, identifier.
inline constexpr std::size_t kHeaderSize = 1 + 4 + 4 + 32;
inline constexpr std::size_t kFieldSize = 32;

// One contest: how many options it offers and how many of them may be chosen.
struct ContestShape {
  std::uint32_t options = 0;
  std::uint32_t limit = 0;

  // Branches of the contest proof: blank, then 1 to min(limit, options) votes.
  [[nodiscard]] std::uint32_t branches() const {
    return (limit < options ? limit : options) + 1;
  }
  friend bool operator==(const ContestShape&, const ContestShape&) = default;
};

// Where the fields of one contest lie, counted in 32-byte fields from the start of
// the points and of the scalars.
struct ContestPlace {
  // options x (alpha, beta), then the blank indicator's (alpha, beta).
  std::size_t ciphertexts;
  // options x (a0, b0, a1, b1), then branches x (a, b).
  std::size_t commitments;
  // options x (c0, v0, v1), then c_1 .. c_M, then r_0 .. r_M.
  std::size_t scalars;
};

class BallotStyle {
 public:
  // `number` is the style's position in the election definition, from 0. Refuses
  // no contests, no options, a limit of 0 or above kMaxLimit, and absurd sizes.
  [[nodiscard]] static Result<BallotStyle> make(std::uint32_t number,
                                                std::vector<ContestShape> contests);

  [[nodiscard]] std::uint32_t number() const { return number_; }
  [[nodiscard]] const std::vector<ContestShape>& contests() const { return contests_; }
  [[nodiscard]] const ContestPlace& place(std::size_t contest) const {
    return places_[contest];
  }

  // Ciphertexts of the ballot: one for each option and one for each contest.
  [[nodiscard]] std::size_t ciphertexts() const { return ciphertexts_; }
  [[nodiscard]] std::size_t options() const { return options_; }
  [[nodiscard]] std::size_t points() const { return points_; }
  [[nodiscard]] std::size_t scalars() const { return scalars_; }
  // Points before this index are ciphertexts, the others commitments.
  [[nodiscard]] std::size_t ciphertext_points() const { return 2 * ciphertexts_; }

  // Bytes of a whole ballot, of its part the confirmation code covers, of an opening.
  [[nodiscard]] std::size_t ballot_size() const {
    return kHeaderSize + kFieldSize * (points_ + scalars_);
  }
  [[nodiscard]] std::size_t ciphertext_size() const {
    return kFieldSize * ciphertext_points();
  }
  [[nodiscard]] std::size_t opening_size() const;

  friend bool operator==(const BallotStyle& a, const BallotStyle& b) {
    return a.number_ == b.number_ && a.contests_ == b.contests_;
  }

 private:
  BallotStyle() = default;

  std::uint32_t number_ = 0;
  std::vector<ContestShape> contests_;
  std::vector<ContestPlace> places_;
  std::size_t options_ = 0;
  std::size_t ciphertexts_ = 0;
  std::size_t points_ = 0;
  std::size_t scalars_ = 0;
};

}  // namespace urna::ballot
