// Refuses a fingerprint picture that was presented before: a copied file, a recording
// played back, one picture sent for two people. Two real touches of the same finger
// never agree ridge by ridge over the whole print; a copy does, also after
// recompression, brightness changes, slight noise or a small shift.
//
// What is kept of a picture is twice 512 bits: the signs of keyed random sums over its
// ridge texture (random projection; Charikar, STOC 2002), from which the print cannot
// be drawn and which mean nothing under another key. The share of differing bits tells
// how alike two pictures are: 0 for the same, one half for unrelated ones.
//
// What it cannot do: recognise a rubber finger, or a copy that was bent, rotated by
// more than two degrees or scaled. It is no presentation attack detection in the sense
// of ISO/IEC 30107.
//
// Thread rule: one thread at a time. The key is a secret of the store; the bits are
// still biometric personal data.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "finger/image.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace urna::finger::capture {

using BitRow = std::array<std::uint64_t, 8>;

// What is kept of a picture: 512 bits about the middle of the picture, and 512 about
// the middle of the print, which follow the print when the picture is cropped or moved.
struct PictureBits {
  BitRow picture{};
  BitRow print{};

  friend bool operator==(const PictureBits&, const PictureBits&) = default;
};

class ReplayDetector {
 public:
  // Differing bits, of 512, up to which two pictures are the same one. Independent
  // touches stayed above in all but 1 of 2240 pairs of one finger (uareu, two prints of
  // a finger that was hardly lifted); unrelated pictures never came below 199.
  static constexpr int kSamePicture = 105;

  explicit ReplayDetector(std::uint64_t key);

  // Errors: replayed_image when a remembered picture is this one.
  [[nodiscard]] Result<void> check(const Image& image) const;

  // Checks, and remembers the picture when it is new. A refused one is not stored
  // twice.
  [[nodiscard]] Result<void> admit(const Image& image);

  // The smallest number of differing bits to any remembered picture; 512 when there is
  // none. About 40 ms a picture and 6 us for each remembered one.
  [[nodiscard]] int distance(const Image& image) const;

  [[nodiscard]] const std::vector<PictureBits>& remembered() const { return seen_; }
  void remember(const PictureBits& bits) { seen_.push_back(bits); }

 private:
  struct Tap {
    std::int16_t x;
    std::int16_t y;
    std::int16_t sign;
  };
  static constexpr int kTaps = 96;  // texture samples in each sum

  enum class Anchor : std::uint8_t { picture, print };

  [[nodiscard]] std::vector<BitRow> bits_around(const Image& image, Anchor anchor,
                                                int px, int py, int reach) const;

  std::vector<Tap> taps_;  // 512 * kTaps
  std::vector<PictureBits> seen_;
};

}  // namespace urna::finger::capture
