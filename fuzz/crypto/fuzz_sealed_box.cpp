// A box opens only when it is the very one that was sealed. The input is a box, and
// says how an honest box is changed: triples of a position (two bytes) and what is
// added to the byte there. Keys are read from the input too.
#include "crypto/box.hpp"
#include "crypto/sign.hpp"

#include <cstdlib>

using namespace urna;
using namespace urna::crypto;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto receiver = BoxSecretKey::from_bytes(ByteArray<32>{3});
  static const auto ephemeral = BoxSecretKey::from_bytes(ByteArray<32>{2});
  static const Bytes honest =
      seal_box(receiver.public_key(), ephemeral, "fuzz", as_bytes("forty-two"));
  const ByteView input(data, size);

  const auto opens = [](ByteView box) {
    const auto by_receiver = open_box(receiver, "fuzz", box);
    const auto by_sender =
        open_as_sender(receiver.public_key(), ephemeral.expose(), "fuzz", box);
    if (by_receiver.has_value() != by_sender.has_value()) {
      // Only another ephemeral key tells them apart.
      if (box.size() < 32 || equal(box.first(32), ByteView(honest).first(32))) {
        std::abort();
      }
    }
    return by_receiver.has_value();
  };
  if (opens(input) && !equal(input, honest)) std::abort();
  Bytes changed = honest;
  for (std::size_t i = 0; i + 2 < size; i += 3) {
    const std::size_t at = (data[i] | std::size_t{data[i + 1]} << 8) % changed.size();
    changed[at] = static_cast<std::uint8_t>(changed[at] + data[i + 2]);
  }
  if (opens(changed) != equal(changed, honest)) std::abort();

  if (const auto key = BoxPublicKey::decode(input)) {
    if (!equal(key->bytes(), input)) std::abort();
  }
  if (const auto key = PublicKey::decode(input)) {
    if (!equal(key->bytes(), input)) std::abort();
  }
  return 0;
}
