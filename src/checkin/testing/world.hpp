// Check-in of station N01 of examples/town in memory: an authority, one or several
// devices, two officials, a printer that remembers the tokens it printed and fails on
// demand. Tests and benchmarks only.
#pragma once

#include "base/encoding.hpp"
#include "base/json.hpp"
#include "base/testing/scripted.hpp"
#include "base/testing/scripted_files.hpp"
#include "checkin/errors.hpp"
#include "checkin/log_exchange.hpp"
#include "checkin/packing.hpp"
#include "checkin/station.hpp"
#include "crypto/testing/cheap_key_files.hpp"
#include "sheet/check_in_slip.hpp"

#include <cstdlib>

#include <fmt/format.h>

namespace urna::checkin::testing {

class TokenPrinter final : public Printer {
 public:
  Result<void> print(const sheet::Document& document, sheet::Medium) override {
    if (fail) return urna::fail(errors::printer_failed, "no paper");
    ++papers;
    for (const auto& block : document.body) {
      if (const auto* qr = std::get_if<sheet::QrBlock>(&block);
          qr != nullptr && qr->text.size() == 19) {
        tokens.push_back(qr->text);
      }
    }
    return {};
  }
  bool fail = false;
  std::size_t papers = 0;
  std::vector<std::string> tokens;
};

// Gives the pictures that a test put on it, one each.
class TestScanner final : public finger::capture::Scanner {
 public:
  std::string name() const override { return "test scanner"; }
  Result<finger::Image> capture(std::chrono::milliseconds) override { return next; }
  bool synthetic() const override { return invented; }
  finger::Image next;
  bool invented = false;
};

struct World {
  explicit World(std::size_t voters = 6, std::uint32_t device_count = 1,
                 std::uint64_t seed = 1,
                 std::vector<std::vector<StoredPrint>> prints = {},
                 std::string_view mode = "demo")
      : random(seed), authority(crypto::SigningKey::from_seed(ByteArray<32>{7})) {
    auto definition = must(election_files(mode));
    base::Report report;
    parsed = election::parse_definition(definition, report);
    if (!parsed) std::abort();
    Roll roll{parsed->hash(), "N01", {}};
    for (std::size_t v = 0; v < voters; ++v) {
      roll.voters.push_back({fmt::format("V{:05}", v), surname(v), "José María", {}});
    }
    for (std::size_t v = 0; v < std::min(voters, prints.size()); ++v) {
      roll.voters[v].prints = std::move(prints[v]);
    }
    request.definition = definition;
    request.rolls = {roll,
                     Roll{parsed->hash(), "N02", {{"V77777", "Otra", "Ana", {}}}}};
    request.station = "N01";
    request.tokens = static_cast<std::uint32_t>(voters + 4);
    for (const char* stick : {"president", "secretary"}) add_official(stick);
    for (std::uint32_t d = 0; d < device_count; ++d) {
      request.devices.push_back(
          must(make_device(files, random, folder(d + 1), as_bytes(kPassphrase), cost)));
    }
    packed = must(pack_station(random, request, authority));
  }

  template <class T>
  static T must(Result<T> result) {
    if (!result) {
      fmt::print(stderr, "{}\n", result.error().text());
      std::abort();
    }
    return *std::move(result);
  }
  static void must(Result<void> result) {
    if (!result) {
      fmt::print(stderr, "{}\n", result.error().text());
      std::abort();
    }
  }

  // "Peñaaa", "Peñaab", ...
  static std::string surname(std::size_t v) {
    return fmt::format("Peña{}{}", static_cast<char>('a' + v / 26 % 26),
                       static_cast<char>('a' + v % 26));
  }
  static std::string folder(std::uint32_t device) {
    return fmt::format("device{}", device);
  }
  [[nodiscard]] Result<std::unique_ptr<Station>> start(std::uint32_t device = 1,
                                                       Printer* paper = nullptr) {
    auto keys = open_device(files, folder(device), as_bytes(kPassphrase), cost);
    if (!keys) return std::unexpected(keys.error());
    return Station::start(
        {files, random, clock, paper == nullptr ? printer : *paper, &scanner},
        {folder(device), "sticks", cost}, *std::move(keys));
  }
  // With package and certificate, opened.
  [[nodiscard]] std::unique_ptr<Station> ready(std::uint32_t device = 1) {
    auto station = must(start(device));
    if (station->setup() == nullptr) {
      must(station->provision(packed.packages[device - 1], authority.public_key()));
      must(station->certify(certificate(device, station->keys().signing.public_key())));
      must(station->open(both()));
    }
    return station;
  }
  [[nodiscard]] std::string certificate(std::uint32_t device,
                                        const crypto::PublicKey& key) const {
    return must(sheet::Certificate::issue(
                    {parsed->model().mode, parsed->hash(),
                     std::string(sheet::kCheckInRole), "N01", device_label(device)},
                    key, authority))
        .text();
  }
  [[nodiscard]] std::vector<Credential> both() const {
    return {{"president", "12345678"}, {"secretary", "12345678"}};
  }
  [[nodiscard]] static std::string voter(std::size_t v) {
    return fmt::format("V{:05}", v);
  }

  static constexpr std::string_view kPassphrase = "correct horse battery";
  crypto::KeyFileCost cost = crypto::CheapKeyFiles::cost();
  base::testing::ScriptedRandom random;
  base::testing::ScriptedClock clock{1'778'400'000};
  base::testing::ScriptedFiles files;
  TokenPrinter printer;
  TestScanner scanner;
  crypto::SigningKey authority;
  std::optional<election::Definition> parsed;
  PackRequest request;
  Packed packed;

 private:
  Result<election::DefinitionFiles> election_files(std::string_view mode) const {
    base::RealFiles disk;
    base::Report report;
    auto read =
        election::read_definition_files(disk, URNA_SOURCE_DIR "/examples/town", report);
    if (!read) return std::unexpected(report.first_problem());
    for (auto& [name, bytes] : read->files) {
      if (name != "election.json") continue;
      bytes.replace(bytes.find("\"demo\""), 6, fmt::format("\"{}\"", mode));
      bytes.insert(bytes.find('{') + 1,
                   "\"device_authorities\": [\"" +
                       base::to_hex(authority.public_key().bytes()) + "\"],");
    }
    return *read;
  }
  void add_official(const std::string& stick) {
    crypto::SecretArray<32> seed;
    must(random.fill(seed.writable()));
    const auto key = crypto::SigningKey::from_seed(seed.expose());
    const std::string at = base::join_path("sticks", stick);
    must(base::make_folder_durable(files, at));
    must(base::write_durable(files, base::join_path(at, "check-in.key"),
                             must(make_official_file(random, key, "12345678", cost))));
    request.officials.push_back({"OFFICIAL", stick, key.public_key()});
  }
};

}  // namespace urna::checkin::testing
