#include "count/sheets.hpp"

#include "base/encoding.hpp"
#include "count/errors.hpp"
#include "count/words.hpp"
#include "crypto/sha256.hpp"
#include "sheet/definition_check.hpp"
#include "sheet/errors.hpp"
#include "sheet/reconcile.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace urna::count {
namespace {

using sheet::SignedSheet;

std::unique_ptr<Error> flaw(ErrorKind kind, const Error& from, std::string to_do) {
  return std::make_unique<Error>(
      Error{kind, from.message, from.where,
            from.to_do.empty() ? std::move(to_do) : from.to_do});
}

ErrorKind kind_of(const Error& error) {
  if (error.kind == sheet::errors::not_this_election) return errors::wrong_election;
  if (error.kind == sheet::errors::not_in_definition) return errors::unknown_station;
  if (error.kind == sheet::errors::differs_from_definition)
    return errors::wrong_contests;
  if (error.kind == sheet::errors::impossible_sum) return errors::impossible_numbers;
  return errors::unreadable;
}

class SheetAdder {
 public:
  SheetAdder(const election::Definition& definition, SheetSources sources,
             const SheetPolicy& policy, Documents& documents, base::Report& report)
      : definition_(definition),
        sources_(std::move(sources)),
        policy_(policy),
        documents_(documents),
        report_(report) {}

  void run();

 private:
  void check_all_signatures();
  void check_boxes();
  void add(std::size_t i);
  [[nodiscard]] std::vector<Said> differences(std::size_t i) const;
  std::uint32_t source_index(const std::string& name);

  const election::Definition& definition_;
  SheetSources sources_;
  const SheetPolicy& policy_;
  Documents& documents_;
  base::Report& report_;
  std::vector<std::optional<Error>> signature_;  // per found sheet that was read
  std::map<std::string, std::vector<std::size_t>> by_station_;
  std::map<std::string, const sheet::SignedBoxCount*> box_;
  std::map<std::string, std::uint32_t> source_at_;
};

void SheetAdder::check_all_signatures() {
  signature_.resize(sources_.sheets.size());
  const auto keys = sheet::authority_keys(definition_.model().device_authorities);
  std::vector<SignedSheet> to_check;
  std::vector<std::size_t> at;
  for (std::size_t i = 0; i < sources_.sheets.size(); ++i) {
    auto& found = sources_.sheets[i];
    if (!found.sheet) continue;
    by_station_[found.sheet->sheet.fields().station].push_back(i);
    const bool machine = found.sheet->sheet.fields().origin != sheet::Origin::imported;
    // An import has no signature to check; but where machines sign, an unsigned sheet
    // would be the way to slip in a station that has not reported.
    const bool machines_sign = !definition_.model().device_authorities.empty();
    if (!machine && !found.sheet->signature && !machines_sign) continue;
    if (!keys) {
      signature_[i] = keys.error();
      continue;
    }
    to_check.push_back(std::move(*found.sheet));
    at.push_back(i);
  }
  if (to_check.empty()) return;
  auto results = sheet::check_signatures(to_check, *keys, policy_.threads);
  for (std::size_t k = 0; k < at.size(); ++k) {
    signature_[at[k]] = std::move(results[k]);
    sources_.sheets[at[k]].sheet = std::move(to_check[k]);
  }
}

void SheetAdder::check_boxes() {
  if (sources_.boxes.empty()) return;
  const auto trusted = sheet::trusted_officials(definition_);
  for (const auto& [name, box] : sources_.boxes) {
    const std::string& station = box.box.fields().station;
    const base::Place place{name, 0, {}};
    if (!trusted) return report_.add(trusted.error(), place);
    const auto sheets = by_station_.find(station);
    if (sheets == by_station_.end()) {
      report_.warning(errors::not_reconciled, place,
                      "the box of station " + station +
                          " was counted, but no sheet "
                          "of it is here",
                      "look for the station's sheet");
      continue;
    }
    std::optional<Error> problem;
    for (const std::size_t i : sheets->second) {
      const auto checked =
          sheet::check_box_count(box, sources_.sheets[i].sheet->sheet, *trusted);
      if (checked) {
        box_[station] = &box;
        problem.reset();
        break;
      }
      problem = checked.error();
    }
    if (problem)
      report_.add({problem->kind, base::Severity::warning, place, problem->message,
                   problem->to_do});
  }
}

// The equalities of a station that do not hold, once for all its segments.
std::vector<Said> SheetAdder::differences(std::size_t i) const {
  const std::string& station = sources_.sheets[i].sheet->sheet.fields().station;
  const auto& all = by_station_.at(station);
  std::vector<const sheet::SheetFields*> segments;
  std::vector<std::uint32_t> seen;
  for (const std::size_t k : all) {
    const auto& fields = sources_.sheets[k].sheet->sheet.fields();
    if (std::ranges::find(seen, fields.segment) != seen.end()) continue;
    seen.push_back(fields.segment);
    segments.push_back(&fields);
  }
  std::vector<Said> out;
  if (segments.front() != &sources_.sheets[i].sheet->sheet.fields()) return out;
  const auto box = box_.find(station);
  const auto results = sheet::reconcile(
      segments, box == box_.end() ? nullptr : &box->second->box.fields());
  for (const sheet::EqualityResult& result : results) {
    if (!result.fails()) continue;
    const auto say = [&](std::string_view language) {
      return fmt::format("{}: {} ≠ {}", sheet::equality_text(result.equality, language),
                         *result.left, *result.right);
    };
    out.push_back({say("en"), say("es")});
  }
  if (box == box_.end()) return out;
  for (const auto& d :
       sheet::hand_count_differences(segments, box->second->box.fields())) {
    const auto say = [&](Language language) {
      return fmt::format("{} {} {}: {} ≠ {}", word(Word::hand_count, language),
                         d.contest, d.item, d.on_paper, d.on_sheets);
    };
    out.push_back({say(Language::english), say(Language::spanish)});
  }
  return out;
}

std::uint32_t SheetAdder::source_index(const std::string& name) {
  const auto known = source_at_.find(name);
  if (known != source_at_.end()) return known->second;
  const std::uint32_t index = documents_.add_source(name);
  source_at_.emplace(name, index);
  return index;
}

void SheetAdder::add(std::size_t i) {
  SheetSources::Found& found = sources_.sheets[i];
  Document document;
  document.origin = Origin::sheet;
  document.source = source_index(found.source);
  if (!found.sheet) {
    document.flaw = flaw(kind_of(found.sheet.error()), found.sheet.error(),
                         "photograph or copy the sheet again");
    // Nothing names an unreadable document but its place and its fault.
    const std::string name = found.source + "\n" + found.sheet.error().text();
    document.digest = crypto::sha256(as_bytes(name));
    documents_.add(std::move(document), {});
    return;
  }
  const sheet::SheetFields& fields = found.sheet->sheet.fields();
  document.segment = fields.segment;
  document.digest = found.sheet->sheet.digest();
  document.station_code = fields.station;
  const auto widened = [](const sheet::Count& count) -> std::optional<std::uint64_t> {
    return count ? std::optional<std::uint64_t>(*count) : std::nullopt;
  };
  document.figures = {.registered = widened(fields.registered),
                      .cast = widened(fields.cast)};
  const auto station = sheet::check_definition(fields, definition_);
  if (!station) {
    const ErrorKind kind = kind_of(station.error());
    if (kind != errors::wrong_election)
      document.station = definition_.find_station(fields.station);
    document.flaw = flaw(kind, station.error(), "find out where this sheet belongs");
    documents_.add(std::move(document), {});
    return;
  }
  document.station = *station;
  if (const auto box = box_.find(fields.station); box != box_.end())
    document.papers = box->second->box.fields().papers;
  document.signature_checked = found.sheet->signature && !signature_[i];
  if (signature_[i] && policy_.require_signatures)
    document.flaw = flaw(errors::not_signed, *signature_[i],
                         "get the station's signed sheet again, or record a decision");
  if (signature_[i] && !policy_.require_signatures)
    document.differences.push_back(
        {"counted without a valid signature: " + signature_[i]->message,
         "contado sin firma válida: " + signature_[i]->message});
  if (!fields.counted()) {
    document.flaw = std::make_unique<Error>(Error{
        errors::not_counted,
        fmt::format("the machine of station {} lost its closing key and could not "
                    "count: only the trustees count this station",
                    fields.station),
        found.source, "take the totals that the trustees decrypted"});
    return documents_.add(std::move(document), {});
  }
  for (Said& difference : differences(i))
    document.differences.push_back(std::move(difference));
  documents_.add(std::move(document), sheet::to_row(fields));
}

void SheetAdder::run() {
  check_all_signatures();
  check_boxes();
  for (std::size_t i = 0; i < sources_.sheets.size(); ++i) add(i);
}

}  // namespace

void add_sheets(const election::Definition& definition, SheetSources sources,
                const SheetPolicy& policy, Documents& documents, base::Report& report) {
  SheetAdder(definition, std::move(sources), policy, documents, report).run();
}

}  // namespace urna::count
