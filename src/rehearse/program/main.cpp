// urna-voters: plays a station's day on a running urna-machine (station_day.hpp). It is
// for rehearsals and demonstrations: it knows every vote that it casts.
#include "base/file.hpp"
#include "rehearse/station_day.hpp"
#include "sheet/signed_sheet.hpp"

#include <chrono>
#include <cstdio>
#include <thread>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace {

using namespace urna;

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (end > 0) lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

struct Options {
  rehearse::Plan plan;
  std::string tokens, sheet, voter_ids, go;
  std::vector<std::string> sticks, pin_files;
  std::vector<std::string> check_in_sticks, check_in_pin_files;
};

Result<std::vector<rehearse::StickAndPin>> officials(
    base::FileSystem& files, const std::vector<std::string>& sticks,
    const std::vector<std::string>& pin_files) {
  std::vector<rehearse::StickAndPin> out;
  for (std::size_t i = 0; i < sticks.size(); ++i) {
    URNA_TRY(const std::string pin, base::read_text(files, pin_files[i], 4096));
    out.emplace_back(sticks[i], pin.substr(0, pin.find('\n')));
  }
  return out;
}

Result<int> run(Options& o) {
  base::RealFiles files;
  auto& plan = o.plan;
  if (plan.check_in.address.empty()) {
    URNA_TRY(const std::string tokens, base::read_text(files, o.tokens, 1 << 20));
    plan.tokens = lines_of(tokens);
  } else {
    URNA_TRY(const std::string ids, base::read_text(files, o.voter_ids, 1 << 20));
    plan.check_in.voters = lines_of(ids);
    URNA_TRY(plan.check_in.officials,
             officials(files, o.check_in_sticks, o.check_in_pin_files));
  }
  URNA_TRY(plan.officials, officials(files, o.sticks, o.pin_files));
  if (!o.go.empty()) {
    plan.before_closing = [&] {
      fmt::print("All have voted; the station stays open until '{}' is there\n", o.go);
      std::fflush(stdout);
      while (files.kind(o.go) == base::FileKind::missing) {
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
      }
    };
  }
  URNA_TRY(const rehearse::Memory memory, rehearse::play(plan, files));
  fmt::print("{} votes cast, {} tests of the machine, {} started again\n", memory.cast,
             memory.challenged, memory.voided);
  URNA_TRY(const std::string text, base::read_text(files, o.sheet, 1 << 20));
  URNA_TRY(const auto sheet, sheet::parse_signed_sheet(text));
  if (memory.guests.cast > 0) fmt::print("{} guests voted\n", memory.guests.cast);
  const std::string differences = rehearse::differences(memory, sheet.sheet.fields());
  if (differences.empty()) return 0;
  fmt::print("The sheet is not what was voted:\n{}", differences);
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  Options o;
  CLI::App app("Plays a station's day on a running machine. For rehearsals only.");
  app.add_option("machine", o.plan.machine, "its address, http://127.0.0.1:8080")
      ->required();
  app.add_option("--tokens", o.tokens, "one token a line");
  app.add_option("--check-in", o.plan.check_in.address,
                 "check-in's address: voters get their tokens there");
  app.add_option("--check-in-tray", o.plan.check_in.tray, "its printer's folder");
  app.add_option("--check-in-stick", o.check_in_sticks,
                 "names of its officials' sticks")
      ->expected(2);
  app.add_option("--check-in-pin-file", o.check_in_pin_files, "their PINs")
      ->expected(2);
  app.add_option("--voter-ids", o.voter_ids, "who comes, one ID number a line");
  app.add_option("--wait-for", o.go,
                 "guests may vote too: close when this file appears");
  app.add_option("--stick", o.sticks, "names of two officials' sticks")
      ->required()
      ->expected(2);
  app.add_option("--pin-file", o.pin_files, "their PINs, in the same order")
      ->required()
      ->expected(2);
  app.add_option("--sheet", o.sheet, "where the export will leave the signed sheet")
      ->required();
  app.add_option("--voters", o.plan.voters, "how many come");
  app.add_option("--seed", o.plan.seed, "what they choose");
  CLI11_PARSE(app, argc, argv);
  const auto done = run(o);
  if (done) return *done;
  fmt::print(stderr, "{}\n", done.error().text());
  return 2;
}
