// urna-checkin: the service behind the poll workers' screen.
//
//   urna-checkin --demo         a station of examples/town with invented voters and
//                               synthetic fingers, in a new folder of its own
//   urna-checkin --folder F --sticks S --anchor KEY [--package P] [--certificate C]
//                               a device; asks for the passphrase that opens it
//
// It listens on this machine's loopback address only. Core dumps are switched off:
// names, templates and tokens live in memory.
#include "base/encoding.hpp"
#include "checkin/api.hpp"
#include "checkin/demo.hpp"
#include "checkin/errors.hpp"
#include "finger/capture/folder_scanner.hpp"
#include "http/server.hpp"

#include <cstdio>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <sys/resource.h>

namespace {

using namespace urna;

struct Options {
  bool demo = false;
  std::string folder = "check-in-demo";
  std::string sticks, anchor, package, certificate, passphrase_file, scanner, tray;
  std::string web = "build/web/checkin";
  std::string definition = "examples/town";
  std::string station = "N01";
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
           http::Server::start(api.router(), {.port = options.port}));
  fmt::print("Check-in is ready at {}\n", server->url());
  if (!pages)
    fmt::print("There is no page in '{}': only the service runs.\n", options.web);
  std::fflush(stdout);
  http::wait_for_stop_signal();
  server->stop();
  return 0;
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
  const std::string tray = base::join_path(options.folder, "tray");
  checkin::FolderPrinter printer(files, tray);
  checkin::SyntheticScanner scanner;
  checkin::DemoPlan plan;
  plan.definition = options.definition;
  plan.station = options.station;
  fmt::print("Making a demonstration of check-in in '{}' ...\n", options.folder);
  std::fflush(stdout);
  checkin::Place place;
  place.folder = base::join_path(options.folder, "device");
  place.sticks = base::join_path(options.folder, "sticks");
  URNA_TRY(const auto demo,
           checkin::make_demo({files, random, clock, printer, &scanner}, place, plan));
  for (const auto& official : demo.officials) {
    fmt::print("Official: stick '{}', PIN {}\n", official.stick, official.pin);
  }
  fmt::print("Voters with synthetic fingers: {} to {}\n", demo.with_prints.front(),
             demo.with_prints.back());
  std::uint64_t touch = 0;
  const auto put = [&](const std::string& id,
                       finger::FingerPosition position) -> Result<void> {
    for (std::size_t v = 0; v < demo.with_prints.size(); ++v) {
      if (demo.with_prints[v] != id) continue;
      scanner.put(checkin::demo_impression(plan, v, position, ++touch));
      return {};
    }
    return fail(checkin::errors::not_found, "this voter has no synthetic fingers");
  };
  return serve(*demo.station, files, options,
               checkin::Demo{tray, demo.officials, put, demo.with_prints});
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
  checkin::FolderPrinter printer(files, options.tray);
  std::unique_ptr<finger::capture::Scanner> scanner;
  if (!options.scanner.empty()) {
    scanner = std::make_unique<finger::capture::FolderScanner>(files, options.scanner);
  }
  checkin::Place place;
  place.folder = options.folder;
  place.sticks = options.sticks;
  URNA_TRY(const auto station,
           checkin::Station::start({files, random, clock, printer, scanner.get()},
                                   place, std::move(keys)));
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
  return serve(*station, files, options, std::nullopt);
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("Check-in's service. See docs/check-in.md and docs/check-in-api.md.");
  app.add_flag("--demo", options.demo, "a station of examples/town, synthetic fingers");
  app.add_option("--folder", options.folder, "the device's own folder");
  app.add_option("--sticks", options.sticks, "the folder in which sticks appear");
  app.add_option("--anchor", options.anchor, "the authority's public key, hexadecimal");
  app.add_option("--package", options.package, "a check-in package to accept");
  app.add_option("--certificate", options.certificate, "the authority's certificate");
  app.add_option("--passphrase-file", options.passphrase_file,
                 "the passphrase that opens the device");
  app.add_option("--scanner", options.scanner,
                 "folder in which a scanner's program saves pictures");
  app.add_option("--tray", options.tray, "folder that stands for the printer");
  app.add_option("--web", options.web, "the folder of the page");
  app.add_option("--definition", options.definition, "definition of the demonstration");
  app.add_option("--station", options.station, "station of the demonstration");
  app.add_option("--port", options.port, "0: any free one");
  CLI11_PARSE(app, argc, argv);
  const rlimit none{0, 0};
  (void)setrlimit(RLIMIT_CORE, &none);
  http::block_stop_signals();
  const auto done = options.demo ? run_demo(options) : run_station(options);
  return done ? *done : complain(done.error());
}
