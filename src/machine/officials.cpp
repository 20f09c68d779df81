#include "machine/officials.hpp"

#include "base/binary.hpp"
#include "base/encoding.hpp"
#include "base/errors.hpp"
#include "crypto/errors.hpp"
#include "crypto/pin.hpp"
#include "machine/errors.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace urna::machine {
namespace {

constexpr std::uint32_t kFreeTries = 5;
constexpr std::chrono::seconds kFirstWait{15};
constexpr std::uint32_t kMostDoublings = 12;
constexpr std::size_t kMaxKeyFile = 64 * 1024;

}  // namespace

Result<ClosingHalves> split_closing_key(base::Random& random,
                                        const crypto::BoxSecretKey& key) {
  ClosingHalves halves;
  URNA_CHECK(random.fill(halves.first.writable()));
  for (std::size_t i = 0; i < 32; ++i) {
    halves.second.writable()[i] =
        static_cast<std::uint8_t>(key.expose()[i] ^ halves.first.expose()[i]);
  }
  return halves;
}

Result<crypto::BoxSecretKey> join_closing_key(const ClosingHalf& a,
                                              const ClosingHalf& b,
                                              const crypto::BoxPublicKey& expect) {
  crypto::SecretArray<32> whole;
  for (std::size_t i = 0; i < 32; ++i) {
    whole.writable()[i] = static_cast<std::uint8_t>(a.expose()[i] ^ b.expose()[i]);
  }
  auto key = crypto::BoxSecretKey::from_bytes(whole.expose());
  if (key.public_key() != expect) {
    return fail(errors::closing_key,
                "the two halves are not this station's closing key",
                "bring the sticks of the two officials who keep it");
  }
  return key;
}

Result<Bytes> make_official_file(base::Random& random, const crypto::SigningKey& key,
                                 const ClosingHalf* half, std::string_view pin,
                                 crypto::KeyFileCost cost) {
  if (pin.size() < crypto::kShortestPin) {
    return fail(errors::wrong_pin,
                fmt::format("a PIN has at least {} characters", crypto::kShortestPin));
  }
  crypto::SecretBytes secret(half == nullptr ? 32 : 64);
  std::ranges::copy(key.expose_seed(), secret.writable().begin());
  if (half != nullptr) {
    std::ranges::copy(half->expose(), secret.writable().begin() + 32);
  }
  return crypto::seal_key_file(random, kOfficialKind, key.public_key().bytes(),
                               secret.expose(), crypto::passphrase_of_pin(pin).expose(),
                               cost);
}

Result<std::string> Officials::path(const std::string& stick,
                                    std::string_view file) const {
  const bool plain = !stick.empty() && stick.size() <= 64 && stick[0] != '.' &&
                     stick.find_first_of("/\\") == std::string::npos;
  if (!plain) return fail(errors::not_official, "there is no such stick");
  return base::join_path(base::join_path(sticks_, stick), file);
}

Result<std::vector<std::string>> Officials::sticks() {
  std::vector<std::string> found;
  if (files_.kind(sticks_) != base::FileKind::folder) return found;
  URNA_TRY(const auto names, files_.list(sticks_));
  for (const std::string& name : names) {
    const auto file = path(name, "official.key");
    if (file && files_.kind(*file) == base::FileKind::file) found.push_back(name);
  }
  return found;
}

Result<void> Officials::load() {
  if (loaded_) return {};
  if (files_.kind(state_) != base::FileKind::missing) {
    URNA_TRY(const Bytes bytes, base::read_file(files_, state_, 1 << 20));
    base::Reader r(bytes);
    URNA_TRY(const std::uint32_t count, r.u32());
    for (std::uint32_t i = 0; i < count; ++i) {
      URNA_TRY(std::string key, r.text(64));
      Attempts attempts;
      URNA_TRY(attempts.wrong, r.u32());
      // The steady clock does not survive a restart: the whole wait begins anew.
      attempts.since = clock_.steady();
      attempts_[std::move(key)] = attempts;
    }
    URNA_CHECK(r.finish());
  }
  loaded_ = true;
  return {};
}

Result<void> Officials::save() {
  base::Writer w;
  w.u32(static_cast<std::uint32_t>(attempts_.size()));
  for (const auto& [key, attempts] : attempts_) {
    w.text(key);
    w.u32(attempts.wrong);
  }
  return base::write_durable(files_, state_, w.view());
}

Result<void> Officials::check_lock(const Attempts& attempts) const {
  if (attempts.wrong < kFreeTries) return {};
  const auto wait = kFirstWait * (std::int64_t{1} << std::min(
                                      attempts.wrong - kFreeTries, kMostDoublings));
  const auto passed = clock_.steady() - attempts.since;
  if (passed >= wait) return {};
  const auto left = std::chrono::duration_cast<std::chrono::seconds>(wait - passed);
  return fail(
      errors::locked_out,
      fmt::format("{} wrong PINs: wait {} seconds", attempts.wrong, left.count() + 1),
      "meanwhile ask who holds the stick whether the PIN is right");
}

Result<Present> Officials::prove(const std::vector<SetupOfficial>& known,
                                 const Credential& credential) {
  URNA_CHECK(load());
  URNA_TRY(const std::string file, path(credential.stick, "official.key"));
  URNA_TRY(const Bytes bytes, base::read_file(files_, file, kMaxKeyFile));
  URNA_TRY(const auto header, crypto::read_key_file_header(bytes));
  const auto who = std::ranges::find_if(known, [&](const SetupOfficial& official) {
    return equal(official.key.bytes(), header.public_part);
  });
  if (who == known.end()) {
    return fail(errors::not_official,
                "this stick is not of an official of this station");
  }
  const std::string id = base::to_hex(header.public_part);
  Attempts& attempts = attempts_[id];
  URNA_CHECK(check_lock(attempts));
  // Counted before the try: whoever pulls the plug has used it up.
  ++attempts.wrong;
  attempts.since = clock_.steady();
  URNA_CHECK(save());
  auto secret = crypto::open_key_file(
      bytes, kOfficialKind, crypto::passphrase_of_pin(credential.pin).expose(), cost_);
  if (!secret) {
    if (secret.error().kind != crypto::errors::wrong_passphrase) {
      return std::unexpected(secret.error());
    }
    return fail(
        errors::wrong_pin, "the PIN is wrong",
        fmt::format("{} tries before the machine waits",
                    kFreeTries > attempts.wrong ? kFreeTries - attempts.wrong : 0));
  }
  attempts_.erase(id);
  URNA_CHECK(save());
  if (secret->size() != 32 && secret->size() != 64) {
    return fail(errors::not_official, "the key file holds something else");
  }
  Present present{&*who, crypto::SigningKey::from_seed(secret->expose().first<32>()),
                  std::nullopt};
  if (present.key.public_key() != who->key) {
    return fail(errors::not_official,
                "the key file's two halves do not belong together");
  }
  if (secret->size() == 64) {
    present.half.emplace();
    std::ranges::copy(secret->expose().subspan(32), present.half->writable().begin());
  }
  return present;
}

Result<std::vector<Present>> Officials::prove_two(
    const std::vector<SetupOfficial>& known, const std::vector<Credential>& given) {
  if (given.size() != 2) {
    return fail(errors::two_officials, "two different officials are needed for this");
  }
  std::vector<Present> both;
  for (const Credential& credential : given) {
    URNA_TRY(Present present, prove(known, credential));
    both.push_back(std::move(present));
  }
  if (both[0].who == both[1].who) {
    return fail(errors::two_officials, "this is the same official twice",
                "a second official must present a stick");
  }
  return both;
}

Result<void> Officials::forget_half(const Present& official,
                                    const Credential& credential) {
  URNA_TRY(const std::string file, path(credential.stick, "official.key"));
  URNA_TRY(const Bytes bytes,
           make_official_file(random_, official.key, nullptr, credential.pin, cost_));
  return base::write_durable(files_, file, bytes);
}

Result<std::uint64_t> Officials::freshness(const std::string& stick,
                                           const std::string& device) {
  URNA_TRY(const std::string file, path(stick, "freshness-" + device));
  if (files_.kind(file) == base::FileKind::missing) return std::uint64_t{0};
  URNA_TRY(const Bytes bytes, base::read_file(files_, file, 64));
  base::Reader r(bytes);
  URNA_TRY(const std::uint64_t value, r.u64());
  URNA_CHECK(r.finish());
  return value;
}

Result<void> Officials::set_freshness(const std::string& stick,
                                      const std::string& device, std::uint64_t value) {
  URNA_TRY(const std::string file, path(stick, "freshness-" + device));
  base::Writer w;
  w.u64(value);
  return base::write_durable(files_, file, w.view());
}

}  // namespace urna::machine
