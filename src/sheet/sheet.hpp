// The tally sheet: what one polling station, or one machine of it, says it counted.
// docs/formats/tally-sheet.md is normative for the bytes.
//
// SheetFields is the form to fill in. A Sheet is a form that has been checked: its
// text is the one canonical encoding, its digest the SHA-256 of that text, and its
// contest sums are possible. Made by the machine at closing, by imports and tests;
// read by the count, the record, the audits.
//
// Thread rule: plain values. Public data: a sheet holds totals, never a voter.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "election/model.hpp"
#include "sheet/fields.hpp"
#include "sheet/local_time.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace urna::sheet {

using election::Mode;
enum class Origin : std::uint8_t {
  machine,    // a voting machine counted; everything it knows must be stated
  imported,   // transcribed or converted; any field may be "not stated"
  uncounted,  // a voting machine could not count, because its closing key is lost: it
              // states people, sessions and ballots, and no contest
};

struct OptionVotes {
  std::string code;
  std::uint32_t votes = 0;

  friend bool operator==(const OptionVotes&, const OptionVotes&) = default;
};

struct ContestResult {
  std::string code;
  std::uint32_t limit = 1;           // how many options one voter may choose
  Count ballots;                     // ballots cast that carry this contest
  std::vector<OptionVotes> options;  // in ballot order
  Count blank;
  Count null_votes;  // a machine's is 0: its screen cannot be spoiled

  [[nodiscard]] std::uint64_t sum() const;

  friend bool operator==(const ContestResult&, const ContestResult&) = default;
};

// People who came, by what the fingerprint check said. All of them may vote.
struct CheckIn {
  Count total;
  Count matched;
  Count not_matched;
  Count no_stored_print;
  Count not_taken;           // no fingers, or none the reader could take
  Count without_biometrics;  // the reader was out of use, or is not used here
  Count tokens_issued;

  friend bool operator==(const CheckIn&, const CheckIn&) = default;
};

struct SheetFields {
  Mode mode = Mode::official;
  Origin origin = Origin::machine;
  Hash32 election{};
  std::string station;
  std::uint32_t segment = 1;  // 2, 3, ... when a spare machine took over
  std::string device;         // empty: not stated
  std::string software;       // release or program hash; empty: not stated
  std::optional<LocalTime> opened;
  std::optional<LocalTime> closed;
  Count registered;

  // From check-in's signed slip: all stated, or none when the slip is missing.
  CheckIn check_in;
  Count tokens_unused;  // handed out, never used; counted by the officials

  Count activated;               // sessions begun, officials' activations included
  Count activated_by_officials;  // without a token, because check-in had failed
  Count cast;
  Count ended_without_vote;
  Count sealed;
  Count challenged;
  Count voided;
  std::vector<ContestResult> contests;  // in the definition's order

  // Whether votes are stated at all; else the trustees' tally alone has them.
  [[nodiscard]] bool counted() const { return origin != Origin::uncounted; }

  friend bool operator==(const SheetFields&, const SheetFields&) = default;
};

inline constexpr std::size_t kMaxSheetText = 64 * 1024;
inline constexpr std::uint32_t kMaxSegment = 99;
inline constexpr std::uint32_t kMaxContests = 100;
inline constexpr std::uint32_t kMaxOptions = 1000;
inline constexpr std::uint32_t kMaxLimit = 1000;

class Sheet {
 public:
  // Refuses codes outside the character set, impossible contest sums (2420, with the
  // sums), and what a machine cannot say (2421).
  [[nodiscard]] static Result<Sheet> make(SheetFields fields);

  // The strict reader of the canonical text: parse(text).text() == text.
  [[nodiscard]] static Result<Sheet> parse(std::string_view text);

  [[nodiscard]] const SheetFields& fields() const { return fields_; }
  [[nodiscard]] const std::string& text() const { return text_; }
  // SHA-256 of text().
  [[nodiscard]] const Hash32& digest() const { return digest_; }

 private:
  Sheet(SheetFields fields, std::string text);

  SheetFields fields_;
  std::string text_;
  Hash32 digest_;
};

// "1A2B 3C4D 5E6F 7081": the first eight bytes of a digest, for people to compare.
[[nodiscard]] std::string short_digest(const Hash32& digest);

// The rule for one contest: with N votes a ballot, b ballots, of which k blank and z
// null, the votes add up to at least b-k-z and at most N(b-k-z). A number that is not
// stated makes only the checks that need it impossible to run. `cast` is the
// station's number of ballots: no contest is on more of them.
[[nodiscard]] Result<void> check_sum(const ContestResult& contest, const Count& cast);

[[nodiscard]] std::string_view to_text(Origin origin);
[[nodiscard]] std::string_view to_text(Mode mode);
[[nodiscard]] Result<Mode> parse_mode(std::string_view text);

}  // namespace urna::sheet
