// What people found when they opened the ballot box: the number of papers, and, where
// they counted them by hand, the votes per option. It stands beside a signed sheet,
// whose digest it names, never instead of one; until it exists the station's box is
// "not yet counted". Two different people sign it. docs/formats/box-count.md.
//
// Thread rule: plain values. Public data.
#pragma once

#include "sheet/officials.hpp"
#include "sheet/sheet.hpp"

#include <optional>
#include <string>
#include <vector>

namespace urna::sheet {

struct BoxCountFields {
  Mode mode = Mode::official;
  Hash32 election{};
  std::string station;
  Hash32 sheet{};  // digest of the station's sheet (of its last segment)
  std::uint32_t papers = 0;
  // Hand count: empty, or the contests that were counted, as on the sheet. `ballots`
  // is the number of papers that carry the contest.
  std::vector<ContestResult> contests;
  std::optional<Hash32> image;  // SHA-256 of a picture of the form they filled in

  friend bool operator==(const BoxCountFields&, const BoxCountFields&) = default;
};

class BoxCount {
 public:
  [[nodiscard]] static Result<BoxCount> make(BoxCountFields fields);
  [[nodiscard]] static Result<BoxCount> parse(std::string_view text);

  [[nodiscard]] const BoxCountFields& fields() const { return fields_; }
  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] const Hash32& digest() const { return digest_; }

 private:
  BoxCount(BoxCountFields fields, std::string text);

  BoxCountFields fields_;
  std::string text_;
  Hash32 digest_;
};

// The file: the text, then one line a signature.
struct SignedBoxCount {
  BoxCount box;
  std::vector<OfficialSignature> signatures;
};
[[nodiscard]] std::string to_file_text(const SignedBoxCount& box);
[[nodiscard]] Result<SignedBoxCount> parse_box_count(std::string_view file_text);

// Whether it stands beside this sheet (election, mode, station, digest; contests and
// options of the hand count as the sheet has them), and two different trusted
// officials signed it. Errors: bad_box_count, and those of check_officials.
[[nodiscard]] Result<void> check_box_count(const SignedBoxCount& box,
                                           const Sheet& sheet,
                                           std::span<const TrustedOfficial> trusted);

}  // namespace urna::sheet
