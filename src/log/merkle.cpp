#include "log/merkle.hpp"

#include "crypto/sha256.hpp"
#include "log/errors.hpp"

#include <bit>

namespace urna::log {
namespace {

constexpr ByteArray<1> kLeaf = {0};
constexpr ByteArray<1> kNode = {1};

// The largest power of two strictly below n, n > 1.
std::uint64_t split_point(std::uint64_t n) {
  return std::bit_floor(n - 1);
}

std::unexpected<Error> false_proof(const char* why) {
  return fail(errors::bad_proof, std::string("the proof does not hold: ") + why);
}

// SUBPROOF of RFC 9162 section 2.1.4.1 for the leaves [begin, end) and the old size.
// `known` says that the verifier has the hash of this subtree already.
Result<void> subproof(std::uint64_t old_size, std::uint64_t begin, std::uint64_t end,
                      bool known, const NodeReader& nodes, std::vector<Hash32>& out) {
  if (old_size == end) {
    if (!known) {
      URNA_TRY(const Hash32 hash, range_hash(begin, end, nodes));
      out.push_back(hash);
    }
    return {};
  }
  const std::uint64_t middle = begin + split_point(end - begin);
  if (old_size <= middle) {
    URNA_CHECK(subproof(old_size, begin, middle, known, nodes, out));
    URNA_TRY(const Hash32 right, range_hash(middle, end, nodes));
    out.push_back(right);
  } else {
    URNA_CHECK(subproof(old_size, middle, end, false, nodes, out));
    URNA_TRY(const Hash32 left, range_hash(begin, middle, nodes));
    out.push_back(left);
  }
  return {};
}

Result<void> path(std::uint64_t index, std::uint64_t begin, std::uint64_t end,
                  const NodeReader& nodes, std::vector<Hash32>& out) {
  if (end - begin == 1) return {};
  const std::uint64_t middle = begin + split_point(end - begin);
  const bool left = index < middle;
  URNA_CHECK(left ? path(index, begin, middle, nodes, out)
                  : path(index, middle, end, nodes, out));
  URNA_TRY(const Hash32 sibling,
           left ? range_hash(middle, end, nodes) : range_hash(begin, middle, nodes));
  out.push_back(sibling);
  return {};
}

}  // namespace

Hash32 leaf_hash(ByteView entry) {
  return crypto::sha256({kLeaf, entry});
}

Hash32 node_hash(const Hash32& left, const Hash32& right) {
  return crypto::sha256({kNode, left, right});
}

Hash32 empty_root() {
  return crypto::sha256(ByteView{});
}

Result<Hash32> range_hash(std::uint64_t begin, std::uint64_t end,
                          const NodeReader& nodes) {
  const std::uint64_t count = end - begin;
  if (std::has_single_bit(count) && begin % count == 0) {
    return nodes({static_cast<unsigned>(std::countr_zero(count)), begin / count});
  }
  const std::uint64_t middle = begin + split_point(count);
  URNA_TRY(const Hash32 left, range_hash(begin, middle, nodes));
  URNA_TRY(const Hash32 right, range_hash(middle, end, nodes));
  return node_hash(left, right);
}

Result<Hash32> tree_root(std::uint64_t size, const NodeReader& nodes) {
  if (size == 0) return empty_root();
  return range_hash(0, size, nodes);
}

Result<std::vector<Hash32>> inclusion_proof(std::uint64_t index, std::uint64_t size,
                                            const NodeReader& nodes) {
  std::vector<Hash32> out;
  URNA_CHECK(path(index, 0, size, nodes, out));
  return out;
}

Result<std::vector<Hash32>> consistency_proof(std::uint64_t old_size,
                                              std::uint64_t new_size,
                                              const NodeReader& nodes) {
  std::vector<Hash32> out;
  if (old_size == 0 || old_size == new_size) return out;
  URNA_CHECK(subproof(old_size, 0, new_size, true, nodes, out));
  return out;
}

Result<void> check_inclusion(std::uint64_t index, std::uint64_t size,
                             const Hash32& leaf, std::span<const Hash32> proof,
                             const Hash32& root) {
  if (index >= size) return false_proof("the entry is outside the tree");
  std::uint64_t fn = index;
  std::uint64_t sn = size - 1;
  Hash32 hash = leaf;
  for (const Hash32& sibling : proof) {
    if (sn == 0) return false_proof("it is too long");
    if ((fn & 1) != 0 || fn == sn) {
      hash = node_hash(sibling, hash);
      while ((fn & 1) == 0 && fn != 0) {
        fn >>= 1;
        sn >>= 1;
      }
    } else {
      hash = node_hash(hash, sibling);
    }
    fn >>= 1;
    sn >>= 1;
  }
  if (sn != 0) return false_proof("it is too short");
  if (hash != root) return false_proof("it leads to another root");
  return {};
}

Result<void> check_consistency(std::uint64_t old_size, const Hash32& old_root,
                               std::uint64_t new_size, const Hash32& new_root,
                               std::span<const Hash32> proof) {
  if (old_size > new_size) return false_proof("the old tree is larger than the new");
  if (old_size == 0 || old_size == new_size) {
    if (!proof.empty()) return false_proof("it must be empty for these sizes");
    const Hash32& expected = old_size == 0 ? empty_root() : new_root;
    if (old_root != expected) return false_proof("the old root is another one");
    return {};
  }
  // The proof leaves out the old root when the old tree is a complete subtree.
  std::size_t used = 0;
  Hash32 old_hash = old_root;
  if (!std::has_single_bit(old_size)) {
    if (proof.empty()) return false_proof("it is too short");
    old_hash = proof[used++];
  }
  Hash32 new_hash = old_hash;
  std::uint64_t fn = old_size - 1;
  std::uint64_t sn = new_size - 1;
  while ((fn & 1) != 0) {
    fn >>= 1;
    sn >>= 1;
  }
  for (; used < proof.size(); ++used) {
    if (sn == 0) return false_proof("it is too long");
    if ((fn & 1) != 0 || fn == sn) {
      old_hash = node_hash(proof[used], old_hash);
      new_hash = node_hash(proof[used], new_hash);
      while ((fn & 1) == 0 && fn != 0) {
        fn >>= 1;
        sn >>= 1;
      }
    } else {
      new_hash = node_hash(new_hash, proof[used]);
    }
    fn >>= 1;
    sn >>= 1;
  }
  if (sn != 0) return false_proof("it is too short");
  if (old_hash != old_root) return false_proof("it leads to another old root");
  if (new_hash != new_root) return false_proof("it leads to another new root");
  return {};
}

void TreeHasher::add(const Hash32& leaf) {
  edge_.push_back(leaf);
  // Each trailing one bit of the old size is a complete subtree to join with.
  for (std::uint64_t bits = size_; (bits & 1) != 0; bits >>= 1) {
    const Hash32 right = edge_.back();
    edge_.pop_back();
    edge_.back() = node_hash(edge_.back(), right);
  }
  ++size_;
}

Hash32 TreeHasher::root() const {
  if (edge_.empty()) return empty_root();
  Hash32 hash = edge_.back();
  for (std::size_t i = edge_.size() - 1; i-- > 0;) hash = node_hash(edge_[i], hash);
  return hash;
}

}  // namespace urna::log
