#include "checkin/token_drawer.hpp"

#include "base/binary.hpp"
#include "checkin/errors.hpp"
#include "crypto/secret_box.hpp"

#include <algorithm>

namespace urna::checkin {
namespace {

constexpr std::size_t kSlot = crypto::kSecretBoxOverhead + kTokenBytes + 4;

Bytes slot_context(std::uint32_t slot) {
  base::Writer w;
  w.text("token-drawer");
  w.u32(slot);
  return std::move(w).take();
}

}  // namespace

Result<void> TokenDrawer::create(base::FileSystem& files, base::Random& random,
                                 const std::string& path,
                                 std::span<const std::uint8_t, 32> key,
                                 std::vector<Token> tokens) {
  for (std::size_t i = tokens.size(); i > 1; --i) {
    URNA_TRY(const std::uint64_t other, random.below(i));
    std::swap(tokens[i - 1], tokens[static_cast<std::size_t>(other)]);
  }
  Bytes content;
  for (std::uint32_t slot = 0; slot < tokens.size(); ++slot) {
    base::Writer w;
    w.fixed(tokens[slot].bytes);
    w.u32(tokens[slot].style);
    URNA_TRY(const Bytes box,
             crypto::seal_secret_box(random, key, slot_context(slot), w.view()));
    append(content, box);
  }
  return base::write_durable(files, path, content);
}

Result<TokenDrawer> TokenDrawer::open(base::FileSystem& files, base::Random& random,
                                      const std::string& path,
                                      crypto::SecretArray<32> key) {
  URNA_TRY(auto file, files.open(path, base::OpenMode::update));
  // A run that was killed may have left a write that only the system's memory holds: a
  // slot that reads as taken must stay taken after a power cut.
  URNA_CHECK(file->sync());
  TokenDrawer out(std::move(file), random, std::move(key));
  URNA_TRY(const std::uint64_t size, out.file_->size());
  if (size % kSlot != 0) {
    return fail(errors::store_damaged, "the token drawer has a broken slot",
                "restore nothing from a copy: ask the electoral authority");
  }
  out.slots_ = static_cast<std::size_t>(size / kSlot);
  for (std::uint32_t slot = 0; slot < out.slots_; ++slot) {
    URNA_TRY(const auto token, out.read(slot));
    if (token) out.free_.push_back({slot, token->style});
  }
  return out;
}

Result<std::optional<Token>> TokenDrawer::read(std::uint32_t slot) {
  URNA_TRY(const Bytes box, file_->read_at(std::uint64_t{slot} * kSlot, kSlot));
  const auto opened = crypto::open_secret_box(key_.expose(), slot_context(slot), box);
  if (!opened) return std::optional<Token>();
  base::Reader r(*opened);
  Token token;
  URNA_TRY(token.bytes, r.array<kTokenBytes>());
  URNA_TRY(token.style, r.u32());
  return std::optional(token);
}

bool TokenDrawer::has(std::uint32_t style) const {
  return std::ranges::find(free_, style, &Free::style) != free_.end();
}

Result<ByteArray<kTokenBytes>> TokenDrawer::take(std::uint32_t style) {
  std::vector<std::size_t> fitting;
  for (std::size_t i = 0; i < free_.size(); ++i) {
    if (free_[i].style == style) fitting.push_back(i);
  }
  if (fitting.empty()) {
    return fail(errors::no_tokens, "no activation token is left for this ballot",
                "two officials begin the session at the voting machine");
  }
  URNA_TRY(const std::uint64_t pick, random_->below(fitting.size()));
  const std::size_t at = fitting[static_cast<std::size_t>(pick)];
  const std::uint32_t slot = free_[at].slot;
  URNA_TRY(const auto token, read(slot));
  if (!token) {
    return fail(errors::store_damaged, "a token that was free is gone");
  }
  Bytes noise(kSlot);
  URNA_CHECK(random_->fill(noise));
  URNA_CHECK(file_->write_at(std::uint64_t{slot} * kSlot, noise));
  URNA_CHECK(file_->sync());
  free_[at] = free_.back();
  free_.pop_back();
  return token->bytes;
}

}  // namespace urna::checkin
