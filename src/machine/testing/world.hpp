// A station of examples/town in memory: definition, keys whose secrets are known, a
// store on a scripted disk, a printer that fails on demand, tokens. Tests, benchmarks
// and the soak only.
#pragma once

#include "ballot/definition.hpp"
#include "base/testing/scripted.hpp"
#include "base/testing/scripted_files.hpp"
#include "group/secret.hpp"
#include "machine/session.hpp"

#include <memory>
#include <string>
#include <vector>

namespace urna::machine::testing {

// Records what came out of the printer. A piece is what lies between two cuts.
class ScriptedPrinter final : public Printer {
 public:
  struct Piece {
    std::vector<std::string> banners;  // "CAST", "VOID", ...
    std::size_t documents = 0;
    bool whole = false;  // it was cut
  };

  PrinterFault status() override { return fault; }
  Result<void> print(const sheet::Document& document, bool cut) override {
    const std::size_t number = prints++;
    if (number == fail_at) fault = fail_with;
    if (fault != PrinterFault::none) {
      // Torn off in the middle: what is out of the printer is no whole piece.
      if (open) pieces.back().whole = false;
      return printer_error(fault);
    }
    if (!open) pieces.emplace_back();
    for (const auto& block : document.body) {
      if (const auto* banner = std::get_if<sheet::BannerBlock>(&block)) {
        pieces.back().banners.push_back(banner->text);
      }
    }
    ++pieces.back().documents;
    pieces.back().whole = cut;
    open = !cut;
    if (on_print) on_print(number);
    return {};
  }

  // Complete pieces that carry this banner.
  [[nodiscard]] std::size_t count(std::string_view banner) const {
    std::size_t found = 0;
    for (const Piece& piece : pieces) {
      if (piece.whole && std::ranges::count(piece.banners, banner) > 0) ++found;
    }
    return found;
  }

  std::size_t prints = 0;
  std::size_t fail_at = SIZE_MAX;
  PrinterFault fail_with = PrinterFault::jam;
  PrinterFault fault = PrinterFault::none;
  std::vector<Piece> pieces;
  bool open = false;
  std::function<void(std::size_t)> on_print;
};

struct World {
  explicit World(std::uint64_t seed = 1, std::uint32_t sessions = 8,
                 const std::string& station_code = "N01")
      : random(seed),
        clock(1'778'400'000),
        definition(election::load_definition(URNA_SOURCE_DIR "/examples/town").value()),
        station_index(*definition.find_station(station_code)),
        secret(group::SecretScalar::from_u64(123456789)),
        key(ballot::JointKey::make(group::base_mul(secret)).value()),
        station(ballot::station_of(definition, station_index, Hash32{9}, {1}).value()),
        closing(crypto::BoxSecretKey::generate(random).value()),
        device(crypto::SigningKey::from_seed(ByteArray<32>{1})),
        tokens(make_tokens(random, definition.hash(), station_code,
                           station.styles().front().number(), sessions)
                   .value()),
        pool(TokenPool::make(tokens.pool).value()) {
    for (const char* language : {"es", "en"}) {
      slips.emplace(language,
                    Slips::make(ballot_words(definition, station_index, language),
                                election::Mode::official, "S1")
                        .value());
    }
    const auto& style = station.styles().front();
    shape.ballots = 3 * sessions + 8;
    shape.sessions = sessions + 4;
    shape.tokens = sessions;
    shape.ballot_size = static_cast<std::uint32_t>(style.ballot_size());
    shape.opening_size = static_cast<std::uint32_t>(style.opening_size());
    shape.record_size =
        static_cast<std::uint32_t>(style.options() + 4 + crypto::kBoxOverhead);
  }

  [[nodiscard]] SessionParts parts(VoteStore& store) {
    return {store,   printer,
            random,  clock,
            station, 1,
            key,     closing.public_key(),
            device,  definition.hash(),
            pool,    slips,
            "es",    2,
            nullptr};
  }
  void make_store() {
    auto made = VoteStore::create(files, random, "votes", shape);
    if (!made) std::abort();
  }
  [[nodiscard]] VoteStore open_store() {
    return VoteStore::open(files, random, "votes").value();
  }

  base::testing::ScriptedRandom random;
  base::testing::ScriptedClock clock;
  base::testing::ScriptedFiles files;
  ScriptedPrinter printer;
  election::Definition definition;
  election::StationIndex station_index;
  group::SecretScalar secret;
  ballot::JointKey key;
  ballot::Station station;
  crypto::BoxSecretKey closing;
  crypto::SigningKey device;
  NewTokens tokens;
  TokenPool pool;
  std::map<std::string, Slips> slips;
  StoreShape shape;
};

}  // namespace urna::machine::testing
