#include "checkin/roll.hpp"

#include "base/binary.hpp"
#include "checkin/errors.hpp"
#include "checkin/words.hpp"
#include "election/model.hpp"
#include "finger/match/codec.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace urna::checkin {
namespace {

constexpr std::string_view kMagic = "urna-roll-1";
constexpr std::size_t kMaxName = 200;
constexpr std::uint32_t kMaxVoters = 100'000;
constexpr std::uint32_t kMaxPrints = 10;

constexpr std::array<std::string_view, 11> kPositions{
    "unknown",     "right_thumb",  "right_index", "right_middle",
    "right_ring",  "right_little", "left_thumb",  "left_index",
    "left_middle", "left_ring",    "left_little"};

std::unexpected<Error> bad_roll(std::string why) {
  return fail(errors::bad_roll, std::move(why), "import the roll again");
}

}  // namespace

std::string_view position_name(finger::FingerPosition position) {
  const auto at = static_cast<std::size_t>(position);
  return kPositions[at < kPositions.size() ? at : 0];
}

std::optional<finger::FingerPosition> position_of(std::string_view name) {
  const auto* found = std::ranges::find(kPositions, name);
  if (found == kPositions.end()) return std::nullopt;
  return static_cast<finger::FingerPosition>(found - kPositions.begin());
}

std::optional<std::size_t> Roll::find(std::string_view id) const {
  const auto at = std::ranges::lower_bound(voters, id, {}, &Voter::id);
  if (at == voters.end() || at->id != id) return std::nullopt;
  return static_cast<std::size_t>(at - voters.begin());
}

Bytes encode_voters(const Roll& roll) {
  base::Writer w;
  w.fixed(roll.definition);
  w.text(roll.station);
  w.u32(static_cast<std::uint32_t>(roll.voters.size()));
  for (const Voter& voter : roll.voters) {
    w.text(voter.id);
    w.text(voter.surnames);
    w.text(voter.names);
  }
  return std::move(w).take();
}

Bytes encode_prints(const Roll& roll) {
  base::Writer w;
  w.u32(static_cast<std::uint32_t>(roll.voters.size()));
  for (const Voter& voter : roll.voters) {
    w.u32(static_cast<std::uint32_t>(voter.prints.size()));
    for (const StoredPrint& print : voter.prints) {
      w.u8(static_cast<std::uint8_t>(print.position));
      w.var_bytes(print.bytes);
    }
  }
  return std::move(w).take();
}

Result<Roll> decode_voters(ByteView bytes) {
  base::Reader r(bytes);
  Roll roll;
  URNA_TRY(roll.definition, r.array<32>());
  URNA_TRY(roll.station, r.text(election::kMaxCode));
  if (!election::is_code(roll.station)) return bad_roll("the station is no code");
  URNA_TRY(const std::uint32_t count, r.u32());
  if (count > kMaxVoters) return bad_roll("there are too many voters");
  for (std::uint32_t i = 0; i < count; ++i) {
    Voter voter;
    URNA_TRY(voter.id, r.text(kMaxId));
    URNA_TRY(voter.surnames, r.text(kMaxName));
    URNA_TRY(voter.names, r.text(kMaxName));
    if (voter.id.empty() || id_number(voter.id) != voter.id ||
        (!roll.voters.empty() && roll.voters.back().id >= voter.id)) {
      return bad_roll(
          fmt::format("voter {} is not in ascending order of ID numbers", i + 1));
    }
    roll.voters.push_back(std::move(voter));
  }
  URNA_CHECK(r.finish());
  return roll;
}

Result<void> decode_prints(ByteView bytes, Roll& roll) {
  base::Reader r(bytes);
  URNA_TRY(const std::uint32_t count, r.u32());
  if (count != roll.voters.size()) return bad_roll("prints of another list of voters");
  for (Voter& voter : roll.voters) {
    URNA_TRY(const std::uint32_t prints, r.u32());
    if (prints > kMaxPrints) return bad_roll("a voter has too many prints");
    voter.prints.clear();
    for (std::uint32_t i = 0; i < prints; ++i) {
      URNA_TRY(const std::uint8_t position, r.u8());
      if (position >= kPositions.size()) return bad_roll("there is no such finger");
      URNA_TRY(const ByteView print, r.var_bytes(finger::kMostTemplateBytes));
      URNA_CHECK(finger::decode_template(print));
      voter.prints.push_back(
          {static_cast<finger::FingerPosition>(position), to_bytes(print)});
    }
  }
  return r.finish();
}

Bytes encode_roll(const Roll& roll) {
  base::Writer w;
  w.text(kMagic);
  w.var_bytes(encode_voters(roll));
  w.var_bytes(encode_prints(roll));
  return std::move(w).take();
}

Result<Roll> decode_roll(ByteView bytes) {
  base::Reader r(bytes);
  URNA_TRY(const std::string magic, r.text(32));
  if (magic != kMagic) return bad_roll("this is no roll file");
  URNA_TRY(const ByteView voters, r.var_bytes(bytes.size()));
  URNA_TRY(const ByteView prints, r.var_bytes(bytes.size()));
  URNA_CHECK(r.finish());
  URNA_TRY(Roll roll, decode_voters(voters));
  URNA_CHECK(decode_prints(prints, roll));
  return roll;
}

}  // namespace urna::checkin
