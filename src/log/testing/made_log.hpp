// A whole log in memory, made in one go for tests: its files by path, as a web server
// would have them. Never for a program that is released.
//
// Thread rule: plain values. The keys are made from a number and worth nothing.
#pragma once

#include "log/checkpoint.hpp"
#include "log/note.hpp"

#include <map>
#include <string>
#include <vector>

namespace urna::log::testing {

[[nodiscard]] NoteSigner test_signer(std::string name, KeyType type, std::uint8_t seed);

// "entry 0", "entry 1", ...; with `fork` other entries from there on.
[[nodiscard]] std::vector<Bytes> test_entries(std::size_t count,
                                              std::size_t fork = SIZE_MAX);

struct MadeLog {
  std::map<std::string, Bytes> files;  // checkpoint, tile/...
  Checkpoint checkpoint;
  std::string note;
};

[[nodiscard]] MadeLog make_log(const std::vector<Bytes>& entries, const NoteSigner& log,
                               const std::vector<const NoteSigner*>& witnesses = {},
                               std::uint64_t time = 1'000'000);

}  // namespace urna::log::testing
