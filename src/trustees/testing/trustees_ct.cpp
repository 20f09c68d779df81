// Run under valgrind by the tests trustees_ct and trustees_ct_leak: a partial
// decryption, a signature, and dealing and summing shares, with every secret marked
// undefined, so that valgrind reports every branch and every index that depends on one.
// With --leak it branches on a secret on purpose, which proves that the check can fail.
#include "base/testing/scripted.hpp"
#include "group/testing/ct_mark.hpp"
#include "trustees/coefficient_proof.hpp"
#include "trustees/decryption_proof.hpp"
#include "trustees/payload.hpp"

#include <cstdio>
#include <cstring>

namespace {

using namespace urna;
using namespace urna::trustees;

// Everything drawn is secret.
class MarkedRandom final : public base::Random {
 public:
  Result<void> fill(std::span<std::uint8_t> out) override {
    URNA_CHECK(source_.fill(out));
    group::testing::mark_secret(out);
    return {};
  }

 private:
  base::testing::ScriptedRandom source_{1};
};

bool decrypt(base::Random& random, const SecretScalar& z, const Element& public_share) {
  DecryptionStatement<R> statement{Hash32{1}, "0101", Hash32{2}, {}};
  for (std::uint64_t i = 1; i <= 4; ++i) {
    const Element alpha = R::base_mul(Scalar::from_u64(i));
    statement.fields.push_back({alpha, alpha});
  }
  const auto share = prove_decryption<R>(random, statement, 1, z, public_share);
  return share && decryption_holds<R>(statement, *share, public_share);
}

bool deal(base::Random& random) {
  auto polynomial = Polynomial<R>::draw(random, 3);
  if (!polynomial) return false;
  const auto commitments = polynomial->commitments();
  for (const Element& element : commitments) ballot::declassify(element);
  const auto proof = prove_coefficient<R>(
      random, {{}, 1, 0}, polynomial->coefficients()[0], commitments[0]);
  const SecretScalar sum = polynomial->share(1) + polynomial->share(2);
  const Element in_public = R::base_mul(sum);
  ballot::declassify(in_public);
  return proof &&
         in_public == public_share<R>(commitments, 1) + public_share<R>(commitments, 2);
}

bool sign(base::Random& random) {
  ByteArray<32> seed;
  if (!random.fill(seed)) return false;
  const auto key = crypto::SigningKey::from_seed(seed);
  const crypto::Signature signature = key.sign("decryption", as_bytes("a statement"));
  ballot::declassify(key);
  ballot::declassify(signature);
  return crypto::verifies(key.public_key(), "decryption", as_bytes("a statement"),
                          signature);
}

}  // namespace

int main(int argc, char** argv) {
  const bool leak = argc > 1 && std::strcmp(argv[1], "--leak") == 0;
  MarkedRandom random;
  const auto z = draw_scalar<R>(random);
  if (!z) return 2;
  if (leak && z->secret_bytes()[0] == 1) std::puts("planted leak");
  const Element public_share = R::base_mul(*z);
  ballot::declassify(public_share);
  if (!decrypt(random, *z, public_share) || !deal(random) || !sign(random)) return 2;
  if (!group::testing::running_under_valgrind()) {
    std::puts("run me under valgrind");
    return 2;
  }
  return group::testing::reported_errors() == 0 ? 0 : 9;
}
