// The kinds of false proof that transparency-dev/merkle publishes as vectors (its
// testdata: a proof with bits changed, hashes added, doubled, dropped or in another
// place, other sizes, other roots), made here for every pair of the same reference tree
// of eight leaves instead of the published few. docs/formats/log.md says what differs.
#include "base/encoding.hpp"
#include "log/merkle.hpp"

#include <gtest/gtest.h>

namespace urna::log {
namespace {

std::vector<Hash32> reference_leaves() {
  std::vector<Hash32> out;
  for (const char* hex : {"", "00", "10", "2021", "3031", "40414243",
                          "5051525354555657", "606162636465666768696a6b6c6d6e6f"}) {
    out.push_back(leaf_hash(base::from_hex(hex).value()));
  }
  return out;
}

Hash32 root_of(std::span<const Hash32> leaves) {
  TreeHasher tree;
  for (const Hash32& leaf : leaves) tree.add(leaf);
  return tree.root();
}

NodeReader reader_of(const std::vector<Hash32>& leaves) {
  return [&leaves](NodeId node) -> Result<Hash32> {
    const std::size_t width = std::size_t{1} << node.level;
    return root_of(std::span(leaves).subspan(node.index * width, width));
  };
}

using Proof = std::vector<Hash32>;

// Every changed form of a proof, none equal to it.
std::vector<Proof> tampered(const Proof& proof, std::span<const Hash32> strangers) {
  std::vector<Proof> out;
  for (std::size_t i = 0; i < proof.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      out.push_back(proof);
      out.back()[i][static_cast<std::size_t>(bit * 4)] ^=
          static_cast<std::uint8_t>(1 << bit);
    }
    out.push_back(proof);
    out.back().erase(out.back().begin() + static_cast<std::ptrdiff_t>(i));
    out.push_back(proof);
    out.back().insert(out.back().begin() + static_cast<std::ptrdiff_t>(i), proof[i]);
  }
  for (const Hash32& stranger : strangers) {
    for (std::size_t i = 0; i <= proof.size(); ++i) {
      out.push_back(proof);
      out.back().insert(out.back().begin() + static_cast<std::ptrdiff_t>(i), stranger);
    }
  }
  if (!proof.empty()) out.emplace_back();
  std::erase(out, proof);
  return out;
}

TEST(Tampering, OfInclusionProofs) {
  const auto leaves = reference_leaves();
  const auto nodes = reader_of(leaves);
  for (std::uint64_t size = 1; size <= 8; ++size) {
    const Hash32 root = root_of(std::span(leaves).first(size));
    for (std::uint64_t index = 0; index < size; ++index) {
      const Proof proof = inclusion_proof(index, size, nodes).value();
      const auto holds = [&](std::uint64_t i, std::uint64_t n, const Hash32& leaf,
                             const Proof& p, const Hash32& r) {
        return check_inclusion(i, n, leaf, p, r).has_value();
      };
      EXPECT_TRUE(holds(index, size, leaves[index], proof, root));
      for (const Proof& bad : tampered(proof, {{Hash32{}, root, leaves[index]}})) {
        EXPECT_FALSE(holds(index, size, leaves[index], bad, root));
      }
      for (const std::uint64_t other : {index - 1, index + 1, index ^ 2}) {
        EXPECT_FALSE(holds(other, size, leaves[index], proof, root));
      }
      EXPECT_FALSE(holds(index, size * 2, leaves[index], proof, root));
      EXPECT_FALSE(holds(index, size / 2, leaves[index], proof, root));
      EXPECT_FALSE(holds(index, size, empty_root(), proof, root));
      EXPECT_FALSE(holds(index, size, leaves[index], proof, empty_root()));
      EXPECT_FALSE(holds(index, size, leaves[index], proof, Hash32{}));
    }
  }
}

TEST(Tampering, OfConsistencyProofs) {
  const auto leaves = reference_leaves();
  const auto nodes = reader_of(leaves);
  for (std::uint64_t size = 1; size <= 8; ++size) {
    const Hash32 root = root_of(std::span(leaves).first(size));
    for (std::uint64_t old = 1; old <= size; ++old) {
      const Hash32 old_root = root_of(std::span(leaves).first(old));
      const Proof proof = consistency_proof(old, size, nodes).value();
      const auto holds = [&](std::uint64_t a, const Hash32& ra, std::uint64_t b,
                             const Hash32& rb, const Proof& p) {
        return check_consistency(a, ra, b, rb, p).has_value();
      };
      EXPECT_TRUE(holds(old, old_root, size, root, proof));
      for (const Proof& bad : tampered(proof, {{Hash32{}, root, old_root}})) {
        EXPECT_FALSE(holds(old, old_root, size, root, bad));
      }
      EXPECT_FALSE(holds(old, Hash32{}, size, root, proof));
      EXPECT_FALSE(holds(old, old_root, size, Hash32{}, proof));
      if (old == size) continue;
      EXPECT_FALSE(holds(old, root, size, old_root, proof));
      EXPECT_FALSE(holds(old - 1, old_root, size, root, proof));
      EXPECT_FALSE(holds(old + 1, old_root, size, root, proof));
      EXPECT_FALSE(holds(old ^ 2, old_root, size, root, proof));
      EXPECT_FALSE(holds(old, old_root, size / 2, root, proof));
    }
  }
}

}  // namespace
}  // namespace urna::log
