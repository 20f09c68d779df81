// The tokens of one device, each handed out once. A file of equal slots, written whole
// when the package is accepted, in an order drawn at random: a slot holds a sealed
// token, or random bytes once it was taken. Taking overwrites one slot, so the file
// never grows, and neither its bytes nor its one time of change say in which order
// tokens were taken. No slot, and nothing else that check-in stores, names a voter.
// docs/formats/token-drawer.md has the bytes.
//
// Thread rule: one thread. Tokens are secrets until used.
#pragma once

#include "base/clock.hpp"
#include "base/file.hpp"
#include "checkin/tokens.hpp"
#include "crypto/secret.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace urna::checkin {

class TokenDrawer {
 public:
  // Writes the file in an order of its own; replaces what is there.
  [[nodiscard]] static Result<void> create(base::FileSystem& files,
                                           base::Random& random,
                                           const std::string& path,
                                           std::span<const std::uint8_t, 32> key,
                                           std::vector<Token> tokens);
  [[nodiscard]] static Result<TokenDrawer> open(base::FileSystem& files,
                                                base::Random& random,
                                                const std::string& path,
                                                crypto::SecretArray<32> key);

  // A token of this style at random; its slot is overwritten, durably, before this
  // returns. A power cut on the way loses the token and gives it to nobody. Errors:
  // no_tokens, and those of the disk, after which the drawer must not be used.
  [[nodiscard]] Result<ByteArray<kTokenBytes>> take(std::uint32_t style);

  [[nodiscard]] std::size_t size() const { return slots_; }
  [[nodiscard]] std::size_t left() const { return free_.size(); }
  [[nodiscard]] std::size_t taken() const { return slots_ - free_.size(); }
  [[nodiscard]] bool has(std::uint32_t style) const;

 private:
  struct Free {
    std::uint32_t slot;
    std::uint32_t style;
  };
  TokenDrawer(std::unique_ptr<base::File> file, base::Random& random,
              crypto::SecretArray<32> key)
      : file_(std::move(file)), random_(&random), key_(std::move(key)) {}
  [[nodiscard]] Result<std::optional<Token>> read(std::uint32_t slot);

  std::unique_ptr<base::File> file_;
  base::Random* random_;
  crypto::SecretArray<32> key_;
  std::size_t slots_ = 0;
  std::vector<Free> free_;
};

}  // namespace urna::checkin
