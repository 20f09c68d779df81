#include "log/merkle.hpp"

#include "base/encoding.hpp"
#include "log/errors.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace urna::log {
namespace {

// Leaves 0, 1, 2, ... and every complete subtree computed straight from them.
std::vector<Hash32> some_leaves(std::uint64_t count) {
  std::vector<Hash32> out;
  for (std::uint64_t i = 0; i < count; ++i) {
    out.push_back(leaf_hash(as_bytes(std::to_string(i))));
  }
  return out;
}

// MTH by its definition, without any sharing of code with the module.
Hash32 naive_root(std::span<const Hash32> leaves) {
  if (leaves.empty()) return empty_root();
  if (leaves.size() == 1) return leaves[0];
  std::size_t k = 1;
  while (k * 2 < leaves.size()) k *= 2;
  return node_hash(naive_root(leaves.first(k)), naive_root(leaves.subspan(k)));
}

NodeReader reader_of(const std::vector<Hash32>& leaves) {
  return [&leaves](NodeId node) -> Result<Hash32> {
    const std::size_t width = std::size_t{1} << node.level;
    if ((node.index + 1) * width > leaves.size()) {
      return fail(errors::bad_tile, "asked for an incomplete subtree");
    }
    return naive_root(std::span(leaves).subspan(node.index * width, width));
  };
}

TEST(Merkle, PublishedHashes) {
  EXPECT_EQ(base::to_hex(empty_root()),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(base::to_hex(leaf_hash({})),
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
  // The eight leaves of the certificate-transparency reference tree.
  const char* leaves[] = {"",
                          "00",
                          "10",
                          "2021",
                          "3031",
                          "40414243",
                          "5051525354555657",
                          "606162636465666768696a6b6c6d6e6f"};
  TreeHasher tree;
  for (const char* hex : leaves) tree.add(leaf_hash(base::from_hex(hex).value()));
  EXPECT_EQ(base::to_hex(tree.root()),
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
}

TEST(Merkle, EveryProofOfEverySmallTreeHolds) {
  for (std::uint64_t size = 0; size <= 33; ++size) {
    const auto leaves = some_leaves(size);
    const auto nodes = reader_of(leaves);
    const Hash32 root = tree_root(size, nodes).value();
    EXPECT_EQ(root, naive_root(leaves));
    for (std::uint64_t i = 0; i < size; ++i) {
      const auto proof = inclusion_proof(i, size, nodes).value();
      EXPECT_TRUE(check_inclusion(i, size, leaves[i], proof, root).has_value());
    }
    for (std::uint64_t old = 0; old <= size; ++old) {
      const auto proof = consistency_proof(old, size, nodes).value();
      const Hash32 old_root = naive_root(std::span(leaves).first(old));
      EXPECT_TRUE(check_consistency(old, old_root, size, root, proof).has_value())
          << old << " " << size;
    }
  }
}

TEST(Merkle, FalseProofsFail) {
  EXPECT_TRUE(rc::check([] {
    const auto size = *rc::gen::inRange<std::uint64_t>(1, 70);
    const auto index = *rc::gen::inRange<std::uint64_t>(0, size);
    const auto old = *rc::gen::inRange<std::uint64_t>(1, size + 1);
    const auto leaves = some_leaves(size);
    const auto nodes = reader_of(leaves);
    const Hash32 root = naive_root(leaves);
    auto inclusion = inclusion_proof(index, size, nodes).value();
    auto consistency = consistency_proof(old, size, nodes).value();
    const Hash32 old_root = naive_root(std::span(leaves).first(old));
    const auto includes = [&](std::uint64_t i, std::uint64_t n, const Hash32& leaf) {
      return check_inclusion(i, n, leaf, inclusion, root).has_value();
    };
    const auto consistent = [&](const Hash32& before, const Hash32& after) {
      return check_consistency(old, before, size, after, consistency).has_value();
    };
    Hash32 other = root;
    other[0] ^= 1;
    RC_ASSERT(!includes(index, size, other));
    RC_ASSERT(!includes(size, size, leaves[index]));
    if (size > 1) {
      const std::uint64_t wrong = (index + 1) % size;
      RC_ASSERT(!includes(wrong, size, leaves[index]));
    }
    if (old < size) RC_ASSERT(!consistent(other, root));
    RC_ASSERT(!consistent(old_root, other));
    if (!inclusion.empty()) {
      const auto at = *rc::gen::inRange<std::size_t>(0, inclusion.size());
      inclusion[at][31] ^= 128;
      RC_ASSERT(!includes(index, size, leaves[index]));
      inclusion[at][31] ^= 128;
      inclusion.pop_back();
      RC_ASSERT(!includes(index, size, leaves[index]));
    } else {
      inclusion.push_back(root);
      RC_ASSERT(!includes(index, size, leaves[index]));
    }
    if (!consistency.empty()) {
      const auto at = *rc::gen::inRange<std::size_t>(0, consistency.size());
      consistency[at][0] ^= 4;
      RC_ASSERT(!consistent(old_root, root));
      consistency[at][0] ^= 4;
      consistency.pop_back();
      RC_ASSERT(!consistent(old_root, root));
    }
  }));
}

TEST(Merkle, EmptyTreeRules) {
  const Hash32 root = leaf_hash(as_bytes("x"));
  EXPECT_TRUE(check_consistency(0, empty_root(), 1, root, {}).has_value());
  EXPECT_TRUE(check_consistency(0, empty_root(), 0, empty_root(), {}).has_value());
  EXPECT_FALSE(check_consistency(0, root, 1, root, {}).has_value());
  const std::vector<Hash32> extra = {root};
  EXPECT_FALSE(check_consistency(0, empty_root(), 1, root, extra).has_value());
  EXPECT_FALSE(check_consistency(2, root, 1, root, {}).has_value());
  EXPECT_FALSE(check_inclusion(0, 0, root, {}, empty_root()).has_value());
}

TEST(TreeHasher, AgreesWithTheDefinition) {
  TreeHasher tree;
  const auto leaves = some_leaves(130);
  for (std::size_t n = 0; n <= leaves.size(); ++n) {
    EXPECT_EQ(tree.root(), naive_root(std::span(leaves).first(n)));
    EXPECT_EQ(tree.size(), n);
    if (n < leaves.size()) tree.add(leaves[n]);
  }
}

}  // namespace
}  // namespace urna::log
