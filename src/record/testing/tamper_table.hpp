// The maker of the tampering table, shared by its two files. Tests only; one thread.
#pragma once

#include "record/testing/tamper_edit.hpp"
#include "record/testing/tampering.hpp"

#include <fmt/format.h>

namespace urna::record::testing {

// Gathers the rows; every adder is one family of attacks.
class Table {
 public:
  explicit Table(World& world) : world_(world) {}

  std::vector<Tampering> all() {
    blobs();
    log_files();
    packages();
    ballot_fields();
    openings();
    ballots_moved();
    sheets();
    people();
    spares();
    decryptions();
    election();
    results();
    documents();
    views();
    return std::move(rows_);
  }

 private:
  void blobs();
  void log_files();
  void packages();
  void ballot_fields();
  void openings();
  void ballots_moved();
  void sheets();
  void people();
  void spares();
  void decryptions();
  void election();
  void results();
  void documents();
  void views();
  void rewritten();
  void split();

  void add(std::string name, Check check,
           std::function<void(World&, Documents&)> change, std::string station = {}) {
    rows_.push_back(
        {std::move(name), check, std::move(change), {}, std::move(station), {}});
  }
  void add_files(std::string name, Check check,
                 std::function<void(base::FileSystem&, const std::string&)> change) {
    rows_.push_back({std::move(name), check, {}, std::move(change), {}, {}});
  }
  // Changes the pieces of station s; its machine signs again.
  void add_package(std::string name, Check check, std::size_t s,
                   std::function<void(World&, WorldStation&)> change) {
    const std::string code = world_.stations()[s].code;
    add(
        fmt::format("{}: {}", code, name), check,
        [s, change](World& world, Documents& documents) {
          WorldStation station = world.stations()[s];
          change(world, station);
          replace(documents, kinds::package, station.code, world.package(station));
        },
        code);
  }
  // The same for the sheet alone: changed fields, signed again.
  void add_sheet(std::string name, Check check, std::size_t s,
                 std::function<void(sheet::SheetFields&)> change) {
    add_package("sheet: " + std::move(name), check, s,
                [change](World& world, WorldStation& station) {
                  change(station.sheet);
                  station.content.sheets = {sheet::to_file_text(
                      world.sign_sheet(station.sheet, station.device))};
                });
  }

  World& world_;
  std::vector<Tampering> rows_;
};

}  // namespace urna::record::testing
