// Run under valgrind by the tests group_secret_ct and group_secret_ct_leak: every
// operation on secret scalars, with the secrets marked undefined, so that valgrind
// reports every branch and every index that depends on them. Sealing, partial
// decryption and proofs are made of these operations. With --leak it branches on a
// secret on purpose, which proves that the check can fail.
#include "group/secret.hpp"
#include "group/testing/ct_mark.hpp"

#include <cstdio>
#include <cstring>

namespace {

using namespace urna;
using namespace urna::group;

SecretScalar marked(std::uint8_t seed) {
  ByteArray<64> wide;
  for (std::size_t i = 0; i < wide.size(); ++i) {
    wide[i] = static_cast<std::uint8_t>(seed + 37 * i);
  }
  testing::mark_secret(wide);
  return SecretScalar::from_wide(wide);
}

// What is published, and may be branched on afterwards.
void publish(const Element& e) {
  testing::mark_public(e.bytes());
}

void use_all_operations(std::uint8_t bit) {
  const SecretScalar a = marked(1);
  const SecretScalar b = marked(2);
  const Scalar challenge = Scalar::from_u64(0x123456789abcdef0);
  const SecretScalar chosen = SecretScalar::select(bit, a, b);
  const SecretScalar response = a + challenge * b - (-chosen) * b.clone();
  const Element published = base_mul(response);
  const Element shared = mul(chosen, Element::generator());
  const Element either = select(bit, published, shared);
  publish(published);
  publish(shared);
  publish(either);
  if ((published + shared).is_identity() || either.is_identity()) std::puts("identity");
  const Scalar opened = response.declassify();
  testing::mark_public(
      {reinterpret_cast<const std::uint8_t*>(opened.limbs().data()), Scalar::size});
  if (base_mul(opened) != published) std::puts("wrong product");
}

}  // namespace

int main(int argc, char** argv) {
  const bool leak = argc > 1 && std::strcmp(argv[1], "--leak") == 0;
  std::uint8_t bit = 1;
  testing::mark_secret({&bit, 1});
  use_all_operations(bit);
  const SecretScalar secret = marked(3);
  if (leak && (secret.secret_bytes()[0] & 1) != 0) std::puts("planted leak");
  if (!testing::running_under_valgrind()) {
    std::puts("run me under valgrind");
    return 2;
  }
  return testing::reported_errors() == 0 ? 0 : 9;
}
