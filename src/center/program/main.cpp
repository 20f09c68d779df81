// urna-center: takes what stations send, verifies it, publishes it.
//
//   urna-center --folder F --record R --log-key K --receipt-key K --tls S --clients CA
//               --passphrase-file P [--side D] [--port 8443] ...
//
// docs/center.md is the guide. One passphrase opens the three key files; it is read
// from a file (a systemd credential, /dev/stdin), never from the command line.
#include "base/encoding.hpp"
#include "base/errors.hpp"
#include "center/pki.hpp"
#include "center/run.hpp"
#include "http/server.hpp"

#include <cstdio>
#include <thread>

#include <CLI/CLI.hpp>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/resource.h>

namespace {

using namespace urna;

struct Options {
  center::CentrePlan plan;
  std::string log_key;
  std::string receipt_key;
  std::string tls;
  std::string clients;
  std::string passphrase_file;
  unsigned publish_every = 1000;
  http::ServerOptions server{.port = 8443, .threads = 16};
};

constexpr std::size_t kMaxFile = 64 * 1024;

// Two programs over one folder would not know of one another's uploads.
Result<void> lock_folder(const std::string& folder) {
  const std::string path = base::join_path(folder, "running");
  const int file =
      ::open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600);
  // Held until the process ends.
  if (file >= 0 && ::flock(file, LOCK_EX | LOCK_NB) == 0) return {};
  return fail(base::errors::file_access,
              fmt::format("another urna-center works in {}", folder), "stop it first");
}

Result<crypto::SecretBytes> read_passphrase(base::FileSystem& files,
                                            const std::string& path) {
  constexpr std::size_t kLongest = 1024;
  URNA_TRY(Bytes bytes, base::read_file(files, path, kLongest));
  const bool line = !bytes.empty() && bytes.back() == '\n';
  auto out = crypto::SecretBytes::copy_of(
      ByteView(bytes).first(bytes.size() - std::size_t{line}));
  crypto::wipe(bytes);
  return out;
}

Result<int> serve(Options options) {
  base::RealFiles files;
  base::SystemClock clock;
  URNA_CHECK(base::make_folder_durable(files, options.plan.folder));
  URNA_CHECK(lock_folder(options.plan.folder));
  URNA_TRY(const auto passphrase, read_passphrase(files, options.passphrase_file));
  const auto signing_key = [&](const std::string& path) -> Result<crypto::SigningKey> {
    URNA_TRY(const Bytes file, base::read_file(files, path, kMaxFile));
    return crypto::open_signing_key(file, path, passphrase.expose());
  };
  URNA_TRY(auto log_key, signing_key(options.log_key));
  URNA_TRY(auto receipt_key, signing_key(options.receipt_key));
  URNA_TRY(const Bytes tls_file, base::read_file(files, options.tls, kMaxFile));
  crypto::Stretch stretch(passphrase.expose());
  auto tls = center::open_identity(tls_file, center::Purpose::server, stretch, clock);
  if (!tls) return std::unexpected(std::move(tls).error().at(options.tls));
  http::ServerTls server_tls{tls->certificates, tls->key, {}};
  URNA_TRY(server_tls.client_roots, base::read_text(files, options.clients, kMaxFile));

  options.plan.publish_every = std::chrono::milliseconds(options.publish_every);
  if (options.plan.places.state.empty()) {
    options.plan.places.state = options.plan.places.record + ".state";
  }
  URNA_TRY(auto centre,
           center::RunningCentre::open(files, clock, options.plan,
                                       std::move(receipt_key), std::move(log_key)));
  options.server.tls = std::move(server_tls);
  http::block_stop_signals();
  URNA_TRY(
      const auto server,
      http::Server::start(center::centre_router(centre->centre()), options.server));
  centre->start();
  fmt::print("receipt key {}\nThe centre is ready at {}\n",
             base::to_hex(centre->centre().intake.key().bytes()), server->url());
  std::fflush(stdout);
  http::wait_for_stop_signal();
  server->stop();
  centre->stop();
  if (const std::string trouble = centre->trouble(); !trouble.empty()) {
    fmt::print(stderr, "{}\n", trouble);
  }
  fmt::print("stopped\n");
  return 0;
}

void add_options(CLI::App& app, Options& options) {
  auto& plan = options.plan;
  app.add_option("--folder", plan.folder,
                 "The centre's own folder: documents, database")
      ->required();
  app.add_option("--record", plan.places.record, "The folder of the public record")
      ->required();
  app.add_option("--record-state", plan.places.state,
                 "The log's private folder (default: RECORD.state)");
  app.add_option("--side", plan.places.side,
                 "Where to write intake.json and lone tally sheets, for a web server");
  app.add_option("--log-key", options.log_key, "The log's signing key file")
      ->required();
  app.add_option("--receipt-key", options.receipt_key,
                 "The key file that signs receipts")
      ->required();
  app.add_option("--tls", options.tls, "From urna pki server")->required();
  app.add_option("--clients", options.clients,
                 "Certificates of the authority of the clients, PEM")
      ->required();
  app.add_option("--passphrase-file", options.passphrase_file, "Of the three key files")
      ->required();
  app.add_option("--workers", plan.workers, "Threads that verify")
      ->check(CLI::Range(1, 256));
  app.add_option("--publish-every", options.publish_every,
                 "Milliseconds between two batches of the log")
      ->check(CLI::Range(10, 3'600'000));
  app.add_option("--backlog-bytes", plan.limits.backlog_bytes,
                 "Packages are turned away while more bytes wait to be verified");
  app.add_option("--spare-bytes", plan.limits.spare_bytes,
                 "Of the disk, kept free; above it nothing is taken");
  app.add_option("--port", options.server.port, "0: any free one");
  app.add_option("--address", options.server.address, "Of the network card");
  app.add_flag("--beyond-this-machine", options.server.beyond_this_machine,
               "Let other machines reach it");
  app.add_option("--host", options.server.hosts,
                 "A name that clients reach it by; repeat");
  app.add_option("--connections", options.server.max_connections,
                 "Open at a time, in all")
      ->check(CLI::Range(8, 20'000));
  app.add_option("--connections-of-one", options.server.max_per_address,
                 "Open at a time, of one address")
      ->check(CLI::Range(1, 20'000));
}

}  // namespace

int main(int argc, char** argv) {
  const rlimit none{0, 0};
  (void)setrlimit(RLIMIT_CORE, &none);  // keys live in memory
  CLI::App app(
      "Takes what polling stations send, verifies it and publishes it.\n\n"
      "docs/center.md is the guide.");
  Options options;
  options.plan.workers = std::max(1U, std::thread::hardware_concurrency());
  add_options(app, options);
  CLI11_PARSE(app, argc, argv);
  const auto status = serve(std::move(options));
  if (status) return *status;
  fmt::print(stderr, "{}\n", status.error().text());
  return 2;
}
