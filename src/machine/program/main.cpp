// urna-machine: the service behind the voting machine's screen.
//
//   urna-machine --demo            a station of examples/town, polls open, in a folder
//                                  of its own; prints the address to open in a browser;
//                                  goes on with the demonstration that it finds there
//   urna-machine package ...       the authority: package, tokens and officials' sticks
//                                  for one machine
//   urna-machine --folder F --sticks S --anchor KEY [--package P] [--certificate C]
//                (--printer DEVICE | --cups QUEUE | --tray FOLDER)
//
// It listens on this machine's loopback address only. Core dumps are switched off,
// because choices live in memory (in locked pages that are never paged out).
#include "base/encoding.hpp"
#include "base/process.hpp"
#include "http/server.hpp"
#include "machine/api.hpp"
#include "machine/cups.hpp"
#include "machine/demo.hpp"
#include "machine/errors.hpp"
#include "machine/program/package_command.hpp"

#include <cstdio>
#include <thread>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <sys/resource.h>

namespace {

using namespace urna;

struct Options {
  bool demo = false;
  bool morning = false;
  bool sound = false;
  std::uint32_t patience = 180;
  std::string folder = "machine-demo";
  std::string sticks;
  std::string web = "build/web/machine";
  std::string anchor;
  std::string package;
  std::string certificate;
  std::string device = "M1";
  std::string printer;
  std::string cups;
  std::string tray;
  // What `urna center send` needs to know; no address: no transmission.
  std::string centre;
  std::string centre_certificate;
  std::string centre_authority;
  std::string centre_passphrase;
  std::string definition = "examples/town";
  std::string station = "N01";
  std::uint16_t port = 8080;
};

int complain(const Error& error) {
  fmt::print(stderr, "{}\n", error.text());
  return 2;
}

machine::Patience patience_of(const Options& options) {
  machine::Patience patience;
  patience.limit = std::chrono::seconds(options.patience);
  return patience;
}

// What is in memory stays there.
void lock_down() {
  const rlimit none{0, 0};
  (void)setrlimit(RLIMIT_CORE, &none);
}

Result<int> serve(machine::Machine& machine, base::FileSystem& files,
                  const Options& options, std::optional<machine::Demo> demo) {
  const bool pages = files.kind(options.web) == base::FileKind::folder;
  machine::Api api(machine, files, pages ? options.web : std::string(),
                   std::move(demo));
  URNA_TRY(const auto server,
           http::Server::start(api.router(), {.port = options.port}));
  fmt::print("The machine is ready at {}\n", server->url());
  if (!pages)
    fmt::print("There is no page in '{}': only the service runs.\n", options.web);
  std::fflush(stdout);
  {
    std::jthread clock([&](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        std::this_thread::sleep_for(std::chrono::milliseconds(500));
        api.tick();
      }
    });
    http::wait_for_stop_signal();
  }
  server->stop();
  return 0;
}

Result<int> run_demo(const Options& options) {
  base::RealFiles files;
  base::SystemRandom random;
  base::SystemClock clock;
  const std::string memory = base::join_path(options.folder, "demo.json");
  const bool again = files.kind(memory) == base::FileKind::file;
  if (!again && files.kind(options.folder) != base::FileKind::missing) {
    return fail(
        machine::errors::store_not_empty,
        fmt::format("'{}' is there already, and is no demonstration", options.folder),
        "remove it or name another folder with --folder");
  }
  const std::string tray = base::join_path(options.folder, "tray");
  machine::FolderPrinter printer(files, tray);
  machine::Place place;
  place.folder = base::join_path(options.folder, "device");
  place.sticks = base::join_path(options.folder, "sticks");
  place.device = options.device;
  place.keeping_printer = true;
  place.patience = patience_of(options);
  machine::DemoPlan plan;
  plan.definition = options.definition;
  plan.station = options.station;
  plan.open = !options.morning;
  if (options.sound && !again) {
    URNA_TRY(plan.words, machine::read_page_words(files, options.web));
  }
  fmt::print("{} a demonstration station in '{}' ...\n",
             again ? "Going on with" : "Making", options.folder);
  std::fflush(stdout);
  const machine::Ports ports{files, random, clock, printer};
  URNA_TRY(auto station, again ? machine::resume_demo(ports, place, memory)
                               : machine::make_demo(ports, place, plan));
  for (const auto& official : station.officials) {
    fmt::print("Official: stick '{}', PIN {}\n", official.stick, official.pin);
  }
  URNA_CHECK(machine::save_demo(files, memory, station));
  const auto token = [&]() -> std::string {
    std::string text = machine::take_token(station);
    // Forgotten, it would only be handed out twice.
    (void)machine::save_demo(files, memory, station);
    return text;
  };
  if (!again) fmt::print("Tokens to vote with: {}  {}\n", token(), token());
  return serve(*station.machine, files, options,
               machine::Demo{&printer, tray, token,
                             [&station] { return machine::demo_slip(station); },
                             station.officials});
}

// The centre's own program sends: it goes on where a transfer broke off and checks the
// centre's receipt, which stays in the machine's folder.
machine::Transmit transmit_of(const Options& options) {
  if (options.centre.empty()) return {};
  return [options](const std::string& folder) -> Result<void> {
    std::vector<std::string> words{
        "urna",          "center",
        "send",          folder,
        "--to",          options.centre,
        "--certificate", options.centre_certificate,
        "--receipts",    base::join_path(base::parent_folder(folder), "receipts"),
        "--patience",    "60"};
    const auto add = [&](const char* name, const std::string& value) {
      if (!value.empty()) words.insert(words.end(), {name, value});
    };
    add("--authority", options.centre_authority);
    add("--passphrase-file", options.centre_passphrase);
    URNA_TRY(const auto ran,
             base::run_program(words, {}, std::chrono::milliseconds(120'000)));
    if (ran.status == 0) return {};
    return fail(machine::errors::not_transmitted,
                "the centre did not take the package, or cannot be reached");
  };
}

Result<int> run_station(const Options& options) {
  base::RealFiles files;
  base::SystemRandom random;
  base::SystemClock clock;
  URNA_TRY(const auto anchor_bytes, base::from_hex(options.anchor));
  URNA_TRY(const auto anchor, crypto::PublicKey::decode(anchor_bytes));
  // A printer that keeps what it prints is for tests; the machine refuses it otherwise.
  std::unique_ptr<sheet::PrinterLine> line;
  std::unique_ptr<machine::Printer> printer;
  if (!options.tray.empty()) {
    printer = std::make_unique<machine::FolderPrinter>(files, options.tray);
  } else if (!options.cups.empty()) {
    URNA_TRY(printer, machine::CupsPrinter::open(options.cups));
  } else {
    line = sheet::open_device_line(options.printer);
    if (line == nullptr) {
      return fail(machine::errors::printer_failed,
                  fmt::format("no printer at '{}'", options.printer),
                  "check its cable and power, and name it with --printer");
    }
    printer = std::make_unique<machine::EscPosPrinter>(*line);
  }
  machine::Place place;
  place.keeping_printer = !options.tray.empty();
  place.folder = options.folder;
  place.sticks = options.sticks;
  place.device = options.device;
  place.patience = patience_of(options);
  place.transmit = transmit_of(options);
  URNA_TRY(const auto machine,
           machine::Machine::start({files, random, clock, *printer}, place, anchor));
  if (!options.package.empty()) {
    URNA_TRY(const Bytes package, base::read_file(files, options.package, 64u << 20));
    URNA_CHECK(machine->provision(package));
    URNA_TRY(const auto key, machine->device_key());
    fmt::print("Device key to certify: {}\n", base::to_hex(key.bytes()));
  }
  if (!options.certificate.empty()) {
    URNA_TRY(std::string text, base::read_text(files, options.certificate, 4096));
    while (!text.empty() && text.back() == '\n') text.pop_back();
    URNA_CHECK(machine->certify(text));
  }
  return serve(*machine, files, options, std::nullopt);
}

const CLI::App* add_package_command(CLI::App& app, machine::PackageOptions& o) {
  CLI::App* command = app.add_subcommand(
      "package", "Make the package, tokens and officials' sticks for one machine");
  command->add_option("--definition", o.definition, "folder of the definition")
      ->required();
  command->add_option("--station", o.station, "code of the station")->required();
  command->add_option("--election-key", o.election_key,
                      "record of the key ceremony; demonstrations have none");
  command->add_option("--key", o.key, "the authority's key file")->required();
  command->add_option("--passphrase-file", o.passphrase_file, "its passphrase")
      ->required();
  auto* pool =
      command->add_option("--token-pool", o.token_pool,
                          "the pool that 'urna roll package' made for the station");
  auto* fresh =
      command->add_option("--tokens", o.tokens, "how many new tokens, without a pool")
          ->excludes(pool);
  command
      ->add_option("--tokens-of", o.tokens_of,
                   "the first machine's package: a spare one has its tokens")
      ->excludes(pool)
      ->excludes(fresh);
  command->add_flag("--sound", o.sound, "espeak-ng speaks the ballot into the package");
  command->add_option("--web", o.web, "the folder of the page, whose words it speaks");
  command->add_option("--role", o.roles,
                      "officials; the first two keep the closing key");
  command->add_option("--issue", o.issue, "grows with every package of a station");
  command->add_option("--segment", o.segment, "2 and more: a spare machine");
  command->add_option("--out", o.out, "a new folder")->required();
  return command;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("The voting machine's service. See docs/machine-api.md.");
  app.add_flag("--demo", options.demo, "a station of examples/town, polls open");
  app.add_flag("--morning", options.morning,
               "the demonstration begins before the test, with closed polls");
  app.add_flag(
      "--sound", options.sound,
      "the demonstration's ballot speaks (espeak-ng renders it, half a minute)");
  app.add_option("--patience", options.patience,
                 "seconds that a screen waits for a voter")
      ->check(CLI::Range(10, 3600));
  app.add_option("--folder", options.folder, "the machine's own folder");
  app.add_option("--sticks", options.sticks, "the folder in which sticks appear");
  app.add_option("--web", options.web, "the folder of the page");
  app.add_option("--anchor", options.anchor, "the authority's public key, hexadecimal");
  app.add_option("--package", options.package, "a machine package to accept");
  app.add_option("--certificate", options.certificate, "the authority's certificate");
  app.add_option("--device", options.device, "this machine's label");
  app.add_option("--printer", options.printer, "the receipt printer's device file");
  app.add_option("--cups", options.cups,
                 "a raw queue of CUPS that keeps nothing, instead of a device file");
  app.add_option("--tray", options.tray,
                 "a folder instead of a printer; not for official elections");
  app.add_option("--centre", options.centre,
                 "where 'urna center send' transmits: https://centre.example:8443");
  app.add_option("--centre-certificate", options.centre_certificate,
                 "this machine's TLS certificate and key, from 'urna pki client'");
  app.add_option("--centre-authority", options.centre_authority,
                 "who signed the centre's certificate");
  app.add_option("--centre-passphrase-file", options.centre_passphrase,
                 "the passphrase of the certificate's key");
  app.add_option("--definition", options.definition, "definition of the demonstration");
  app.add_option("--station", options.station, "station of the demonstration");
  app.add_option("--port", options.port, "0: any free one");
  machine::PackageOptions package;
  const CLI::App* package_command = add_package_command(app, package);
  CLI11_PARSE(app, argc, argv);
  lock_down();
  if (package_command->parsed()) {
    const auto made = machine::make_package(package);
    return made ? 0 : complain(made.error());
  }
  http::block_stop_signals();
  const auto done = options.demo ? run_demo(options) : run_station(options);
  return done ? *done : complain(done.error());
}
