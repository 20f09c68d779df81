// One sealed ballot as bytes, read in place. A BallotBytes knows that its length and
// header fit a style; whether the fields are numbers and points, and whether the
// proofs hold, is for the verifiers.
//
// Thread rule: an immutable view; the style and the bytes must outlive it. No secrets.
#pragma once

#include "ballot/fault.hpp"
#include "ballot/hashes.hpp"
#include "ballot/station.hpp"
#include "ballot/style.hpp"

#include <string>

namespace urna::ballot {

class BallotBytes {
 public:
  // Finds the style at the station and checks version, style, segment and length, in
  // this order. `bytes` is one whole ballot and nothing else.
  [[nodiscard]] static Checked<BallotBytes> read(const Station& station,
                                                 ByteView bytes);

  [[nodiscard]] const BallotStyle& style() const { return *style_; }
  [[nodiscard]] const BallotIdentity& identity() const { return identity_; }
  [[nodiscard]] ByteView bytes() const { return bytes_; }

  // Field `index` of the points (ciphertexts, then commitments) or of the scalars.
  [[nodiscard]] ByteView point(std::size_t index) const { return points(index, 1); }
  [[nodiscard]] ByteView points(std::size_t index, std::size_t count) const {
    return bytes_.subspan(kHeaderSize + kFieldSize * index, kFieldSize * count);
  }
  [[nodiscard]] ByteView scalar(std::size_t index) const {
    return bytes_.subspan(kHeaderSize + kFieldSize * (style_->points() + index),
                          kFieldSize);
  }
  [[nodiscard]] ByteView ciphertexts() const {
    return points(0, style_->ciphertext_points());
  }

  // Hi of this ballot at this station.
  [[nodiscard]] Hash32 hash(const Station& station) const;

 private:
  BallotBytes(const BallotStyle& style, BallotIdentity identity, ByteView bytes)
      : style_(&style), identity_(identity), bytes_(bytes) {}

  const BallotStyle* style_;
  BallotIdentity identity_;
  ByteView bytes_;
};

// "contest 2, option 5, beta": what a field is, for messages.
[[nodiscard]] std::string point_name(const BallotStyle& style, std::size_t index);
[[nodiscard]] std::string scalar_name(const BallotStyle& style, std::size_t index);

}  // namespace urna::ballot
