#include "base/encoding.hpp"
#include "record/errors.hpp"
#include "record/station_verifier.hpp"
#include "sheet/check_in_slip.hpp"
#include "sheet/definition_check.hpp"
#include "sheet/event_log.hpp"
#include "sheet/lost_machine.hpp"

#include <fmt/format.h>

namespace urna::record {

void StationVerifier::check_sheets() {
  std::vector<std::uint32_t> segments;
  for (std::size_t i = 0; i < package_->sheets.size(); ++i) {
    auto sheet = sheet::parse_signed_sheet(package_->sheets[i]);
    if (!sheet) {
      bad(Check::sheets, fmt::format("sheet {}: {}", i + 1, said(sheet.error())));
      continue;
    }
    const auto& fields = sheet->sheet.fields();
    if (const auto good = sheet::check_signature(*sheet, frame_.authorities); !good) {
      bad(Check::sheets, fmt::format("sheet {}: {}", i + 1, said(good.error())));
      continue;
    }
    const auto station = sheet::check_definition(fields, definition_);
    if (!station || *station != station_) {
      bad(Check::sheets,
          station ? fmt::format("sheet {} is of station {}", i + 1, fields.station)
                  : fmt::format("sheet {}: {}", i + 1, said(station.error())));
      continue;
    }
    segments.push_back(fields.segment);
    sheets_.push_back(*std::move(sheet));
  }
  if (sheets_.size() < package_->sheets.size()) {
    sheets_.clear();  // a sum over some of the sheets would be the sum of none
    return;
  }
  auto declared = package_->box.station.segments();
  std::ranges::sort(declared);
  if (segments != declared) {
    bad(Check::sheets,
        fmt::format("there are sheets of the segments {}, and ballots may be of {}",
                    fmt::join(segments, ", "), fmt::join(declared, ", ")));
  } else if (certificate_ &&
             sheets_.back().sheet.fields().device != certificate_->fields().name) {
    bad(Check::sheets,
        fmt::format("the last sheet is of the machine {}, the package of {}",
                    sheets_.back().sheet.fields().device, certificate_->fields().name));
  }
  check_segments(segments);
}

// Every machine of the station must have left its sheet, the first one first; of one
// that left nothing, two officials must have declared that it is lost. Then its sheet
// cannot be checked, which is said.
void StationVerifier::check_segments(const std::vector<std::uint32_t>& segments) {
  for (std::size_t i = 1; i < segments.size(); ++i) {
    if (segments[i] == segments[i - 1] + 1) continue;
    bad(Check::sheets,
        fmt::format("there is a sheet of segment {}, and none of the one "
                    "before it",
                    segments[i]));
  }
  const auto bytes = frame_.document(kinds::lost_machine, code_);
  if (!bytes && bytes.error().kind != errors::not_in_record) {
    if (bytes.error().kind != errors::in_conflict) {
      bad(Check::documents, bytes.error().message, bytes.error().where);
    }
    return found().skip(Check::sheets,
                        "the declaration about a lost machine cannot be "
                        "used");
  }
  const std::uint32_t first = segments.front();
  if (!bytes) {
    if (first > 1) {
      bad(Check::sheets, fmt::format("there is no sheet of segment {}, and nobody has "
                                     "declared its machine lost",
                                     first - 1));
    }
    return found().pass(Check::sheets);
  }
  const std::string file(log::blob_path(crypto::sha256(*bytes)));
  const auto lost = sheet::read_lost_machine(*bytes);
  if (!lost) return bad(Check::sheets, said(lost.error()), file);
  if (first == 1) {
    return bad(Check::sheets, "a machine was declared lost, and no sheet is missing",
               file);
  }
  const auto good = sheet::check_lost_machine(*lost, definition_.hash(), code_,
                                              first - 1, frame_.officials);
  if (!good) return bad(Check::sheets, said(good.error()), file);
  found().skip(
      Check::sheets,
      fmt::format("machine {} was declared lost by {} and {}: it has no sheet, "
                  "and what was cast there is on paper only",
                  lost->segment, lost->signers[0].role, lost->signers[1].role));
}

void StationVerifier::check_counts() {
  if (sheets_.empty()) {
    return found().skip(Check::counts, "there is no usable tally sheet");
  }
  const auto compare = [&](std::string_view what, sheet::Count sheet::SheetFields::* on,
                           std::uint64_t ballots) {
    std::uint64_t stated = 0;
    for (const auto& sheet : sheets_) stated += (sheet.sheet.fields().*on).value_or(0);
    if (stated == ballots) return;
    bad(Check::counts,
        fmt::format("sheet: {} {}; ballots in the package: {}", what, stated, ballots));
  };
  compare("CAST", &sheet::SheetFields::cast, ballots_.cast);
  compare("CHALLENGED", &sheet::SheetFields::challenged, ballots_.challenged);
  compare("VOIDED", &sheet::SheetFields::voided, ballots_.voided);
  compare("SEALED", &sheet::SheetFields::sealed,
          ballots_.cast + ballots_.challenged + ballots_.voided);
  found().pass(Check::counts);
}

std::optional<Bytes> StationVerifier::beside(Check check, std::string_view kind,
                                             std::string_view none) {
  auto bytes = frame_.document(kind, code_);
  if (bytes) return *std::move(bytes);
  const Error& error = bytes.error();
  if (error.kind == errors::not_in_record) {
    found().skip(check, std::string(none));
  } else {
    found().skip(check, fmt::format("the {} cannot be used", kind));
    if (error.kind != errors::in_conflict) {
      bad(Check::documents, fmt::format("{}: {}", kind, error.message), error.where);
    }
  }
  return std::nullopt;
}

void StationVerifier::check_box_count() {
  const auto bytes = beside(Check::box_count, kinds::box_count, "box not yet counted");
  if (!bytes) return;
  const std::string file(log::blob_path(crypto::sha256(*bytes)));
  auto box = sheet::parse_box_count(as_text(*bytes));
  if (!box) return bad(Check::box_count, said(box.error()), file);
  if (sheets_.empty()) {
    return found().skip(Check::box_count, "there is no usable tally sheet");
  }
  const sheet::Sheet& last = sheets_.back().sheet;
  if (const auto good = sheet::check_box_count(*box, last, frame_.officials); !good) {
    return bad(Check::box_count, said(good.error()), file);
  }
  box_count_ = *std::move(box);
  for (const auto& d :
       sheet::hand_count_differences(segments(), box_count_->box.fields())) {
    bad(Check::box_count,
        fmt::format("contest {}, {}: {} on paper, {} on the sheet", d.contest, d.item,
                    d.on_paper, d.on_sheets),
        file);
  }
  found().pass(Check::box_count);  // the papers are compared with the equalities
}

void StationVerifier::check_officials() {
  const auto bytes = beside(Check::officials, kinds::signatures,
                            "no signatures of officials are in the record");
  if (!bytes) return;
  const std::string file(log::blob_path(crypto::sha256(*bytes)));
  const auto signatures = sheet::parse_officials(as_text(*bytes));
  if (!signatures) return bad(Check::officials, said(signatures.error()), file);
  if (sheets_.empty()) {
    return found().skip(Check::officials, "there is no usable tally sheet");
  }
  const auto check =
      sheet::check_officials(*signatures, sheet::SignedDocument::sheet,
                             sheets_.back().sheet.digest(), code_, frame_.officials);
  for (const Error& error : check.errors) bad(Check::officials, said(error), file);
  found().pass(Check::officials);
}

// What check-in signed is what the sheets say of the people who came; a number of
// theirs that check-in never signed is nobody's.
void StationVerifier::check_check_in() {
  sheet::CheckIn stated;
  for (const auto& sheet : sheets_) {
    const sheet::CheckIn& part = sheet.sheet.fields().check_in;
    for (const auto& field : sheet::check_in_fields()) {
      if (const sheet::Count& count = part.*field.count) {
        stated.*field.count = (stated.*field.count).value_or(0) + *count;
      }
    }
  }
  if (package_->check_in.empty()) {
    if (stated != sheet::CheckIn{}) {
      bad(Check::equalities,
          "the sheet states how many people check-in counted, and the package has no "
          "slip that check-in signed");
    }
    return;
  }
  const auto slip = sheet::read_check_in_slip(package_->check_in, frame_.authorities);
  if (!slip) {
    return bad(Check::equalities,
               fmt::format("check-in's slip: {}", said(slip.error())));
  }
  if (slip->station != code_ || slip->election != definition_.hash() ||
      slip->mode != definition_.model().mode) {
    return bad(Check::equalities,
               fmt::format("check-in's slip is of station {}{}", slip->station,
                           slip->station == code_ ? " in another election" : ""));
  }
  for (const auto& field : sheet::check_in_fields()) {
    const sheet::Count& on_slip = slip->counts.*field.count;
    const sheet::Count& on_sheet = stated.*field.count;
    if (on_slip == on_sheet) continue;
    bad(Check::equalities,
        fmt::format("{}: check-in signed {}, the sheet says {}", field.key, *on_slip,
                    on_sheet ? fmt::format("{}", *on_sheet) : "nothing"));
  }
}

void StationVerifier::check_equalities() {
  if (sheets_.empty()) {
    return found().skip(Check::equalities, "there is no usable tally sheet");
  }
  check_check_in();
  std::string not_stated;
  for (const sheet::EqualityResult& result :
       sheet::reconcile(segments(), box_count_ ? &box_count_->box.fields() : nullptr)) {
    const bool papers = result.equality == sheet::Equality::box;
    if (result.fails()) {
      bad(papers ? Check::box_count : Check::equalities,
          fmt::format("{}: {} is not {}", sheet::equality_text(result.equality, "en"),
                      *result.left, *result.right));
    } else if (!result.stated() && !papers) {
      not_stated += fmt::format("{}{}", not_stated.empty() ? "" : "; ",
                                sheet::equality_text(result.equality, "en"));
    }
  }
  if (not_stated.empty()) return found().pass(Check::equalities);
  found().skip(
      Check::equalities,
      fmt::format(
          "{}the sheet does not state the numbers for: {}",
          package_->check_in.empty() ? "there is no slip of check-in, and " : "",
          not_stated));
}

void StationVerifier::check_events() {
  const auto events = sheet::parse_event_log(package_->events);
  if (!events) return bad(Check::events, said(events.error()));
  const auto has = [&](std::string_view name) {
    return std::ranges::find(*events, name, &sheet::Event::name) != events->end();
  };
  if (!has("OPENED") && !has("TOOK-OVER")) {
    bad(Check::events, "the poll was never opened");
  }
  if (!has("CLOSED")) bad(Check::events, "the poll was never closed");
  found().pass(Check::events);
}

}  // namespace urna::record
