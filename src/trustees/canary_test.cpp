// Nothing secret leaves a trustee's program: every secret of a whole ceremony and a
// decryption is searched for, as bytes, hexadecimal and base64, in everything that is
// published, printed, reported as an error or written to a disk.
#include "base/encoding.hpp"
#include "trustees/testing/station.hpp"

#include <gtest/gtest.h>

namespace urna::trustees {
namespace {

using testing::Ceremony;

class Canaries {
 public:
  // Any eight bytes of a secret count as a leak.
  void plant(ByteView secret) {
    for (std::size_t at = 0; at + 8 <= secret.size(); at += 8) {
      const ByteView part = secret.subspan(at, 8);
      needles_.push_back(std::string(as_text(part)));
      needles_.push_back(base::to_hex(part));
    }
    needles_.push_back(base::to_base64(secret).substr(0, 16));
  }
  [[nodiscard]] bool found_in(std::string_view text) const {
    return std::ranges::any_of(needles_, [&](const std::string& needle) {
      return text.find(needle) != std::string_view::npos;
    });
  }

 private:
  std::vector<std::string> needles_;
};

TEST(Canary, TheSearchItselfFindsAPlantedSecret) {
  Canaries canaries;
  const Bytes secret = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
  canaries.plant(secret);
  EXPECT_TRUE(canaries.found_in("xx" + base::to_hex(secret)));
  EXPECT_TRUE(canaries.found_in(as_text(secret)));
  EXPECT_TRUE(canaries.found_in("key: " + base::to_base64(secret)));
  EXPECT_FALSE(canaries.found_in("nothing of the kind"));
}

TEST(Canary, NoSecretIsEverPublishedPrintedOrStoredInTheClear) {
  Ceremony ceremony(3, 2);
  std::string output;
  const auto print = [&](std::string_view text) { output += text; };
  const auto print_error = [&](const auto& result) {
    if (!result) print(result.error().text());
  };
  print_error(ceremony.step(1, Step::reveal));  // refused: too early
  ceremony.run_until(Step::shares);
  print_error(ceremony.desk(1).complain(ceremony.board(), 2));
  print_error(ceremony.desk(1).answer(ceremony.board(), 2));
  ceremony.run_until(Step::confirm);
  const ElectionKey key = ElectionKey::combine(ceremony.board()).value();
  print(progress_text(ceremony.board()));
  print(as_text(key.encode()));

  Canaries canaries;
  canaries.plant(as_bytes(testing::kPassphrase));
  for (std::uint32_t i = 1; i <= 3; ++i) {
    const TrusteeKeys keys = testing::keys_from_seed(ceremony.person(i).seed);
    canaries.plant(keys.signing.expose_seed());
    canaries.plant(keys.box.expose());
    canaries.plant(ceremony.share(i).secret.secret_bytes());
    const auto memory =
        CeremonyMemory::load(ceremony.vault(i), ceremony.desk(i).memory_path(),
                             ceremony.terms().binding(), i)
            .value();
    std::vector<SecretScalar> polynomial;
    for (const SecretScalar& one : memory.polynomial) {
      canaries.plant(one.secret_bytes());
      polynomial.push_back(one.clone());
    }
    for (const auto& ephemeral : memory.ephemerals) canaries.plant(ephemeral.expose());
    const Polynomial<R> p(std::move(polynomial));
    for (std::uint32_t l = 1; l <= 3; ++l) canaries.plant(p.share(l).secret_bytes());
  }

  base::testing::ScriptedRandom random(4);
  const testing::Witnesses witnesses;
  const StationSums sums = testing::sums_of(random, key.key(), {{3, 4, 0}}, 7);
  for (std::uint32_t l = 1; l <= 2; ++l) {
    auto desk = DecryptionDesk::open(ceremony.person(l).files, random, "private/ledger",
                                     key, ceremony.share(l),
                                     testing::keys_from_seed(ceremony.person(l).seed),
                                     witnesses.policy(), {})
                    .value();
    print_error(desk.decrypt(sums, {}, nullptr));
    const auto partial =
        desk.decrypt(sums, witnesses.receipt(package_entry(sums)), nullptr);
    print(as_text(partial.value().encode()));
  }
  for (const auto& [name, bytes] : ceremony.files()) print(as_text(bytes));
  for (std::uint32_t i = 1; i <= 3; ++i) {
    auto& files = ceremony.person(i).files;
    const auto names = files.list("private").value();
    for (const std::string& name : names) {
      const std::string path = "private/" + name;
      if (files.kind(path) != base::FileKind::file) continue;
      print(as_text(base::read_file(files, path).value()));
    }
    crypto::Stretch wrong(as_bytes("another passphrase"));
    Vault vault = ceremony.vault(i);
    const Vault other{vault.files, vault.random, wrong, vault.cost};
    print_error(KeyShare::load(other, ceremony.desk(i).share_path()));
  }
  EXPECT_GT(output.size(), 10'000u);
  EXPECT_FALSE(canaries.found_in(output));
}

}  // namespace
}  // namespace urna::trustees
