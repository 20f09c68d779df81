#include "ballot/station_check.hpp"

#include "ballot/code.hpp"
#include "ballot/errors.hpp"
#include "base/clock.hpp"
#include "base/encoding.hpp"

#include <cstring>

#include <fmt/format.h>

namespace urna::ballot {
namespace {

std::array<std::uint64_t, 4> random_multipliers() {
  std::array<std::uint64_t, 4> out{1, 3, 5, 7};
  ByteArray<32> bytes;
  base::SystemRandom random;
  // Without randomness the set still works, only its speed could be attacked.
  if (random.fill(bytes)) std::memcpy(out.data(), bytes.data(), bytes.size());
  for (std::uint64_t& word : out) word |= 1;
  return out;
}

}  // namespace

std::string_view decision_name(Decision decision) {
  switch (decision) {
    case Decision::cast:
      return "cast";
    case Decision::challenged:
      return "challenged";
    case Decision::voided:
      return "voided";
  }
  return "unknown";
}

std::size_t StationCheck::Mix::operator()(const ByteArray<32>& key) const {
  std::array<std::uint64_t, 4> words;
  std::memcpy(words.data(), key.data(), key.size());
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < 4; ++i) sum = (sum ^ words[i]) * by[i] + (sum >> 32);
  return static_cast<std::size_t>(sum ^ (sum >> 29));
}

StationCheck::StationCheck(const Station& station)
    : station_(station),
      ids_(16, Mix{random_multipliers()}),
      codes_(16, Mix{random_multipliers()}),
      alphas_(16, Mix{random_multipliers()}) {}

std::optional<Fault> StationCheck::add(Decision decision, const BallotBytes& ballot) {
  const Hash32 code = confirmation_code(ballot.hash(station_), ballot.ciphertexts());
  std::optional<Fault> fault;
  const auto report = [&](ErrorKind kind, std::string place) {
    if (!fault) fault = Fault{kind, std::move(place)};
  };
  const auto [seen, fresh] = ids_.emplace(ballot.identity().id, decision);
  if (!fresh) {
    const bool conflict = seen->second != decision;
    report(conflict ? errors::id_conflict : errors::duplicate_id,
           fmt::format("identifier {} is {}{}", base::to_hex(ballot.identity().id),
                       conflict ? "also " : "already ", decision_name(seen->second)));
  }
  if (!codes_.insert(code).second) {
    report(errors::duplicate_code, fmt::format("code {}", code_text(code)));
  }
  for (std::size_t p = 0; p < ballot.style().ciphertext_points(); p += 2) {
    ByteArray<32> alpha;
    std::ranges::copy(ballot.point(p), alpha.begin());
    if (!alphas_.insert(alpha).second) {
      report(errors::duplicate_alpha, point_name(ballot.style(), p));
    }
  }
  std::optional<Hash32>& last = last_code_[static_cast<std::size_t>(decision)];
  if (last && !(*last < code)) {
    report(errors::group_order,
           fmt::format("{} ballot {} stands after {}", decision_name(decision),
                       code_text(code), code_text(*last)));
  }
  last = code;
  return fault;
}

}  // namespace urna::ballot
