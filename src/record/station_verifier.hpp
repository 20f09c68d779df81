// The work of verify_station(), one station's checks in order: shared by the two files
// that implement it, station.cpp (package, ballots, decryptions) and station_paper.cpp
// (sheets, people, papers, events). Private to the room.
//
// Thread rule: one object a station, used by one thread. Public data.
#pragma once

#include "ballot/package.hpp"
#include "ballot/station_check.hpp"
#include "record/station.hpp"
#include "sheet/reconcile.hpp"
#include "sheet/signed_sheet.hpp"
#include "trustees/package.hpp"

#include <algorithm>

namespace urna::record {

class StationVerifier {
 public:
  StationVerifier(const Frame& frame, election::StationIndex station,
                  const StationOptions& options)
      : frame_(frame),
        definition_(*frame.definition),
        station_(station),
        code_(definition_.stations()[station].code),
        options_(options) {}

  StationReport run() {
    report_.fingerprint = frame_.fingerprint(code_);
    if (read_package()) {
      check_signature();
      check_sheets();
      check_events();
      check_box_count();
      check_officials();
      check_equalities();
      if (check_box()) {
        check_ballots();
        check_roots();
        check_counts();
        if (sum()) {
          check_exclusion();
          decrypt();
          compare_totals();
        }
      }
    }
    return std::move(report_);
  }

 private:
  bool read_package();
  void check_signature();
  bool check_box();
  void check_ballots();
  void check_roots();
  void check_sheets();
  void check_segments(const std::vector<std::uint32_t>& segments);
  void check_counts();
  void check_box_count();
  void check_officials();
  void check_check_in();
  void check_equalities();
  void check_events();
  bool sum();
  void check_exclusion();
  void decrypt();
  void compare_totals();

  Findings& found() { return report_.findings; }
  void bad(Check check, std::string what, std::string file = {},
           std::string ballot = {}) {
    if (file.empty()) file = file_;
    found().fail({check, code_, std::move(file), std::move(ballot), std::move(what)});
  }
  void skip_all(const std::string& why) {
    for (const CheckInfo& check : checks()) {
      if (check.scope == Scope::station) found().skip(check.check, why);
    }
  }
  std::vector<const sheet::SheetFields*> segments() const {
    std::vector<const sheet::SheetFields*> out;
    for (const auto& sheet : sheets_) out.push_back(&sheet.sheet.fields());
    return out;
  }
  // A document beside the package; absent and conflicting ones skip the check.
  std::optional<Bytes> beside(Check check, std::string_view kind,
                              std::string_view none);

  const Frame& frame_;
  const election::Definition& definition_;
  election::StationIndex station_;
  std::string code_;
  StationOptions options_;
  StationReport report_;

  std::string file_;  // the package's
  Hash32 hash_{};
  Bytes bytes_;
  std::optional<ballot::StationPackage> package_;
  std::optional<sheet::Certificate> certificate_;
  std::vector<sheet::SignedSheet> sheets_;  // those that can be used
  std::optional<sheet::SignedBoxCount> box_count_;
  ballot::BoxReport ballots_;
  std::optional<trustees::CheckedPackage> sums_;
  std::optional<trustees::StationTotals> totals_;
};

}  // namespace urna::record
