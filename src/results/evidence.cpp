#include "results/evidence.hpp"

#include "base/binary.hpp"
#include "count/sheets.hpp"
#include "results/errors.hpp"
#include "results/parallel.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace urna::results {
namespace {

namespace kinds = record::kinds;

constexpr std::string_view kMagic = "urna-station-package-1";
constexpr std::size_t kRoots = 3 * 32;
constexpr std::size_t kMaxPapers = std::size_t{16} << 20;
constexpr std::size_t kMaxSheetFile = 128 * 1024;

std::optional<Hash32> only_version(const record::Index& index, std::string_view kind,
                                   std::string_view name) {
  const auto& versions = index.versions(kind, name);
  if (versions.size() != 1) return std::nullopt;
  return versions.front().hash;
}

// Reads what a record holds about its stations and adds it up.
class Gatherer {
 public:
  Gatherer(base::FileSystem& files, const std::string& folder,
           const GatherOptions& options)
      : files_(files), folder_(folder), options_(options) {}

  Result<Evidence> run();

 private:
  Result<void> verify();
  void read_station(election::StationIndex index);
  Result<void> add_up();
  // Sheets of two packages that nobody decided between: both go to the count, which
  // shows them as a conflict.
  void add_sheets_of(const std::string& code, const Hash32& package);
  // The decrypted totals of a station whose machine could not count.
  void add_decrypted(election::StationIndex index, count::Documents& documents);

  base::FileSystem& files_;
  const std::string& folder_;
  const GatherOptions& options_;
  Evidence out_;
  count::SheetSources sources_;
};

Result<void> Gatherer::verify() {
  if (!options_.sealed) {
    out_.report.record = out_.frame->report;
    return {};
  }
  URNA_TRY(record::Part part, record::verify_part(*out_.frame, options_.verify));
  out_.report.record = std::move(part.record);
  out_.report.stations = std::move(part.stations);
  out_.report = record::conclude(*out_.frame, std::move(out_.report), options_.verify);
  return {};
}

void Gatherer::read_station(election::StationIndex index) {
  const record::Frame& frame = *out_.frame;
  const std::string& code = frame.definition->stations()[index].code;
  StationEvidence& station = out_.stations[index];
  if (const auto report = out_.report.stations.find(code);
      report != out_.report.stations.end())
    station.report = &report->second;
  station.decryptions = frame.index.decryptions(code);
  station.signatures = only_version(frame.index, kinds::signatures, code);
  station.exclusion = only_version(frame.index, kinds::exclusion, code);
  station.box_hash = only_version(frame.index, kinds::box_count, code);
  if (station.box_hash) {
    if (const auto box = frame.document(kinds::box_count, code))
      station.box = std::string(as_text(*box));
  }
  const auto package = frame.package_of(code);
  if (!package) {
    station.no_package = package.error().message;
    return;
  }
  station.package = *package;
  auto papers = read_papers(files_, base::join_path(folder_, log::blob_path(*package)));
  if (!papers) {
    station.no_package = papers.error().message;
    return;
  }
  station.sheets = std::move(papers->sheets);
  station.check_in = std::move(papers->check_in);
  for (const std::string& text : station.sheets) {
    const auto sheet = sheet::parse_signed_sheet(text);
    if (sheet && !sheet->sheet.fields().counted()) station.trustees_only = true;
  }
}

void Gatherer::add_sheets_of(const std::string& code, const Hash32& package) {
  const auto papers =
      read_papers(files_, base::join_path(folder_, log::blob_path(package)));
  if (!papers) return;
  for (const std::string& text : papers->sheets)
    sources_.sheets.push_back({"package " + code, sheet::parse_signed_sheet(text)});
}

void Gatherer::add_decrypted(election::StationIndex index,
                             count::Documents& documents) {
  const StationEvidence& station = out_.stations[index];
  if (!station.trustees_only || station.report == nullptr || !station.report->row) {
    return;
  }
  const std::string& code = out_.frame->definition->stations()[index].code;
  count::Document document;
  document.origin = count::Origin::sheet;
  document.source = documents.add_source("decryptions " + code);
  document.station = index;
  document.station_code = code;
  document.digest = *station.package;
  document.signature_checked = true;
  document.figures.cast = station.report->cast;
  if (const auto box = sheet::parse_box_count(station.box))
    document.papers = box->box.fields().papers;
  documents.add(std::move(document), *station.report->row);
}

Result<void> Gatherer::add_up() {
  const election::Definition& definition = *out_.frame->definition;
  for (election::StationIndex s = 0; s < out_.stations.size(); ++s) {
    const StationEvidence& station = out_.stations[s];
    const std::string& code = definition.stations()[s].code;
    if (!station.package) {
      for (const auto& version : out_.frame->index.versions(kinds::package, code))
        add_sheets_of(code, version.hash);
      continue;
    }
    if (!station.trustees_only || station.report == nullptr || !station.report->row) {
      for (const std::string& text : station.sheets)
        sources_.sheets.push_back({"package " + code, sheet::parse_signed_sheet(text)});
    }
    if (station.box.empty()) continue;
    auto box = sheet::parse_box_count(station.box);
    if (box) {
      sources_.boxes.emplace_back("box-count " + code, *std::move(box));
    } else {
      out_.findings.push_back(
          fmt::format("box-count {}: {}", code, record::said(box.error())));
    }
  }
  count::Documents documents;
  base::Report report;
  count::add_sheets(definition, std::move(sources_), {}, documents, report);
  for (election::StationIndex s = 0; s < out_.stations.size(); ++s)
    add_decrypted(s, documents);
  for (const base::Finding& finding : report.findings())
    out_.findings.push_back(fmt::format("{}: {}", finding.place.file, finding.message));
  // The record's decisions name packages and were applied above; lots are drawn once.
  count::Decisions decisions;
  decisions.drawings = out_.frame->decisions.drawings;
  auto count = count::tabulate(definition, std::move(documents), std::move(decisions));
  if (!count) return std::unexpected(std::move(count).error());
  out_.count = std::make_unique<const count::Count>(*std::move(count));
  for (const count::Notice& notice : out_.count->notices)
    if (notice.station) ++out_.stations[*notice.station].notices;
  return {};
}

Result<Evidence> Gatherer::run() {
  URNA_TRY(record::Frame frame,
           record::read_frame(files_, folder_, options_.verify.trust));
  if (!frame.definition)
    return fail(
        errors::no_definition,
        "the record has no definition that can be used, so nothing can be shown",
        "urna verify names what is wrong with it", folder_);
  out_.frame = std::make_unique<const record::Frame>(std::move(frame));
  out_.sealed = options_.sealed;
  URNA_CHECK(verify());
  out_.stations.resize(out_.frame->definition->stations().size());
  in_parallel(out_.stations.size(), options_.verify.jobs, [&](std::size_t s) {
    read_station(static_cast<election::StationIndex>(s));
  });
  URNA_CHECK(add_up());
  return std::move(out_);
}

}  // namespace

Result<Evidence> gather(base::FileSystem& files, const std::string& folder,
                        const GatherOptions& options) {
  return Gatherer(files, folder, options).run();
}

Result<Papers> read_papers(base::FileSystem& files, const std::string& path) {
  const auto bad = [&](std::string what) {
    return fail(errors::bad_papers, std::move(what), "urna verify says more", path);
  };
  URNA_TRY(const auto file, files.open(path, base::OpenMode::read));
  URNA_TRY(const std::uint64_t size, file->size());
  constexpr std::size_t kHead = 4 + kMagic.size() + 4;
  if (size < kHead) return bad("this is no station package");
  URNA_TRY(const Bytes head, file->read_at(0, kHead));
  base::Reader start(head);
  const auto magic = start.text(kMagic.size());
  const auto box = start.u32();
  if (!magic || *magic != kMagic || !box || kHead + *box + kRoots > size)
    return bad("this is no station package");
  const std::uint64_t at = kHead + *box + kRoots;
  if (size - at > kMaxPapers) return bad("the papers of the package are too long");
  URNA_TRY(const Bytes rest, file->read_at(at, static_cast<std::size_t>(size - at)));
  base::Reader reader(rest);
  URNA_TRY(const std::uint32_t count, reader.u32());
  if (count < 1 || count > sheet::kMaxSegment) return bad("the package has no sheets");
  Papers out;
  for (std::uint32_t i = 0; i < count; ++i) {
    URNA_TRY(std::string text, reader.text(kMaxSheetFile));
    out.sheets.push_back(std::move(text));
  }
  URNA_TRY(out.check_in, reader.text(8 * 1024));
  return out;
}

std::size_t failures_of(const Evidence& evidence, election::StationIndex station) {
  std::size_t failed = 0;
  if (const record::StationReport* report = evidence.stations[station].report) {
    for (const record::CheckInfo& check : record::checks())
      if (check.scope == record::Scope::station && report->findings.failed(check.check))
        ++failed;
    // The station's files are a matter of the record, and told of the station too.
    if (report->findings.failed(record::Check::documents)) ++failed;
  }
  if (evidence.count->stations[station].state == count::StationState::conflict)
    ++failed;
  if (evidence.sealed) return failed;
  return failed + evidence.stations[station].notices;
}

Verdict verdict_of(const Evidence& evidence, election::StationIndex station) {
  const StationEvidence& one = evidence.stations[station];
  if (failures_of(evidence, station) > 0) return Verdict::fails;
  if (one.sheets.empty() ||
      evidence.count->stations[station].state == count::StationState::missing)
    return Verdict::missing;
  if (one.report == nullptr) return Verdict::open;
  for (const record::CheckInfo& check : record::checks()) {
    if (check.scope != record::Scope::station) continue;
    // Nothing was left out, and no decision about it is needed.
    if (check.check == record::Check::exclusion) continue;
    if (one.report->findings.of(check.check).state != record::State::passed)
      return Verdict::open;
  }
  return Verdict::agrees;
}

}  // namespace urna::results
