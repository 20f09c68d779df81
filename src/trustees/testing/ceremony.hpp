// A whole key ceremony in memory, for tests and the simulator: n trustees, each with a
// scripted disk and scripted randomness, and the folder of public files between them.
// Key files open at once (CheapKeyFiles). Never part of a released program.
#pragma once

#include "base/testing/scripted.hpp"
#include "base/testing/scripted_files.hpp"
#include "crypto/testing/cheap_key_files.hpp"
#include "trustees/desk.hpp"
#include "trustees/election_key.hpp"

#include <memory>

#include <fmt/format.h>

namespace urna::trustees::testing {

// No word of it may occur in a message: canary_test searches for its parts.
inline constexpr std::string_view kPassphrase = "zebra quartz 4711 mild";

inline TrusteeKeys keys_from_seed(std::uint64_t seed) {
  base::testing::ScriptedRandom random(seed);
  return TrusteeKeys::generate(random).value();
}

struct Person {
  base::testing::ScriptedFiles files;
  std::unique_ptr<base::testing::ScriptedRandom> random;
  std::uint64_t seed = 0;
};

class Ceremony {
 public:
  // Trustee i's keys and randomness follow from `seed` + i.
  Ceremony(std::uint32_t n, std::uint32_t k, std::uint64_t seed = 100,
           Hash32 definition = {7}, std::uint32_t attempt = 1)
      : passphrase_(std::make_unique<crypto::Stretch>(as_bytes(kPassphrase))),
        terms_(make_terms(n, k, seed, definition, attempt)) {
    for (std::uint32_t i = 1; i <= n; ++i) {
      auto person = std::make_unique<Person>();
      person->seed = seed + i;
      person->random =
          std::make_unique<base::testing::ScriptedRandom>((seed + i) * 1000 + attempt);
      (void)person->files.make_folder("private");
      (void)person->files.sync_folder(".");
      people_.push_back(std::move(person));
    }
  }

  static Terms make_terms(std::uint32_t n, std::uint32_t k, std::uint64_t seed,
                          const Hash32& definition, std::uint32_t attempt) {
    std::vector<Member> members;
    for (std::uint32_t i = 1; i <= n; ++i) {
      const TrusteeKeys keys = keys_from_seed(seed + i);
      members.push_back({fmt::format("Trustee {}", static_cast<char>('A' + i - 1)),
                         keys.signing.public_key(), keys.box.public_key()});
    }
    return Terms::make(Hash32{1}, attempt, definition, k, std::move(members)).value();
  }

  [[nodiscard]] const Terms& terms() const { return terms_; }
  [[nodiscard]] Person& person(std::uint32_t i) { return *people_.at(i - 1); }
  [[nodiscard]] Vault vault(std::uint32_t i) {
    return Vault{person(i).files, *person(i).random, *passphrase_,
                 crypto::CheapKeyFiles::cost()};
  }
  [[nodiscard]] Desk desk(std::uint32_t i) {
    return Desk::open(vault(i), "private", terms_, keys_from_seed(person(i).seed))
        .value();
  }

  // The public folder. put() under the usual name replaces; under another adds.
  void put(const Message& message) { put(message, file_name(message.slot)); }
  void put(const Message& message, const std::string& name) {
    files_[name] = message.encode();
  }
  void remove(const std::string& name) { files_.erase(name); }
  [[nodiscard]] Board board() const {
    std::vector<NamedFile> files;
    for (const auto& [name, bytes] : files_) files.push_back({name, bytes});
    return Board::read(terms_, files);
  }
  [[nodiscard]] std::map<std::string, Bytes>& files() { return files_; }

  [[nodiscard]] Result<Message> step(std::uint32_t i, Step step) {
    return step_on(board(), i, step);
  }
  [[nodiscard]] Result<Message> step_on(const Board& board, std::uint32_t i,
                                        Step step) {
    Desk one = desk(i);
    switch (step) {
      case Step::commit:
        return one.commit();
      case Step::reveal:
        return one.reveal(board);
      case Step::shares:
        return one.share(board);
      default:
        return one.confirm(board);
    }
  }

  // Everybody takes every step up to and including `last`, honestly.
  void run_until(Step last) {
    for (const Step one : {Step::commit, Step::reveal, Step::shares, Step::confirm}) {
      const Board seen = board();
      for (std::uint32_t i = 1; i <= terms_.n(); ++i) {
        put(step_on(seen, i, one).value());
      }
      if (one == last) return;
    }
  }

  [[nodiscard]] ElectionKey key() {
    run_until(Step::confirm);
    return ElectionKey::combine(board()).value();
  }
  [[nodiscard]] KeyShare share(std::uint32_t i) {
    return KeyShare::load(vault(i), desk(i).share_path()).value();
  }

 private:
  std::unique_ptr<crypto::Stretch> passphrase_;  // one address while people move
  Terms terms_;
  std::vector<std::unique_ptr<Person>> people_;
  std::map<std::string, Bytes> files_;
};

}  // namespace urna::trustees::testing
