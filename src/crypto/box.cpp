#include "crypto/box.hpp"

#include "crypto/errors.hpp"
#include "crypto/sodium.hpp"
#include "crypto/transcript.hpp"

#include <fmt/format.h>
#include <sodium.h>

namespace urna::crypto {

namespace {

constexpr std::size_t kTag = crypto_box_MACBYTES;
static_assert(kBoxOverhead == 32 + kTag);

// Each ephemeral key makes one box, so the nonce need not be random: it binds the
// context and both keys instead.
ByteArray<24> nonce_of(const BoxPublicKey& receiver, ByteView ephemeral,
                       std::string_view context) {
  const Hash32 hash =
      Transcript("box").text(context).bytes(receiver.bytes()).bytes(ephemeral).hash32();
  ByteArray<24> nonce;
  std::copy_n(hash.begin(), nonce.size(), nonce.begin());
  return nonce;
}

std::unexpected<Error> not_opened(std::string_view why) {
  return fail(errors::box_not_opened, fmt::format("the box cannot be opened: {}", why));
}

// `theirs` and `own` are the two halves that make the shared key.
Result<SecretBytes> open_with(ByteView theirs, ByteView own, ByteView box,
                              const ByteArray<24>& nonce) {
  const ByteView sealed = box.subspan(32);
  SecretBytes message(sealed.size() - kTag);
  if (crypto_box_open_easy(message.writable().data(), sealed.data(), sealed.size(),
                           nonce.data(), theirs.data(), own.data()) != 0) {
    return not_opened("it was made for another key or purpose, or was changed");
  }
  return message;
}

}  // namespace

Result<BoxPublicKey> BoxPublicKey::decode(ByteView bytes) {
  if (bytes.size() != 32) {
    return fail(errors::bad_box_key,
                fmt::format("a box key has 32 bytes, this has {}", bytes.size()));
  }
  detail::start_sodium();
  // Canonical: below p = 2^255 - 19, written ed ff .. ff 7f.
  const bool above =
      bytes[31] > 0x7f || (bytes[31] == 0x7f && bytes[0] >= 0xed &&
                           std::ranges::all_of(bytes.subspan(1, 30),
                                               [](auto byte) { return byte == 0xff; }));
  // A multiple of eight kills exactly the points of small order; libsodium then gives
  // zero and says so.
  ByteArray<32> eight{};
  eight[0] = 8;
  ByteArray<32> product;
  if (above || crypto_scalarmult(product.data(), eight.data(), bytes.data()) != 0) {
    return fail(errors::bad_box_key, "the 32 bytes are not a usable X25519 key",
                "ask the owner for the key again");
  }
  ByteArray<32> copy;
  std::ranges::copy(bytes, copy.begin());
  return BoxPublicKey(copy);
}

BoxSecretKey BoxSecretKey::from_bytes(std::span<const std::uint8_t, 32> bytes) {
  detail::start_sodium();
  SecretArray<32> secret;
  std::ranges::copy(bytes, secret.writable().begin());
  ByteArray<32> public_bytes;
  crypto_scalarmult_base(public_bytes.data(), bytes.data());
  return BoxSecretKey(std::move(secret), BoxPublicKey(public_bytes));
}

Result<BoxSecretKey> BoxSecretKey::generate(base::Random& random) {
  SecretArray<32> secret;
  URNA_CHECK(random.fill(secret.writable()));
  return from_bytes(secret.expose());
}

Bytes seal_box(const BoxPublicKey& receiver, const BoxSecretKey& ephemeral,
               std::string_view context, ByteView message) {
  const ByteArray<32>& public_half = ephemeral.public_key().bytes();
  const ByteArray<24> nonce = nonce_of(receiver, public_half, context);
  Bytes box(kBoxOverhead + message.size());
  std::ranges::copy(public_half, box.begin());
  // Fails only for receivers of small order, which BoxPublicKey excludes.
  if (crypto_box_easy(box.data() + 32, message.data(), message.size(), nonce.data(),
                      receiver.bytes().data(), ephemeral.expose().data()) != 0) {
    std::abort();
  }
  return box;
}

Result<Bytes> seal_box(base::Random& random, const BoxPublicKey& receiver,
                       std::string_view context, ByteView message) {
  URNA_TRY(const BoxSecretKey ephemeral, BoxSecretKey::generate(random));
  return seal_box(receiver, ephemeral, context, message);
}

Result<SecretBytes> open_box(const BoxSecretKey& receiver, std::string_view context,
                             ByteView box) {
  if (box.size() < kBoxOverhead) return not_opened("it is too short");
  const ByteView ephemeral = box.first(32);
  return open_with(ephemeral, receiver.expose(), box,
                   nonce_of(receiver.public_key(), ephemeral, context));
}

Result<SecretBytes> open_as_sender(const BoxPublicKey& receiver,
                                   std::span<const std::uint8_t, 32> ephemeral_secret,
                                   std::string_view context, ByteView box) {
  if (box.size() < kBoxOverhead) return not_opened("it is too short");
  const ByteView ephemeral = box.first(32);
  if (!equal(BoxSecretKey::from_bytes(ephemeral_secret).public_key().bytes(),
             ephemeral)) {
    return not_opened("the secret given is not the one it was made with");
  }
  return open_with(receiver.bytes(), ephemeral_secret, box,
                   nonce_of(receiver, ephemeral, context));
}

}  // namespace urna::crypto
