// record_sample OUTDIR: writes an honest record of a small made-up election, with keys
// that everybody knows, to try `urna verify` on. Prints what the verifier should be
// given.
#include "base/encoding.hpp"
#include "record/testing/world.hpp"

#include <cstdio>
#include <map>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

int main(int argc, char** argv) {
  using namespace urna;
  CLI::App app{"Writes a sample record"};
  std::string folder;
  std::string election = "examples/town";
  record::testing::WorldOptions options;
  options.cast = 30;
  options.challenged = 2;
  options.voided = 1;
  app.add_option("folder", folder, "Where to write it")->required();
  app.add_option("--election", election, "A definition; its trustees are replaced");
  app.add_option("--cast", options.cast, "Ballots cast at each station");
  app.add_option("--challenged", options.challenged, "Ballots challenged at each");
  app.add_option("--voided", options.voided, "Ballots voided at each");
  app.add_option("--stations", options.stations, "Only the first so many; 0: all");
  app.add_option("--decryptions", options.decryptions, "Trustees who decrypt")
      ->check(CLI::Range(0, 5));
  const std::map<std::string, record::testing::Spare> spares{
      {"none", record::testing::Spare::none},
      {"goes-on", record::testing::Spare::goes_on},
      {"first-lost", record::testing::Spare::first_lost}};
  app.add_option("--spare", options.spare,
                 "A spare machine at the first station: none, goes-on, first-lost")
      ->transform(CLI::CheckedTransformer(spares));
  app.add_option("--seed", options.seed, "Of everything random");
  CLI11_PARSE(app, argc, argv);

  options.files = record::testing::example_files(election);
  record::testing::World world(options);
  base::RealFiles files;
  if (const auto done = record::testing::write_record(files, folder, world.documents());
      !done) {
    fmt::print(stderr, "{}\n", done.error().text());
    return 2;
  }
  fmt::print("{}: {} documents, {} stations\nelection {}\nlog key  {}\n", folder,
             world.documents().size(), world.stations().size(),
             base::to_hex(world.key().election_hash()),
             record::testing::log_signer().verifier().text());
  return 0;
}
