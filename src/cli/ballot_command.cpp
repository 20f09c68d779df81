#include "ballot/box.hpp"
#include "ballot/code.hpp"
#include "ballot/errors.hpp"
#include "ballot/seal.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "cli/commands.hpp"
#include "group/cpu_path.hpp"
#include "group/secret.hpp"

#include <chrono>
#include <cstdio>

#include <CLI/App.hpp>
#include <fmt/format.h>

namespace urna::cli {
namespace {

struct Options {
  std::string file;
  std::string station = "DEMO-1";
  std::size_t ballots = 20;
  std::size_t challenged = 1;
  unsigned threads = 0;
  bool reference = false;
  bool json = false;
};

Result<ballot::Box> open_box(const std::string& path) {
  base::RealFiles files;
  URNA_TRY(const Bytes bytes, base::read_file(files, path));
  auto box = ballot::parse_box(bytes);
  if (!box) return std::unexpected(std::move(box).error().at(path));
  return box;
}

// Random choices that keep the limits of the style.
Result<ballot::Choices> random_choices(const ballot::BallotStyle& style,
                                       base::Random& random) {
  Bytes bits;
  for (const ballot::ContestShape& shape : style.contests()) {
    Bytes contest(shape.options, 0);
    URNA_TRY(const std::uint64_t votes, random.below(std::uint64_t{shape.limit} + 1));
    for (std::uint64_t v = 0; v < votes; ++v) {
      URNA_TRY(const std::uint64_t option, random.below(shape.options));
      contest[option] = 1;
    }
    append(bits, contest);
  }
  return ballot::Choices::make(style, bits);
}

// A box of random ballots under a key whose secret half is thrown away.
Result<void> make_demo(const Options& options) {
  base::SystemRandom random;
  URNA_TRY(auto style, ballot::BallotStyle::make(0, {{8, 1}, {6, 1}, {12, 3}, {2, 1}}));
  Hash32 election;
  election.fill(0xDE);
  URNA_TRY(auto station,
           ballot::Station::make(election, options.station, {1}, {std::move(style)}));
  URNA_TRY(const auto key,
           ballot::JointKey::make(group::base_mul(group::SecretScalar::random())));
  ballot::Box box{std::move(station), key, {}};
  for (std::size_t i = 0; i < options.ballots; ++i) {
    URNA_TRY(const auto choices, random_choices(box.station.styles()[0], random));
    URNA_TRY(auto sealed, ballot::seal(box.station, 0, 1, key, choices, random));
    ballot::BoxBallot item{ballot::Decision::cast, std::move(sealed.ballot), {}};
    if (i < options.challenged) {
      item.decision = ballot::Decision::challenged;
      item.opening = ballot::make_opening(sealed.seed, choices);
    }
    box.ballots.push_back(std::move(item));
  }
  ballot::sort_box(box);
  base::RealFiles files;
  URNA_CHECK(base::write_durable(files, options.file, ballot::box_bytes(box)));
  fmt::print("{}: {} random ballots, {} of them challenged\n", options.file,
             options.ballots, std::min(options.challenged, options.ballots));
  return {};
}

void print_report(const ballot::Box& box, const ballot::BoxReport& report,
                  double seconds) {
  fmt::print("station {}: {} cast, {} challenged, {} voided\n", box.station.code(),
             report.cast, report.challenged, report.voided);
  for (const auto& [position, fault] : report.faults) {
    fmt::print("  ballot {} ({}): {}\n", position,
               ballot::decision_name(box.ballots[position].decision), fault.text());
  }
  fmt::print("{}  ({} ballots in {:.2f} s, {})\n",
             report.faults.empty() ? "every ballot is well-formed and proved"
                                   : fmt::format("{} faults", report.faults.size()),
             box.ballots.size(), seconds, group::cpu_path_name());
}

void print_json(const ballot::BoxReport& report) {
  base::Json faults = base::Json::array();
  for (const auto& [position, fault] : report.faults) {
    base::Json item = base::Json::object();
    item.set("ballot", position);
    item.set("number", fault.kind.number);
    item.set("title", fault.kind.title);
    item.set("place", fault.place);
    faults.push(std::move(item));
  }
  base::Json out = base::Json::object();
  out.set("cast", report.cast);
  out.set("challenged", report.challenged);
  out.set("voided", report.voided);
  out.set("faults", std::move(faults));
  fmt::print("{}", out.dump());
}

Result<bool> verify(const Options& options) {
  URNA_TRY(const ballot::Box box, open_box(options.file));
  const auto start = std::chrono::steady_clock::now();
  URNA_TRY(const auto report,
           ballot::check_box(box, options.threads, options.reference));
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  if (options.json) {
    print_json(report);
  } else {
    print_report(box, report, took.count());
  }
  return report.faults.empty();
}

Result<void> show(const Options& options) {
  URNA_TRY(const ballot::Box box, open_box(options.file));
  fmt::print("station {}, {} ballots\n", box.station.code(), box.ballots.size());
  for (const ballot::BoxBallot& item : box.ballots) {
    const auto read = ballot::BallotBytes::read(box.station, item.ballot);
    if (!read) {
      fmt::print("{:<11} {}\n", ballot::decision_name(item.decision),
                 read.error().text());
      continue;
    }
    const Hash32 code =
        ballot::confirmation_code(read->hash(box.station), read->ciphertexts());
    fmt::print("{:<11} style {}  {}\n", ballot::decision_name(item.decision),
               read->style().number(), ballot::code_text(code));
  }
  return {};
}

}  // namespace

void add_ballot_command(CLI::App& app, Outcome& outcome) {
  auto* ballot = app.add_subcommand("ballot", "Sealed ballots: verify, show, try out");
  ballot->require_subcommand(1);
  auto options = std::make_shared<Options>();

  auto* verify_command =
      ballot->add_subcommand("verify", "Check every ballot of a ballot box file");
  verify_command->add_option("FILE", options->file, "the box")->required();
  verify_command->add_option("--jobs", options->threads,
                             "threads (default: all processors)");
  verify_command->add_flag("--one-by-one", options->reference,
                           "use the reference verifier: libsodium only, slow");
  verify_command->add_flag("--json", options->json, "machine-readable report");
  verify_command->callback([options, &outcome] {
    const auto good = verify(*options);
    if (!good) return report_error(outcome, good.error());
    outcome.status = *good ? kYes : kNo;
  });

  auto* show_command =
      ballot->add_subcommand("show", "List the confirmation codes of a box");
  show_command->add_option("FILE", options->file, "the box")->required();
  show_command->callback([options, &outcome] {
    if (const auto done = show(*options); !done) report_error(outcome, done.error());
  });

  auto* demo = ballot->add_subcommand(
      "sample", "Write a box of random ballots, to try the verifier on");
  demo->add_option("FILE", options->file, "the box to write")->required();
  demo->add_option("--ballots", options->ballots, "how many")->capture_default_str();
  demo->add_option("--challenged", options->challenged, "how many of them challenged")
      ->capture_default_str();
  demo->callback([options, &outcome] {
    if (const auto done = make_demo(*options); !done) {
      report_error(outcome, done.error());
    }
  });
  add_ballot_seal_command(*ballot, outcome);
}

}  // namespace urna::cli
