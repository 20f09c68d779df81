#include "crypto/sha256.hpp"

#include "crypto/openssl.hpp"

#include <openssl/evp.h>

namespace urna::crypto {

namespace detail {

void FreeDigest::operator()(evp_md_ctx_st* context) const {
  EVP_MD_CTX_free(context);
}

}  // namespace detail

namespace {

using detail::DigestContext;
using detail::must;

const EVP_MD* fetch(const char* name) {
  const EVP_MD* algorithm = EVP_MD_fetch(nullptr, name, nullptr);
  must(algorithm != nullptr, name);
  return algorithm;
}

const EVP_MD* sha256_algorithm() {
  static const EVP_MD* const algorithm = fetch("SHA2-256");
  return algorithm;
}

const EVP_MD* sha512_algorithm() {
  static const EVP_MD* const algorithm = fetch("SHA2-512");
  return algorithm;
}

DigestContext new_context(const EVP_MD* algorithm) {
  DigestContext context(EVP_MD_CTX_new());
  must(context != nullptr, "EVP_MD_CTX_new");
  must(EVP_DigestInit_ex2(context.get(), algorithm, nullptr) == 1, "EVP_DigestInit");
  return context;
}

void feed(EVP_MD_CTX* context, ByteView bytes) {
  must(EVP_DigestUpdate(context, bytes.data(), bytes.size()) == 1, "EVP_DigestUpdate");
}

// Leaves the context ready for the next message of the same algorithm.
template <std::size_t N>
ByteArray<N> take(EVP_MD_CTX* context) {
  ByteArray<N> hash;
  unsigned int length = 0;
  must(EVP_DigestFinal_ex(context, hash.data(), &length) == 1 && length == N,
       "EVP_DigestFinal");
  must(EVP_DigestInit_ex2(context, nullptr, nullptr) == 1, "EVP_DigestInit");
  return hash;
}

template <std::size_t N>
ByteArray<N> hash_pieces(EVP_MD_CTX* context, std::span<const ByteView> pieces) {
  for (const ByteView piece : pieces) feed(context, piece);
  return take<N>(context);
}

}  // namespace

detail::DigestContext detail::new_sha512() {
  return new_context(sha512_algorithm());
}

namespace {

EVP_MD_CTX* thread_sha256() {
  thread_local const DigestContext context = new_context(sha256_algorithm());
  return context.get();
}

EVP_MD_CTX* thread_sha512() {
  thread_local const DigestContext context = new_context(sha512_algorithm());
  return context.get();
}

}  // namespace

Hash32 sha256(ByteView bytes) {
  return hash_pieces<32>(thread_sha256(), std::span(&bytes, 1));
}

Hash32 sha256(std::initializer_list<ByteView> pieces) {
  return hash_pieces<32>(thread_sha256(), std::span(pieces.begin(), pieces.size()));
}

Hash64 sha512(ByteView bytes) {
  return hash_pieces<64>(thread_sha512(), std::span(&bytes, 1));
}

Hash64 sha512(std::initializer_list<ByteView> pieces) {
  return hash_pieces<64>(thread_sha512(), std::span(pieces.begin(), pieces.size()));
}

Sha256::Sha256() : context_(new_context(sha256_algorithm())) {}
void Sha256::update(ByteView bytes) {
  feed(context_.get(), bytes);
}
Hash32 Sha256::finish() {
  return take<32>(context_.get());
}

Sha512::Sha512() : context_(new_context(sha512_algorithm())) {}
void Sha512::update(ByteView bytes) {
  feed(context_.get(), bytes);
}
Hash64 Sha512::finish() {
  return take<64>(context_.get());
}

}  // namespace urna::crypto
