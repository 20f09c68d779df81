// Before a function, makes the compiler build it for each of these and for every
// x86-64, and the loader choose at start: URNA_CLONES (AVX2), URNA_CLONES_WIDE (AVX2,
// AVX-512), URNA_CLONES_SHORT (AVX2, AVX-512 with 16-bit numbers), URNA_POPCNT
// (population count). All give the same bits: lanes are summed in the order the source
// says, and multiply-add is never fused.
#pragma once

#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__)
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define URNA_CLONES
#define URNA_CLONES_WIDE
#define URNA_CLONES_SHORT
#define URNA_POPCNT
#endif
#endif
#ifndef URNA_CLONES
#define URNA_CLONES __attribute__((target_clones("avx2", "default")))
#define URNA_CLONES_WIDE __attribute__((target_clones("avx512f", "avx2", "default")))
#if defined(__clang__)
#define URNA_CLONES_SHORT __attribute__((target_clones("avx512bw", "avx2", "default")))
#else  // gcc 12 does not know avx512bw here
#define URNA_CLONES_SHORT URNA_CLONES
#endif
#define URNA_POPCNT __attribute__((target_clones("popcnt", "default")))
#endif
#else
#define URNA_CLONES
#define URNA_CLONES_WIDE
#define URNA_CLONES_SHORT
#define URNA_POPCNT
#endif
