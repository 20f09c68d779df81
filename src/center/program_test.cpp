// The program itself, killed over and over while stations send: whatever was answered
// with a receipt is there afterwards, with the same receipt, and is published once.
#include "base/encoding.hpp"
#include "center/pki.hpp"
#include "center/sender.hpp"
#include "center/testing/centre_world.hpp"
#include "crypto/key_file.hpp"
#include "crypto/sha256.hpp"
#include "record/checkpoint.hpp"

#include <atomic>
#include <map>
#include <mutex>
#include <random>
#include <thread>

#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>

extern char** environ;

namespace urna::center {
namespace {

using record::testing::known_key;
using testing::document_of;
using testing::TempFolder;
using testing::town;

constexpr std::string_view kPassphrase = "correct horse battery";
constexpr int kKills = 6;

// Everything that urna-center needs, in a folder.
class Place {
 public:
  Place() {
    root_ =
        maker_.authority({Purpose::authority, "Town CA", {}, 400}, stretch_).value();
    write("ca.pem", as_bytes(certificates_of(root_).value()));
    write("tls", issue({Purpose::server, "centre", {"127.0.0.1"}, 9}));
    write("pass", as_bytes(kPassphrase));
    write("log.key", key_file("log"));
    write("receipts.key", key_file("centre"));
    make_record();
  }
  [[nodiscard]] std::string at(std::string_view name) const { return folder_.at(name); }
  [[nodiscard]] http::ClientTls client(const std::string& name) {
    const Bytes file = issue({Purpose::client, name, {}, 9});
    const auto identity =
        open_identity(file, Purpose::client, stretch_, clock_).value();
    return {certificates_of(root_).value(), identity.certificates, identity.key};
  }
  base::RealFiles files;

 private:
  Bytes issue(const PkiPlan& plan) {
    return maker_.issue(plan, root_, stretch_, stretch_).value();
  }
  Bytes key_file(std::string_view name) {
    const auto key = known_key(name);
    return crypto::seal_key_file(random_, crypto::kSigningKeyKind,
                                 key.public_key().bytes(), key.expose_seed(), stretch_)
        .value();
  }
  void write(std::string_view name, ByteView bytes) {
    ASSERT_TRUE(base::write_durable(files, at(name), bytes));
  }
  void make_record() {
    ASSERT_TRUE(base::make_folder_durable(files, at("record")));
    ASSERT_TRUE(base::make_folder_durable(files, at("record.state")));
    const auto lock = log::open_sqlite_lock(at("record.state/lock.sqlite")).value();
    auto signer = log::NoteSigner::make(std::string(record::testing::kOrigin),
                                        log::KeyType::ed25519, known_key("log"));
    auto recorder = record::Recorder::create(files, {at("record"), at("record.state")},
                                             *lock, clock_, *std::move(signer))
                        .value();
    ASSERT_TRUE(recorder.add(testing::morning(town())));
  }

  TempFolder folder_;
  base::SystemClock clock_;
  base::SystemRandom random_;
  PkiMaker maker_{clock_, random_};
  crypto::Stretch stretch_{as_bytes(kPassphrase)};
  Bytes root_;
};

class Program {
 public:
  explicit Program(Place& place) : place_(place) {}
  ~Program() { kill(); }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  // Gives the port; the same one again after the first start.
  std::uint16_t start() {
    const std::string log = place_.at("log");
    std::vector<std::string> words{URNA_BINARY_DIR "/bin/urna-center"};
    const auto option = [&](std::string name, std::string value) {
      words.push_back("--" + std::move(name));
      words.push_back(std::move(value));
    };
    option("folder", place_.at("centre"));
    option("record", place_.at("record"));
    option("log-key", place_.at("log.key"));
    option("receipt-key", place_.at("receipts.key"));
    option("tls", place_.at("tls"));
    option("clients", place_.at("ca.pem"));
    option("passphrase-file", place_.at("pass"));
    option("publish-every", "50");
    option("spare-bytes", "1000000");
    option("port", std::to_string(port_));
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, log.c_str(),
                                     O_CREAT | O_TRUNC | O_WRONLY, 0600);
    posix_spawn_file_actions_adddup2(&actions, 1, 2);
    EXPECT_EQ(posix_spawn(&pid_, argv[0], &actions, nullptr, argv.data(), environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    return wait_for_port(log);
  }
  void kill() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }

 private:
  std::uint16_t wait_for_port(const std::string& log) {
    constexpr std::string_view kReady = "ready at https://127.0.0.1:";
    for (int i = 0; i < 600; ++i) {
      const auto text = base::read_text(place_.files, log);
      const std::size_t at = text ? text->find(kReady) : std::string::npos;
      if (at != std::string::npos && text->find('\n', at) != std::string::npos) {
        port_ = static_cast<std::uint16_t>(std::stoi(text->substr(at + kReady.size())));
        return port_;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    ADD_FAILURE() << base::read_text(place_.files, log).value_or("no log");
    return 0;
  }

  Place& place_;
  pid_t pid_ = 0;
  std::uint16_t port_ = 0;
};

std::vector<Bytes> documents() {
  std::vector<Bytes> out;
  for (const auto& station : town().stations()) {
    out.push_back(document_of(town(), "package", station.code));
  }
  for (int i = 0; i < 120; ++i) {
    sheet::SheetFields fields = town().stations()[0].sheet;
    fields.software = fmt::format("R{}", i);
    out.push_back(to_bytes(
        as_bytes(sheet::to_file_text(town().sign_sheet(fields, "UM-000001")))));
  }
  return out;
}

TEST(CentreProgram, KilledOverAndOverItKeepsEveryReceipt) {
  Place place;
  Program program(place);
  const std::uint16_t port = program.start();
  ASSERT_NE(port, 0);
  const auto all = documents();
  SenderOptions options;
  options.url = fmt::format("https://127.0.0.1:{}", port);
  options.client.tls = place.client("point P1");
  options.centre_key = known_key("centre").public_key();
  options.patience = std::chrono::seconds(120);

  std::map<std::size_t, std::string> receipts;
  std::mutex mutex;
  std::atomic<std::size_t> next = 0;
  {
    std::vector<std::jthread> clients;
    for (int c = 0; c < 3; ++c) {
      clients.emplace_back([&] {
        Sender to(options);
        for (std::size_t i = next++; i < all.size(); i = next++) {
          const auto sent = to.send(all[i]);
          ASSERT_TRUE(sent) << sent.error().text();
          const std::lock_guard lock(mutex);
          receipts[i] = sent->received_file;
          // Stretched, so that every kill falls into the work.
          std::this_thread::sleep_for(std::chrono::milliseconds(30));
        }
      });
    }
    std::mt19937 moments(2026);
    for (int k = 0; k < kKills; ++k) {
      std::this_thread::sleep_for(std::chrono::milliseconds(moments() % 400));
      program.kill();
      ASSERT_EQ(program.start(), port);
    }
  }
  ASSERT_EQ(receipts.size(), all.size());
  Sender again(options);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto sent = again.send(all[i]);
    ASSERT_TRUE(sent) << sent.error().text();
    EXPECT_EQ(sent->received_file, receipts[i]);
    EXPECT_EQ(sent->bytes, 0U);
  }
  // Packages are published, each once.
  std::map<std::string, int> packages;
  for (int t = 0; t < 200 && packages.size() < town().stations().size(); ++t) {
    packages.clear();
    const auto scan = record::scan_log(
        place.files, place.at("record"), [&](std::uint64_t, const Bytes& entry) {
          const auto document = log::parse_document(entry);
          if (document && document->kind == "package") ++packages[document->name];
        });
    ASSERT_TRUE(scan) << scan.error().text();
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  EXPECT_EQ(packages.size(), town().stations().size());
  for (const auto& [station, count] : packages) EXPECT_EQ(count, 1) << station;
}

}  // namespace
}  // namespace urna::center
