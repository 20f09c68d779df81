// What a verifier knows about a station before it sees a ballot: the election, the
// station's code, the segments it declared and the ballot styles it uses. Derived
// from the election definition and the station's opening record. Thread rule:
// immutable values. No secrets.
#pragma once

#include "ballot/style.hpp"
#include "base/bytes.hpp"

#include <string>
#include <vector>

namespace urna::ballot {

// Longest station code accepted anywhere, in bytes.
inline constexpr std::size_t kMaxStationCode = 64;

class Station {
 public:
  // Refuses an empty, over-long or non-UTF-8 code, no segments, no styles, and the
  // same segment or style number twice.
  [[nodiscard]] static Result<Station> make(const Hash32& election_hash,
                                            std::string code,
                                            std::vector<std::uint32_t> segments,
                                            std::vector<BallotStyle> styles);

  [[nodiscard]] const Hash32& election_hash() const { return election_hash_; }
  [[nodiscard]] const std::string& code() const { return code_; }
  [[nodiscard]] const std::vector<std::uint32_t>& segments() const { return segments_; }
  [[nodiscard]] const std::vector<BallotStyle>& styles() const { return styles_; }

  // Null when the station does not use this style.
  [[nodiscard]] const BallotStyle* style(std::uint32_t number) const;
  [[nodiscard]] bool has_segment(std::uint32_t number) const;
  [[nodiscard]] std::size_t largest_ballot() const;

 private:
  Station() = default;

  Hash32 election_hash_{};
  std::string code_;
  std::vector<std::uint32_t> segments_;
  std::vector<BallotStyle> styles_;
};

}  // namespace urna::ballot
