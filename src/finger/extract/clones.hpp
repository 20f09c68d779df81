// URNA_CLONES (AVX2), URNA_CLONES_WIDE (AVX2, AVX-512) or URNA_POPCNT (population
// count) before a function makes the compiler build it with that and for every x86-64,
// and the loader choose at start. All give the same bits: lanes are summed in the
// order the source says, and multiply-add is never fused.
#pragma once

#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__)
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define URNA_CLONES
#define URNA_CLONES_WIDE
#define URNA_POPCNT
#endif
#endif
#ifndef URNA_CLONES
#define URNA_CLONES __attribute__((target_clones("avx2", "default")))
#define URNA_CLONES_WIDE __attribute__((target_clones("avx512f", "avx2", "default")))
#define URNA_POPCNT __attribute__((target_clones("popcnt", "default")))
#endif
#else
#define URNA_CLONES
#define URNA_CLONES_WIDE
#define URNA_POPCNT
#endif
