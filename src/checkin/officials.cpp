#include "checkin/officials.hpp"

#include "checkin/errors.hpp"
#include "crypto/errors.hpp"
#include "crypto/pin.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace urna::checkin {
namespace {

constexpr std::string_view kKind = "check-in-official";
constexpr std::string_view kKeyFile = "check-in.key";
constexpr std::uint32_t kFreeTries = 5;
constexpr std::chrono::seconds kFirstWait{15};
constexpr std::uint32_t kMostDoublings = 10;

}  // namespace

Result<Bytes> make_official_file(base::Random& random, const crypto::SigningKey& key,
                                 std::string_view pin, crypto::KeyFileCost cost) {
  if (pin.size() < crypto::kShortestPin) {
    return fail(crypto::errors::weak_passphrase,
                fmt::format("a PIN has at least {} characters", crypto::kShortestPin));
  }
  return crypto::seal_key_file(random, kKind, key.public_key().bytes(),
                               key.expose_seed(),
                               crypto::passphrase_of_pin(pin).expose(), cost);
}

Result<std::string> Officials::stick_folder(const std::string& stick) const {
  const bool plain = !stick.empty() && stick.size() <= 64 && stick[0] != '.' &&
                     stick.find_first_of("/\\") == std::string::npos;
  if (!plain) return fail(errors::not_official, "there is no such stick");
  return base::join_path(sticks_, stick);
}

Result<std::vector<Stick>> Officials::sticks() const {
  URNA_TRY(const auto names, files_.list(sticks_));
  std::vector<Stick> out;
  for (const std::string& name : names) {
    const auto folder = stick_folder(name);
    if (!folder || files_.kind(*folder) != base::FileKind::folder) continue;
    out.push_back({name, files_.kind(base::join_path(*folder, kKeyFile)) ==
                             base::FileKind::file});
  }
  return out;
}

Result<std::uint8_t> Officials::prove(const std::vector<Official>& known,
                                      const Credential& given) {
  URNA_TRY(const std::string folder, stick_folder(given.stick));
  Tries& tries = tries_[given.stick];
  if (tries.wrong >= kFreeTries) {
    const auto wait =
        kFirstWait * (1U << std::min(tries.wrong - kFreeTries, kMostDoublings));
    if (clock_.steady() - tries.last < wait) {
      return fail(errors::too_many_tries,
                  fmt::format("too many wrong PINs for stick '{}'", given.stick),
                  "wait, or bring another official");
    }
  }
  URNA_TRY(const Bytes file,
           base::read_file(files_, base::join_path(folder, kKeyFile), 64 * 1024));
  URNA_TRY(const auto header, crypto::read_key_file_header(file));
  const auto opened = crypto::open_key_file(
      file, kKind, crypto::passphrase_of_pin(given.pin).expose(), cost_);
  if (!opened) {
    ++tries.wrong;
    tries.last = clock_.steady();
    return std::unexpected(opened.error());
  }
  tries.wrong = 0;
  if (opened->size() != 32)
    return fail(errors::not_official, "this is no official's key");
  const auto key = crypto::SigningKey::from_seed(opened->expose().first<32>());
  const auto found = std::ranges::find(known, key.public_key(), &Official::key);
  if (found == known.end()) {
    return fail(errors::not_official, "this official does not serve at this station");
  }
  return static_cast<std::uint8_t>(found - known.begin() + 1);
}

Result<std::pair<std::uint8_t, std::uint8_t>> Officials::prove_two(
    const std::vector<Official>& known, const std::vector<Credential>& given) {
  if (given.size() != 2) {
    return fail(errors::not_official, "two officials must decide this together",
                "each presents a stick and its PIN");
  }
  URNA_TRY(const std::uint8_t a, prove(known, given[0]));
  URNA_TRY(const std::uint8_t b, prove(known, given[1]));
  if (a == b) {
    return fail(errors::not_official, "these are one and the same official",
                "bring the second official");
  }
  return std::pair(a, b);
}

}  // namespace urna::checkin
