// SHA-256 and SHA-512 (FIPS 180-4) of public data, by OpenSSL. The algorithm is
// fetched once for the process: the library's one-shot calls fetch it every time and
// cost three times as much on small inputs. Called by the transparency log, Merkle
// trees, transcripts and every file hash.
//
// Thread rule: the functions may be called from any thread; a Sha256 or Sha512 object
// belongs to one thread at a time. Not for secrets: the state is not wiped between
// calls (SecretTranscript is the hash for secrets).
#pragma once

#include "base/bytes.hpp"

#include <initializer_list>
#include <memory>

struct evp_md_ctx_st;

namespace urna::crypto {

using Hash64 = ByteArray<64>;

namespace detail {
struct FreeDigest {
  void operator()(evp_md_ctx_st* context) const;
};
using DigestContext = std::unique_ptr<evp_md_ctx_st, FreeDigest>;
DigestContext new_sha512();
}  // namespace detail

// The hash of one piece, or of several pieces as if they stood one after another.
[[nodiscard]] Hash32 sha256(ByteView bytes);
[[nodiscard]] Hash32 sha256(std::initializer_list<ByteView> pieces);
[[nodiscard]] Hash64 sha512(ByteView bytes);
[[nodiscard]] Hash64 sha512(std::initializer_list<ByteView> pieces);

// SHA-256 of bytes that arrive a piece at a time.
class Sha256 {
 public:
  Sha256();
  void update(ByteView bytes);
  // The hash of everything since construction or the last finish(); starts anew.
  [[nodiscard]] Hash32 finish();

 private:
  detail::DigestContext context_;
};

// SHA-512 of bytes that arrive a piece at a time.
class Sha512 {
 public:
  Sha512();
  void update(ByteView bytes);
  [[nodiscard]] Hash64 finish();

 private:
  detail::DigestContext context_;
};

}  // namespace urna::crypto
