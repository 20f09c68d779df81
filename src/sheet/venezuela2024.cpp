#include "sheet/venezuela2024.hpp"

#include "sheet/errors.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace urna::sheet {
namespace {

constexpr std::size_t kMaxText = 2000;

std::unexpected<Error> bad(std::string message) {
  return fail(errors::bad_import, std::move(message),
              "the text must look like 220103007.01.1.0001!140,7,10!0!0");
}

// The text up to `separator`, which is taken away with it.
Result<std::string_view> take(std::string_view& text, char separator,
                              std::string_view what) {
  const std::size_t at = text.find(separator);
  if (at == std::string_view::npos) {
    return bad(fmt::format("'{}' is missing after {}", separator, what));
  }
  const std::string_view out = text.substr(0, at);
  text.remove_prefix(at + 1);
  return out;
}

Result<std::string> digits(std::string_view text, std::size_t count,
                           std::string_view what) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (text.size() == count && std::ranges::all_of(text, is_digit)) {
    return std::string(text);
  }
  return bad(
      fmt::format("{} '{}' must have {} digits", what, text.substr(0, 40), count));
}

Result<std::uint32_t> number(std::string_view text, std::string_view what) {
  auto value = parse_number(text, 0, kMaxCount);
  if (!value) return bad(fmt::format("{}: {}", what, value.error().message));
  return *value;
}

}  // namespace

Result<Venezuela2024> parse_venezuela_2024(std::string_view text) {
  if (text.size() > kMaxText) {
    return bad(fmt::format("{} characters, more than {}", text.size(), kMaxText));
  }
  Venezuela2024 out;
  URNA_TRY(const std::string_view centre, take(text, '.', "the centre"));
  URNA_TRY(out.centre, digits(centre, 9, "centre"));
  URNA_TRY(const std::string_view table, take(text, '.', "the table"));
  URNA_TRY(out.table, digits(table, 2, "table"));
  URNA_TRY(const std::string_view volume, take(text, '.', "the volume"));
  URNA_TRY(const std::string volume_digit, digits(volume, 1, "volume"));
  out.volume = static_cast<std::uint32_t>(volume_digit.front() - '0');
  URNA_TRY(const std::string_view sheet_number, take(text, '!', "the number"));
  URNA_TRY(out.number, digits(sheet_number, 4, "number"));
  URNA_TRY(std::string_view votes, take(text, '!', "the votes"));
  for (bool more = true; more;) {
    const std::size_t comma = votes.find(',');
    more = comma != std::string_view::npos;
    URNA_TRY(const std::uint32_t value,
             number(votes.substr(0, comma),
                    fmt::format("votes of card {}", out.votes.size() + 1)));
    out.votes.push_back(value);
    if (more) votes.remove_prefix(comma + 1);
  }
  URNA_TRY(const std::string_view nulls, take(text, '!', "the null votes"));
  URNA_TRY(out.null_votes, number(nulls, "null votes"));
  URNA_TRY(out.blank, number(text, "blank votes"));
  return out;
}

std::string to_text(const Venezuela2024& acta) {
  return fmt::format("{}.{}.{}.{}!{}!{}!{}", acta.centre, acta.table, acta.volume,
                     acta.number, fmt::join(acta.votes, ","), acta.null_votes,
                     acta.blank);
}

Result<Sheet> to_sheet(const Venezuela2024& acta, Mode mode, const Hash32& election,
                       std::string_view contest,
                       const std::vector<std::string>& options) {
  if (options.size() != acta.votes.size()) {
    return fail(errors::import_mismatch,
                fmt::format("the text has {} cards, the contest {}", acta.votes.size(),
                            options.size()),
                "give the contest whose cards the text counts, in ballot order",
                fmt::format("station {}", acta.station()));
  }
  SheetFields f;
  f.mode = mode;
  f.origin = Origin::imported;
  f.election = election;
  f.station = acta.station();
  ContestResult result;
  result.code = contest;
  for (std::size_t i = 0; i < options.size(); ++i) {
    result.options.push_back({options[i], acta.votes[i]});
  }
  result.blank = acta.blank;
  result.null_votes = acta.null_votes;
  f.contests.push_back(std::move(result));
  return Sheet::make(std::move(f));
}

}  // namespace urna::sheet
