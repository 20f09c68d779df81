// urna-checkin: the service behind the poll workers' screen.
//
//   urna-checkin --demo         a station of examples/town with invented voters and
//                               synthetic fingers, in a new folder of its own
//   urna-checkin --folder F --sticks S --passphrase-file P
//                (--printer DEVICE | --tray FOLDER)
//                [--reader libfprint|folder:DIR|synthetic]
//                [--anchor KEY --package P] [--certificate C]
//                               a device of a station
//   urna-checkin demo-roll ...  the invented voters as a table for `urna roll import`
//
// It listens on this machine's loopback address only. Core dumps are switched off:
// names, templates and tokens live in memory.
#include "base/encoding.hpp"
#include "checkin/api.hpp"
#include "checkin/demo.hpp"
#include "checkin/errors.hpp"
#include "finger/capture/folder_scanner.hpp"
#include "finger/capture/fprint_scanner.hpp"
#include "http/server.hpp"

#include <cstdio>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <sys/resource.h>

namespace {

using namespace urna;

struct Options {
  bool demo = false;
  bool morning = false;
  std::string folder = "check-in-demo";
  std::string sticks, anchor, package, certificate, passphrase_file, reader, tray,
      printer;
  std::string web = "build/web/checkin";
  checkin::DemoPlan plan;
  std::string out;
  std::uint16_t port = 8081;
};

int complain(const Error& error) {
  fmt::print(stderr, "{}\n", error.text());
  return 2;
}

Result<int> serve(checkin::Station& station, base::FileSystem& files,
                  const Options& options, std::optional<checkin::Demo> demo) {
  const bool pages = files.kind(options.web) == base::FileKind::folder;
  checkin::Api api(station, files, pages ? options.web : std::string(),
                   std::move(demo));
  URNA_TRY(const auto server,
           http::Server::start(api.router(), {.port = options.port,
                                              // A finger is waited for on one of them.
                                              .threads = 4}));
  fmt::print("Check-in is ready at {}\n", server->url());
  if (!pages)
    fmt::print("There is no page in '{}': only the service runs.\n", options.web);
  std::fflush(stdout);
  http::wait_for_stop_signal();
  server->stop();
  return 0;
}

struct Reader {
  std::unique_ptr<finger::capture::Scanner> scanner;  // null: there is none
  checkin::SyntheticScanner* synthetic = nullptr;
};

Result<Reader> open_reader(base::FileSystem& files, const std::string& asked) {
  constexpr std::string_view kFolder = "folder:";
  Reader out;
  if (asked == "libfprint") {
    URNA_TRY(out.scanner, finger::capture::FprintScanner::open());
  } else if (asked == "synthetic") {
    auto synthetic = std::make_unique<checkin::SyntheticScanner>();
    out.synthetic = synthetic.get();
    out.scanner = std::move(synthetic);
  } else if (asked.starts_with(kFolder)) {
    out.scanner = std::make_unique<finger::capture::FolderScanner>(
        files, asked.substr(kFolder.size()));
  } else if (!asked.empty()) {
    return fail(checkin::errors::not_ready,
                fmt::format("there is no reader '{}'", asked),
                "libfprint, folder:DIR or synthetic");
  }
  return out;
}

struct PaperOut {
  std::unique_ptr<sheet::PrinterLine> line;
  std::unique_ptr<checkin::Printer> printer;
};

Result<PaperOut> open_printer(base::FileSystem& files, const Options& options) {
  PaperOut out;
  if (!options.tray.empty()) {
    out.printer = std::make_unique<checkin::FolderPrinter>(files, options.tray);
    return out;
  }
  out.line = sheet::open_device_line(options.printer);
  if (out.line == nullptr) {
    return fail(checkin::errors::printer_failed,
                fmt::format("no printer at '{}'", options.printer),
                "check its cable and power, and name it with --printer");
  }
  out.printer = std::make_unique<checkin::RollPrinter>(*out.line);
  return out;
}

// What stands beside a station whose reader takes synthetic fingers.
checkin::Demo demonstration(const Options& options, checkin::SyntheticScanner& scanner,
                            std::string tray,
                            std::vector<checkin::Credential> officials) {
  const auto put = [&options, &scanner, touch = std::uint64_t{0}](
                       const std::string& id, finger::FingerPosition position,
                       checkin::Placing placing) mutable {
    return checkin::put_demo_finger(scanner, options.plan, id, position, ++touch,
                                    placing);
  };
  return {std::move(tray), std::move(officials), put,
          checkin::demo_ids_with_prints(options.plan)};
}

Result<int> run_demo(const Options& options) {
  base::RealFiles files;
  base::SystemRandom random;
  base::SystemClock clock;
  if (files.kind(options.folder) != base::FileKind::missing) {
    return fail(checkin::errors::not_ready,
                fmt::format("'{}' is there already", options.folder),
                "remove it or name another folder with --folder");
  }
  URNA_TRY(const Reader reader,
           open_reader(files, options.reader.empty() ? "synthetic" : options.reader));
  const std::string tray = base::join_path(options.folder, "tray");
  checkin::FolderPrinter printer(files, tray);
  fmt::print("Making a demonstration of check-in in '{}' ...\n", options.folder);
  std::fflush(stdout);
  checkin::Place place;
  place.folder = base::join_path(options.folder, "device");
  place.sticks = base::join_path(options.folder, "sticks");
  URNA_TRY(const auto demo,
           checkin::make_demo({files, random, clock, printer, reader.scanner.get()},
                              place, options.plan, !options.morning));
  for (const auto& official : demo.officials) {
    fmt::print("Official: stick '{}', PIN {}\n", official.stick, official.pin);
  }
  fmt::print("Voters with synthetic fingers: {} to {}\n", demo.with_prints.front(),
             demo.with_prints.back());
  if (reader.synthetic == nullptr)
    return serve(*demo.station, files, options, std::nullopt);
  return serve(*demo.station, files, options,
               demonstration(options, *reader.synthetic, tray, demo.officials));
}

// The PINs that a demonstration keeps beside its sticks, as NAME.pin.
std::vector<checkin::Credential> demo_pins(base::FileSystem& files,
                                           const checkin::Station& station,
                                           const std::string& sticks) {
  std::vector<checkin::Credential> out;
  const auto plugged_in = station.officials().sticks();
  if (!plugged_in) return out;
  for (const checkin::Stick& stick : *plugged_in) {
    const auto pin =
        base::read_text(files, base::join_path(sticks, stick.name + ".pin"), 4096);
    if (stick.official && pin)
      out.push_back({stick.name, pin->substr(0, pin->find('\n'))});
  }
  return out;
}

Result<crypto::SecretBytes> passphrase(base::FileSystem& files,
                                       const Options& options) {
  URNA_TRY(std::string text, base::read_text(files, options.passphrase_file, 4096));
  if (text.ends_with('\n')) text.pop_back();
  auto out = crypto::SecretBytes::copy_of(as_bytes(text));
  crypto::wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
  return out;
}

Result<int> run_station(const Options& options) {
  base::RealFiles files;
  base::SystemRandom random;
  base::SystemClock clock;
  URNA_TRY(const auto secret, passphrase(files, options));
  URNA_TRY(auto keys, checkin::open_device(files, options.folder, secret.expose(),
                                           crypto::KeyFileCost::standard()));
  URNA_TRY(const PaperOut paper, open_printer(files, options));
  URNA_TRY(const Reader reader, open_reader(files, options.reader));
  checkin::Place place;
  place.folder = options.folder;
  place.sticks = options.sticks;
  URNA_TRY(const auto station,
           checkin::Station::start(
               {files, random, clock, *paper.printer, reader.scanner.get()}, place,
               std::move(keys)));
  if (!options.package.empty()) {
    URNA_TRY(const Bytes anchor_bytes, base::from_hex(options.anchor));
    URNA_TRY(const auto anchor, crypto::PublicKey::decode(anchor_bytes));
    URNA_TRY(const Bytes package, base::read_file(files, options.package, 256u << 20));
    URNA_CHECK(station->provision(package, anchor));
  }
  if (!options.certificate.empty()) {
    URNA_TRY(std::string text, base::read_text(files, options.certificate, 4096));
    while (!text.empty() && text.back() == '\n') text.pop_back();
    URNA_CHECK(station->certify(text));
  }
  if (reader.synthetic == nullptr) return serve(*station, files, options, std::nullopt);
  return serve(*station, files, options,
               demonstration(options, *reader.synthetic, options.tray,
                             demo_pins(files, *station, options.sticks)));
}

Result<int> write_roll(const Options& options) {
  base::RealFiles files;
  URNA_CHECK(checkin::write_demo_roll(files, options.out, options.plan));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("Check-in's service. See docs/check-in.md and docs/check-in-api.md.");
  app.add_flag("--demo", options.demo, "a station of examples/town, synthetic fingers");
  app.add_flag("--morning", options.morning,
               "the demonstration begins before the officials have opened it");
  app.add_option("--folder", options.folder, "the device's own folder");
  app.add_option("--sticks", options.sticks, "the folder in which sticks appear");
  app.add_option("--anchor", options.anchor, "the authority's public key, hexadecimal");
  app.add_option("--package", options.package, "a check-in package to accept");
  app.add_option("--certificate", options.certificate, "the authority's certificate");
  app.add_option("--passphrase-file", options.passphrase_file,
                 "the passphrase that opens the device");
  app.add_option("--reader", options.reader,
                 "libfprint; folder:DIR, where a reader's program saves pictures; or "
                 "synthetic, for demonstrations");
  app.add_option("--printer", options.printer, "the receipt printer's device file");
  app.add_option("--tray", options.tray,
                 "a folder instead of a printer; not for official elections");
  app.add_option("--web", options.web, "the folder of the page");
  app.add_option("--definition", options.plan.definition,
                 "definition of the demonstration");
  app.add_option("--station", options.plan.station, "station of the demonstration");
  app.add_option("--port", options.port, "0: any free one");
  CLI::App* roll = app.add_subcommand(
      "demo-roll", "Write a demonstration's invented voters for 'urna roll import'");
  roll->add_option("--definition", options.plan.definition, "folder of the definition");
  roll->add_option("--station", options.plan.station,
                   "whose first voters have stored prints");
  roll->add_option("--voters", options.plan.voters, "of that station");
  roll->add_option("--elsewhere", options.plan.elsewhere, "of every other station");
  roll->add_option("--fingers", options.plan.with_prints,
                   "how many of them have stored prints");
  roll->add_option("--out", options.out, "a new folder")->required();
  CLI11_PARSE(app, argc, argv);
  const rlimit none{0, 0};
  (void)setrlimit(RLIMIT_CORE, &none);
  http::block_stop_signals();
  const auto done = roll->parsed() ? write_roll(options)
                    : options.demo ? run_demo(options)
                                   : run_station(options);
  return done ? *done : complain(done.error());
}
