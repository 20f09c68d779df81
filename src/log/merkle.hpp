// The Merkle tree of RFC 6962 and RFC 9162 over SHA-256: hashes, proofs, and checking
// proofs. A leaf is H(00 || entry), an inner node H(01 || left || right); a tree of n
// leaves splits at the largest power of two below n.
//
// Called by the tiles, the sequencer, the witness and every verifier. Pure functions,
// any thread, public data.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace urna::log {

[[nodiscard]] Hash32 leaf_hash(ByteView entry);
[[nodiscard]] Hash32 node_hash(const Hash32& left, const Hash32& right);
// The root of the tree without leaves: H("").
[[nodiscard]] Hash32 empty_root();

// The hash of the complete subtree number `index` of height `level`: it covers leaves
// [index * 2^level, (index + 1) * 2^level).
struct NodeId {
  unsigned level;
  std::uint64_t index;
};
using NodeReader = std::function<Result<Hash32>(NodeId)>;

// MTH(D[begin:end]) of RFC 9162 section 2.1.1, from complete subtrees only; begin < end
// and every complete subtree needed lies in the reader.
[[nodiscard]] Result<Hash32> range_hash(std::uint64_t begin, std::uint64_t end,
                                        const NodeReader& nodes);
[[nodiscard]] Result<Hash32> tree_root(std::uint64_t size, const NodeReader& nodes);

// RFC 9162 section 2.1.3.1; index < size.
[[nodiscard]] Result<std::vector<Hash32>> inclusion_proof(std::uint64_t index,
                                                          std::uint64_t size,
                                                          const NodeReader& nodes);
// RFC 9162 section 2.1.4.1; old_size <= new_size. Empty for equal sizes and for 0.
[[nodiscard]] Result<std::vector<Hash32>> consistency_proof(std::uint64_t old_size,
                                                            std::uint64_t new_size,
                                                            const NodeReader& nodes);

// RFC 9162 section 2.1.3.2. Error bad_proof.
[[nodiscard]] Result<void> check_inclusion(std::uint64_t index, std::uint64_t size,
                                           const Hash32& leaf,
                                           std::span<const Hash32> proof,
                                           const Hash32& root);

// RFC 9162 section 2.1.4.2. Our decision where the standards are silent: the empty
// tree is consistent with every tree, by the empty proof, and its root must be
// empty_root(). Error bad_proof.
[[nodiscard]] Result<void> check_consistency(std::uint64_t old_size,
                                             const Hash32& old_root,
                                             std::uint64_t new_size,
                                             const Hash32& new_root,
                                             std::span<const Hash32> proof);

// A tree that grows by one leaf at a time and remembers only its right edge: what a
// streaming verifier needs to recompute a root.
class TreeHasher {
 public:
  void add(const Hash32& leaf);
  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] Hash32 root() const;

 private:
  std::vector<Hash32> edge_;  // complete subtrees, largest first
  std::uint64_t size_ = 0;
};

}  // namespace urna::log
