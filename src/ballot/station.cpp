#include "ballot/station.hpp"

#include "ballot/errors.hpp"
#include "base/binary.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace urna::ballot {

namespace {

std::unexpected<Error> bad(std::string message, std::string to_do) {
  return fail(errors::bad_station, std::move(message), std::move(to_do));
}

bool has_repeats(std::vector<std::uint32_t> numbers) {
  std::ranges::sort(numbers);
  return std::ranges::adjacent_find(numbers) != numbers.end();
}

}  // namespace

Result<Station> Station::make(const Hash32& election_hash, std::string code,
                              std::vector<std::uint32_t> segments,
                              std::vector<BallotStyle> styles) {
  if (code.empty() || code.size() > kMaxStationCode || !base::is_utf8(code)) {
    return bad(fmt::format("a station code of {} bytes", code.size()),
               fmt::format("use 1 to {} bytes of UTF-8", kMaxStationCode));
  }
  if (segments.empty() || has_repeats(segments)) {
    return bad(fmt::format("station {} declares no segment or one twice", code),
               "declare each segment once");
  }
  std::vector<std::uint32_t> numbers;
  for (const BallotStyle& style : styles) numbers.push_back(style.number());
  if (numbers.empty() || has_repeats(numbers)) {
    return bad(fmt::format("station {} has no ballot style or one twice", code),
               "name each ballot style once");
  }
  Station station;
  station.election_hash_ = election_hash;
  station.code_ = std::move(code);
  station.segments_ = std::move(segments);
  station.styles_ = std::move(styles);
  return station;
}

const BallotStyle* Station::style(std::uint32_t number) const {
  const auto at = std::ranges::find(styles_, number, &BallotStyle::number);
  return at == styles_.end() ? nullptr : &*at;
}

bool Station::has_segment(std::uint32_t number) const {
  return std::ranges::find(segments_, number) != segments_.end();
}

std::size_t Station::largest_ballot() const {
  std::size_t largest = 0;
  for (const BallotStyle& style : styles_) {
    largest = std::max(largest, style.ballot_size());
  }
  return largest;
}

}  // namespace urna::ballot
