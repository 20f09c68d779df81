#include "sheet/sheet_text.hpp"

#include "base/encoding.hpp"
#include "sheet/counts.hpp"
#include "sheet/errors.hpp"

#include <cstdlib>

#include <fmt/format.h>

namespace urna::sheet {
namespace {

std::string or_dash(const std::string& text) {
  return text.empty() ? "-" : text;
}

std::string or_dash(const std::optional<LocalTime>& time) {
  return time ? to_text(*time) : "-";
}

Result<std::optional<LocalTime>> read_time(FieldReader& r, std::string_view key) {
  URNA_TRY(const std::string_view value, r.text(key));
  if (value == "-") return std::optional<LocalTime>();
  auto time = parse_local_time(value);
  if (!time) return std::unexpected(std::move(time).error().at(r.place(key)));
  return std::optional<LocalTime>(*time);
}

Result<Origin> read_origin(FieldReader& r) {
  URNA_TRY(const std::string_view text, r.text("ORIGIN"));
  for (const Origin origin : {Origin::machine, Origin::imported, Origin::uncounted}) {
    if (text == to_text(origin)) return origin;
  }
  return fail(
      errors::bad_value,
      fmt::format("'{}' is none of MACHINE, IMPORTED, UNCOUNTED", text.substr(0, 40)),
      {}, r.place("ORIGIN"));
}

Result<void> read_head(FieldReader& r, SheetFields& f) {
  URNA_TRY(const std::string_view kind, r.text("URNA"));
  if (kind != "SHEET/1") {
    return fail(
        errors::unknown_version,
        fmt::format("URNA:{} is not a tally sheet of version 1", kind.substr(0, 40)),
        "read it with the program that its election uses", r.place("URNA"));
  }
  URNA_TRY(const std::string_view mode, r.text("MODE"));
  URNA_TRY(f.mode, parse_mode(mode));
  URNA_TRY(f.origin, read_origin(r));
  URNA_TRY(const Bytes election, r.hex("ELECTION", 32));
  URNA_TRY(f.election, base::to_array<32>(election));
  URNA_TRY(f.station, r.code("STATION"));
  URNA_TRY(f.segment, r.number("SEGMENT", 1, kMaxSegment));
  URNA_TRY(f.device, r.label_or_none("DEVICE"));
  URNA_TRY(f.software, r.label_or_none("SOFTWARE"));
  URNA_TRY(f.opened, read_time(r, "OPENED"));
  URNA_TRY(f.closed, read_time(r, "CLOSED"));
  return {};
}

}  // namespace

void write_contest(FieldWriter& w, const ContestResult& contest) {
  w.text("CONTEST", contest.code);
  w.number("LIMIT", contest.limit);
  w.count("BALLOTS", contest.ballots);
  w.number("OPTIONS", static_cast<std::uint32_t>(contest.options.size()));
  for (const OptionVotes& option : contest.options) w.number(option.code, option.votes);
  w.count("BLANK", contest.blank);
  w.count("NULL", contest.null_votes);
}

Result<ContestResult> read_contest(FieldReader& r) {
  ContestResult out;
  URNA_TRY(out.code, r.code("CONTEST"));
  URNA_TRY(out.limit, r.number("LIMIT", 1, kMaxLimit));
  URNA_TRY(out.ballots, r.count("BALLOTS"));
  URNA_TRY(const std::uint32_t options, r.number("OPTIONS", 1, kMaxOptions));
  out.options.reserve(options);
  for (std::uint32_t i = 0; i < options; ++i) {
    URNA_TRY(const FieldReader::Pair pair, r.pair());
    auto votes = parse_number(pair.value, 0, kMaxCount);
    if (!votes) return std::unexpected(std::move(votes).error().at(r.place(pair.key)));
    out.options.push_back({std::string(pair.key), *votes});
  }
  URNA_TRY(out.blank, r.count("BLANK"));
  URNA_TRY(out.null_votes, r.count("NULL"));
  return out;
}

// DEMO, TEST or OFFICIAL.
std::string_view to_text(Mode mode) {
  switch (mode) {
    case Mode::demo:
      return "DEMO";
    case Mode::test:
      return "TEST";
    case Mode::official:
      return "OFFICIAL";
  }
  std::abort();
}

std::string_view to_text(Origin origin) {
  switch (origin) {
    case Origin::machine:
      return "MACHINE";
    case Origin::imported:
      return "IMPORTED";
    case Origin::uncounted:
      return "UNCOUNTED";
  }
  std::abort();
}

Result<Mode> parse_mode(std::string_view text) {
  for (const Mode mode : {Mode::demo, Mode::test, Mode::official}) {
    if (text == to_text(mode)) return mode;
  }
  return fail(errors::bad_value,
              fmt::format("'{}' is none of DEMO, TEST, OFFICIAL", text.substr(0, 40)),
              {}, "MODE");
}

std::string write_sheet_text(const SheetFields& f) {
  FieldWriter w;
  w.text("URNA", "SHEET/1");
  w.text("MODE", to_text(f.mode));
  w.text("ORIGIN", to_text(f.origin));
  w.hex("ELECTION", f.election);
  w.text("STATION", f.station);
  w.number("SEGMENT", f.segment);
  w.text("DEVICE", or_dash(f.device));
  w.text("SOFTWARE", or_dash(f.software));
  w.text("OPENED", or_dash(f.opened));
  w.text("CLOSED", or_dash(f.closed));
  const auto write = [&](std::string_view key, auto, bool,
                         const Count& count) -> Result<void> {
    w.count(key, count);
    return {};
  };
  (void)visit_counts(f, write);
  w.number("CONTESTS", static_cast<std::uint32_t>(f.contests.size()));
  for (const ContestResult& contest : f.contests) write_contest(w, contest);
  w.text("END", "SHEET");
  return std::move(w).take();
}

Result<SheetFields> read_sheet_text(std::string_view text) {
  URNA_TRY(FieldReader r, FieldReader::open(text, kMaxSheetText));
  SheetFields f;
  URNA_CHECK(read_head(r, f));
  const auto read = [&](std::string_view key, auto, bool,
                        Count& count) -> Result<void> {
    URNA_TRY(count, r.count(key));
    return {};
  };
  URNA_CHECK(visit_counts(f, read));
  URNA_TRY(const std::uint32_t contests,
           r.number("CONTESTS", f.counted() ? 1 : 0, f.counted() ? kMaxContests : 0));
  f.contests.reserve(contests);
  for (std::uint32_t i = 0; i < contests; ++i) {
    URNA_TRY(ContestResult contest, read_contest(r));
    f.contests.push_back(std::move(contest));
  }
  URNA_TRY(const std::string_view end, r.text("END"));
  if (end != "SHEET") {
    return fail(errors::truncated, "the text must end with END:SHEET", {},
                r.place("END"));
  }
  URNA_CHECK(r.finish());
  return f;
}

}  // namespace urna::sheet
