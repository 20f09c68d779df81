// urna-voters: plays a station's day on a running urna-machine (station_day.hpp). It is
// for rehearsals and demonstrations: it knows every vote that it casts.
#include "base/file.hpp"
#include "rehearse/station_day.hpp"
#include "sheet/signed_sheet.hpp"

#include <cstdio>

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
  std::string tokens, sheet;
  std::vector<std::string> sticks, pin_files;
};

Result<int> run(Options& o) {
  base::RealFiles files;
  URNA_TRY(const std::string tokens, base::read_text(files, o.tokens, 1 << 20));
  o.plan.tokens = lines_of(tokens);
  for (std::size_t i = 0; i < o.sticks.size(); ++i) {
    URNA_TRY(const std::string pin, base::read_text(files, o.pin_files[i], 4096));
    o.plan.officials.emplace_back(o.sticks[i], pin.substr(0, pin.find('\n')));
  }
  URNA_TRY(const rehearse::Memory memory, rehearse::play(o.plan));
  fmt::print("{} votes cast, {} tests of the machine, {} started again\n", memory.cast,
             memory.challenged, memory.voided);
  URNA_TRY(const std::string text, base::read_text(files, o.sheet, 1 << 20));
  URNA_TRY(const auto sheet, sheet::parse_signed_sheet(text));
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
  app.add_option("--tokens", o.tokens, "one token a line")->required();
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
