#include "center/judge.hpp"

#include "ballot/package.hpp"
#include "base/encoding.hpp"
#include "center/document.hpp"
#include "center/errors.hpp"
#include "record/station.hpp"
#include "sheet/box_count.hpp"
#include "sheet/check_in_slip.hpp"
#include "sheet/definition_check.hpp"
#include "sheet/errors.hpp"
#include "sheet/signed_sheet.hpp"

#include <fmt/format.h>

namespace urna::center {
namespace {

namespace kinds = record::kinds;
using record::Check;

Judged good() {
  return {Judgement::good, {}};
}

Judged bad(std::string_view check, const std::string& what) {
  return {Judgement::bad, fmt::format("{}: {}", check, what)};
}

Judged not_yet(std::string why) {
  return {Judgement::not_yet, std::move(why)};
}

std::string_view check_name(Check check) {
  return record::info(check).name;
}

std::string_view without_line_feed(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  return text;
}

}  // namespace

Result<std::unique_ptr<Judge>> Judge::open(base::FileSystem& files,
                                           const std::string& record,
                                           std::string shelf) {
  URNA_TRY(record::Frame frame, record::read_frame(files, record, {}));
  if (!frame.definition || !frame.key) {
    std::string why = "it has no usable definition or no election key";
    if (!frame.report.findings.failures().empty()) {
      why = frame.report.findings.failures().front().what;
    }
    return fail(errors::not_ready, fmt::format("{}: {}", record, why),
                "add the definition, the ceremony and the election key with `urna "
                "record add` before the centre starts");
  }
  std::unique_ptr<Judge> out(new Judge(std::move(frame)));
  out->shelf_ = std::move(shelf);
  out->officials_ = out->frame_.officials;
  return out;
}

void Judge::learn(std::string_view text) {
  const auto certificate = sheet::Certificate::parse(without_line_feed(text));
  if (!certificate) return;
  const auto& fields = certificate->fields();
  if (fields.role == sheet::kMachineRole || fields.role == sheet::kCheckInRole) return;
  const std::lock_guard lock(mutex_);
  officials_.push_back({fields.station, fields.role, certificate->key()});
}

std::vector<sheet::TrustedOfficial> Judge::officials() const {
  const std::lock_guard lock(mutex_);
  return officials_;
}

Judge::Bench::Bench(const Judge& judge) : judge_(judge), trial_(judge.frame_) {
  trial_.folder = judge.shelf_;
  trial_.decisions = {};
}

Result<Judged> Judge::Bench::judge(const Item& item, ByteView bytes,
                                   const LastSheet& last) {
  const std::string_view text = as_text(bytes);
  if (item.kind == kinds::package) return package(item);
  if (item.kind == kSheetKind) return lone_sheet(text);
  if (item.kind == kinds::box_count) return box_count(text, last);
  if (item.kind == kinds::signatures) return signatures(item, text, last);
  return certificate(text);
}

Result<Judged> Judge::Bench::package(const Item& item) {
  const auto station = judge_.definition().find_station(item.station);
  if (!station) return bad(check_name(Check::package), "there is no such station");
  trial_.index = {};
  trial_.index.add({std::string(kinds::package), item.station, item.hash}, 0);
  const record::StationReport report = record::verify_station(trial_, *station);
  if (report.findings.failed(Check::documents)) {
    return fail(errors::hash_differs, "the package cannot be read from the shelf",
                "look after the centre's disk; it tries again");
  }
  for (const record::CheckInfo& check : record::checks()) {
    if (check.scope != record::Scope::station) continue;
    if (check.check == Check::equalities || !report.findings.failed(check.check)) {
      continue;
    }
    const auto& failures = report.findings.failures();
    const auto first =
        std::ranges::find(failures, check.check, &record::Failure::check);
    if (first == failures.end()) return bad(check.name, "failed");
    return bad(check.name, first->ballot.empty()
                               ? first->what
                               : fmt::format("{}: {}", first->ballot, first->what));
  }
  // Nothing passes by default: these must have been run.
  for (const Check needed : {Check::package_signature, Check::proofs, Check::roots,
                             Check::sheets, Check::counts}) {
    if (report.findings.of(needed).state != record::State::passed) {
      return bad(check_name(needed), report.findings.of(needed).why);
    }
  }
  return good();
}

Judged Judge::Bench::lone_sheet(std::string_view text) const {
  constexpr auto kCheck = Check::sheets;
  const auto sheet = sheet::parse_signed_sheet(text);
  if (!sheet) return bad(check_name(kCheck), record::said(sheet.error()));
  const auto checked = sheet::check_signature(*sheet, judge_.frame_.authorities);
  if (!checked) return bad(check_name(kCheck), record::said(checked.error()));
  const auto place =
      sheet::check_definition(sheet->sheet.fields(), judge_.definition());
  if (!place) return bad(check_name(kCheck), record::said(place.error()));
  return good();
}

Judged Judge::Bench::box_count(std::string_view text, const LastSheet& last) const {
  if (!last) return not_yet("the station's package has not arrived");
  const auto box = sheet::parse_box_count(text);
  if (!box) return bad(check_name(Check::box_count), record::said(box.error()));
  const auto checked = sheet::check_box_count(*box, *last, judge_.officials());
  if (checked) return good();
  // The certificate of an official may come later than what the official signed.
  if (checked.error().kind == sheet::errors::wrong_certificate) {
    return not_yet(record::said(checked.error()));
  }
  return bad(check_name(Check::box_count), record::said(checked.error()));
}

Judged Judge::Bench::signatures(const Item& item, std::string_view text,
                                const LastSheet& last) const {
  if (!last) return not_yet("the station's package has not arrived");
  const auto signatures = sheet::parse_officials(text);
  if (!signatures) {
    return bad(check_name(Check::officials), record::said(signatures.error()));
  }
  const auto officials = judge_.officials();
  const auto check = sheet::check_officials(*signatures, sheet::SignedDocument::sheet,
                                            last->digest(), item.station, officials);
  if (check.errors.empty()) return good();
  const Error& first = check.errors.front();
  if (first.kind == sheet::errors::wrong_certificate) {
    return not_yet(record::said(first));
  }
  return bad(check_name(Check::officials), record::said(first));
}

Judged Judge::Bench::certificate(std::string_view text) const {
  const auto check = check_name(Check::certificates);
  const auto certificate = sheet::Certificate::parse(without_line_feed(text));
  if (!certificate) return bad(check, record::said(certificate.error()));
  if (const auto by = certificate->check(judge_.frame_.authorities); !by) {
    return bad(check, record::said(by.error()));
  }
  const auto& fields = certificate->fields();
  if (fields.election != judge_.definition().hash() ||
      fields.mode != judge_.definition().model().mode) {
    return bad(check, "it is for another election");
  }
  return good();
}

LastSheet last_sheet_of(ByteView package) {
  const auto parsed = ballot::parse_package(package);
  if (!parsed || parsed->sheets.empty()) return std::nullopt;
  auto sheet = sheet::parse_signed_sheet(parsed->sheets.back());
  if (!sheet) return std::nullopt;
  return std::move(sheet->sheet);
}

}  // namespace urna::center
