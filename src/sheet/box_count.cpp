#include "sheet/box_count.hpp"

#include "base/encoding.hpp"
#include "crypto/sha256.hpp"
#include "sheet/errors.hpp"
#include "sheet/sheet_text.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace urna::sheet {
namespace {

std::string write_text(const BoxCountFields& f) {
  FieldWriter w;
  w.text("URNA", "BOX/1");
  w.text("MODE", to_text(f.mode));
  w.hex("ELECTION", f.election);
  w.text("STATION", f.station);
  w.hex("SHEET", f.sheet);
  w.number("PAPERS", f.papers);
  if (f.image) {
    w.hex("IMAGE", *f.image);
  } else {
    w.text("IMAGE", "-");
  }
  w.number("CONTESTS", static_cast<std::uint32_t>(f.contests.size()));
  for (const ContestResult& contest : f.contests) write_contest(w, contest);
  w.text("END", "BOX");
  return std::move(w).take();
}

Result<BoxCountFields> read_text(std::string_view text) {
  URNA_TRY(FieldReader r, FieldReader::open(text, kMaxSheetText));
  BoxCountFields f;
  URNA_TRY(const std::string_view kind, r.text("URNA"));
  if (kind != "BOX/1") {
    return fail(errors::unknown_version,
                fmt::format("URNA:{} is not a box count of version 1", kind));
  }
  URNA_TRY(const std::string_view mode, r.text("MODE"));
  URNA_TRY(f.mode, parse_mode(mode));
  URNA_TRY(const Bytes election, r.hex("ELECTION", 32));
  URNA_TRY(f.election, base::to_array<32>(election));
  URNA_TRY(f.station, r.code("STATION"));
  URNA_TRY(const Bytes sheet, r.hex("SHEET", 32));
  URNA_TRY(f.sheet, base::to_array<32>(sheet));
  URNA_TRY(f.papers, r.number("PAPERS", 0, kMaxCount));
  if (!r.left().starts_with("IMAGE:- ")) {
    URNA_TRY(const Bytes image, r.hex("IMAGE", 32));
    URNA_TRY(f.image, base::to_array<32>(image));
  } else {
    URNA_CHECK(r.text("IMAGE"));
  }
  URNA_TRY(const std::uint32_t contests, r.number("CONTESTS", 0, kMaxContests));
  for (std::uint32_t i = 0; i < contests; ++i) {
    URNA_TRY(ContestResult contest, read_contest(r));
    f.contests.push_back(std::move(contest));
  }
  URNA_TRY(const std::string_view end, r.text("END"));
  if (end != "BOX") {
    return fail(errors::truncated, "the text must end with END:BOX", {},
                r.place("END"));
  }
  URNA_CHECK(r.finish());
  return f;
}

Result<void> check_fields(const BoxCountFields& f) {
  if (!election::is_code(f.station) || f.papers > kMaxCount) {
    return fail(errors::bad_value,
                fmt::format("station '{}' with {} papers is not possible", f.station,
                            f.papers));
  }
  for (std::size_t i = 0; i < f.contests.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (f.contests[i].code == f.contests[j].code) {
        return fail(errors::duplicate_code,
                    fmt::format("contest {} appears twice", f.contests[i].code));
      }
    }
    URNA_CHECK(check_contest_codes(f.contests[i]));
    URNA_CHECK(check_sum(f.contests[i], f.papers));
  }
  return {};
}

std::unexpected<Error> refuse(const BoxCount& box, std::string message,
                              std::string to_do) {
  return fail(errors::bad_box_count, std::move(message), std::move(to_do),
              fmt::format("box of station {}", box.fields().station));
}

bool same_options(const ContestResult& a, const ContestResult& b) {
  return a.code == b.code && a.limit == b.limit &&
         std::ranges::equal(a.options, b.options, {}, &OptionVotes::code,
                            &OptionVotes::code);
}

}  // namespace

BoxCount::BoxCount(BoxCountFields fields, std::string text)
    : fields_(std::move(fields)),
      text_(std::move(text)),
      digest_(crypto::sha256(as_bytes(text_))) {}

Result<BoxCount> BoxCount::make(BoxCountFields fields) {
  URNA_CHECK(check_fields(fields));
  std::string text = write_text(fields);
  return BoxCount(std::move(fields), std::move(text));
}

Result<BoxCount> BoxCount::parse(std::string_view text) {
  URNA_TRY(BoxCountFields fields, read_text(text));
  URNA_CHECK(check_fields(fields));
  return BoxCount(std::move(fields), std::string(text));
}

std::string to_file_text(const SignedBoxCount& box) {
  return box.box.text() + '\n' + to_file_text(box.signatures);
}

Result<SignedBoxCount> parse_box_count(std::string_view file_text) {
  const std::size_t end = file_text.find('\n');
  if (end == std::string_view::npos) {
    return fail(errors::truncated, "the first line does not end with a line feed");
  }
  URNA_TRY(BoxCount box, BoxCount::parse(file_text.substr(0, end)));
  URNA_TRY(auto signatures, parse_officials(file_text.substr(end + 1)));
  return SignedBoxCount{std::move(box), std::move(signatures)};
}

Result<void> check_box_count(const SignedBoxCount& signed_box, const Sheet& sheet,
                             std::span<const TrustedOfficial> trusted) {
  const BoxCount& box = signed_box.box;
  const BoxCountFields& b = box.fields();
  const SheetFields& s = sheet.fields();
  if (b.election != s.election || b.mode != s.mode || b.station != s.station) {
    return refuse(box, fmt::format("it stands beside a sheet of station {}", s.station),
                  "put it beside the sheet of its own station and election");
  }
  if (b.sheet != sheet.digest()) {
    return refuse(box,
                  fmt::format("it names sheet {}, this is {}", short_digest(b.sheet),
                              short_digest(sheet.digest())),
                  "find the sheet that was signed at the station; a box count never "
                  "replaces it");
  }
  for (const ContestResult& counted : b.contests) {
    if (s.counted() && std::ranges::none_of(s.contests, [&](const ContestResult& c) {
          return same_options(c, counted);
        })) {
      return refuse(box,
                    fmt::format("contest {} is not on the sheet with these options",
                                counted.code),
                    "count by hand with the options of the ballot, in its order");
    }
  }
  OfficialsCheck officials = check_officials(signed_box.signatures, SignedDocument::box,
                                             box.digest(), b.station, trusted);
  if (!officials.errors.empty()) {
    return std::unexpected(std::move(officials.errors.front()));
  }
  if (officials.good.size() < 2) {
    return refuse(box,
                  fmt::format("{} official signed, two must", officials.good.size()),
                  "two different officials of the station sign what they found");
  }
  return {};
}

}  // namespace urna::sheet
