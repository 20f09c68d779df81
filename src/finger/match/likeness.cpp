#include "finger/match/likeness.hpp"

#include "finger/extract/clones.hpp"
#include "finger/match/filter.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace urna::finger {
namespace {

constexpr int kLeastCommon = 20;  // cells that both prints show
constexpr int kLeastSet = 24;     // bits set in them, of both

}  // namespace

URNA_POPCNT void likeness_portable(const Descriptor& a, const Prepared& others,
                                   float* out) {
  for (std::size_t k = 0; k < others.descriptor.size(); ++k) {
    const Descriptor& b = others.descriptor[k];
    const std::uint64_t common = a.valid & b.valid;
    int differ = 0;
    int set = 0;
    for (std::size_t l = 0; l < Descriptor::kLayers; ++l) {
      const std::uint64_t p = a.layer[l] & common;
      const std::uint64_t q = b.layer[l] & common;
      differ += __builtin_popcountll(p ^ q);
      set += __builtin_popcountll(p) + __builtin_popcountll(q);
    }
    const bool enough =
        __builtin_popcountll(common) >= kLeastCommon && set >= kLeastSet;
    out[k] =
        enough ? 1.0F - static_cast<float>(differ) / static_cast<float>(set) : 0.0F;
  }
  for (std::size_t k = others.descriptor.size(); k < others.stride; ++k) out[k] = 0;
}

#if defined(__x86_64__)

namespace {

// Eight descriptors at a time. The division is the same IEEE division.
__attribute__((target("avx512f,avx512vl,avx512bw,avx512vpopcntdq"))) void
likeness_vector(const Descriptor& a, const Prepared& others, float* out) {
  const std::uint64_t* words = others.words.data();
  const std::size_t stride = others.stride;
  const __m512i my_valid = _mm512_set1_epi64(static_cast<long long>(a.valid));
  for (std::size_t k = 0; k < stride; k += 8) {
    const __m512i common = _mm512_and_si512(
        my_valid, _mm512_loadu_si512(words + Descriptor::kLayers * stride + k));
    __m512i differ = _mm512_setzero_si512();
    __m512i set = _mm512_setzero_si512();
    for (std::size_t l = 0; l < Descriptor::kLayers; ++l) {
      const __m512i p = _mm512_and_si512(
          _mm512_set1_epi64(static_cast<long long>(a.layer[l])), common);
      const __m512i q =
          _mm512_and_si512(_mm512_loadu_si512(words + l * stride + k), common);
      differ = _mm512_add_epi64(differ, _mm512_popcnt_epi64(_mm512_xor_si512(p, q)));
      set = _mm512_add_epi64(
          set, _mm512_add_epi64(_mm512_popcnt_epi64(p), _mm512_popcnt_epi64(q)));
    }
    const __mmask8 enough = _mm512_cmpge_epi64_mask(_mm512_popcnt_epi64(common),
                                                    _mm512_set1_epi64(kLeastCommon)) &
                            _mm512_cmpge_epi64_mask(set, _mm512_set1_epi64(kLeastSet));
    const __m256 share =
        _mm256_div_ps(_mm256_cvtepi32_ps(_mm512_cvtepi64_epi32(differ)),
                      _mm256_cvtepi32_ps(_mm512_cvtepi64_epi32(set)));
    const __m256 alike = _mm256_maskz_sub_ps(enough, _mm256_set1_ps(1.0F), share);
    _mm256_storeu_ps(out + k, alike);
  }
}

}  // namespace

void likeness(const Descriptor& a, const Prepared& others, float* out) {
  if (filter_uses_vectors())
    likeness_vector(a, others, out);
  else
    likeness_portable(a, others, out);
}

#else

void likeness(const Descriptor& a, const Prepared& others, float* out) {
  likeness_portable(a, others, out);
}

#endif

}  // namespace urna::finger
