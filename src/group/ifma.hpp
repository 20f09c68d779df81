// The AVX-512 IFMA implementations, called by point.cpp and ifma_window.cpp when
// cpu_path() says so.
//
// The files behind it (ifma_decode.cpp, ifma_msm.cpp) are compiled for AVX-512, so they
// must not instantiate templates or emit inline functions that other files share: the
// linker might keep the AVX-512 copy for everybody. Hence plain pointers here.
#pragma once

#include "base/bytes.hpp"
#include "group/edwards.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace urna::group::ifma {

// Decodes `count` encodings as decode_batch_var does: full RFC 9496 validity; the
// identity and 0 where an encoding is refused.
void decode(const ByteArray<32>* encodings, std::size_t count, Extended* points,
            std::uint8_t* valid);

// A point with Z = 1 as sixteen words: Y + X, Y - X, 2dT, and one word unused.
struct alignas(64) PackedPoint {
  std::uint64_t words[16];
};
[[nodiscard]] PackedPoint pack(const AffineCached& p);

// A sum of points: X, Y, Z, T of five words each, and four words unused.
struct alignas(64) Bucket {
  std::uint64_t words[24];
};

inline constexpr std::uint32_t kSignBit = std::uint32_t{1} << 31;

// The points of one window by bucket: entries[begin[b]] to entries[begin[b + 1]] are
// the indices of the points whose digit is b + 1 or, with kSignBit set, -(b + 1).
// `order` lists the buckets, largest first. `identity` is the index of the identity.
struct SortedDigits {
  const std::uint32_t* begin;
  const std::uint32_t* entries;
  const std::uint32_t* order;
  std::size_t bucket_count;  // a power of two, at least 8
  std::uint32_t identity;
};

// buckets[b] = the sum of the points of bucket b.
void sum_buckets(const PackedPoint* points, const SortedDigits& sorted,
                 Bucket* buckets);

// Lane j takes the j-th eighth of the buckets and gives running[j] = the sum of its
// buckets and total[j] = the sum of (position in the eighth + 1) * bucket.
void weigh(const Bucket* buckets, std::size_t bucket_count, Bucket (&running)[8],
           Bucket (&total)[8]);

// One window of Pippenger's method: the sum of digits[i] * points[i]. `points` holds
// one more entry than `digits`: the identity. |digit| is at most bucket_count.
[[nodiscard]] Extended window_sum(std::span<const PackedPoint> points,
                                  std::span<const std::int16_t> digits,
                                  std::size_t bucket_count);

}  // namespace urna::group::ifma
