// Fiat-Shamir completeness for the ceremony and the decryption: one row for each public
// input of each hash; changing it changes the hash. A missing input is how other
// systems were broken.
#include "trustees/decryption_proof.hpp"
#include "trustees/errors.hpp"
#include "trustees/joint.hpp"
#include "trustees/message.hpp"

#include <functional>

#include <gtest/gtest.h>

namespace urna::trustees {
namespace {

Element point(std::uint64_t factor) {
  return R::base_mul(Scalar::from_u64(factor));
}

// Everything that a hash of the trustees may depend on.
struct Inputs {
  Binding binding{{1}, 2, 5, 3, {4}};
  std::uint32_t trustee = 2;
  std::uint32_t other = 3;
  std::uint32_t index = 1;
  Element coefficient = point(6);
  Element commitment = point(7);
  Bytes coefficients = Bytes(96, 8);
  std::vector<std::vector<Element>> rows{{point(9), point(10)}, {point(11), point(12)}};
  Element key = point(13);
  DecryptionStatement<R> statement{
      {14}, "0101", {15}, {{point(16), point(17)}, {point(18), point(19)}}};
  Element public_share = point(20);
  std::vector<Element> shares{point(21), point(22)};
  Element second_commitment = point(23);
};

struct Row {
  const char* input;
  std::function<void(Inputs&)> change;
};
using Hash = std::function<Bytes(const Inputs&)>;

void expect_all_matter(const std::vector<Row>& rows, const Hash& hash) {
  const Bytes before = hash(Inputs{});
  EXPECT_EQ(hash(Inputs{}), before);
  for (const Row& row : rows) {
    Inputs changed;
    row.change(changed);
    EXPECT_NE(hash(changed), before) << row.input;
  }
}

// Something else than before, whatever it was.
void move(Element& element) {
  element = element + Element::generator();
}

std::vector<Row> binding_rows() {
  return {{"ceremony", [](Inputs& in) { in.binding.ceremony[31] ^= 1; }},
          {"attempt", [](Inputs& in) { ++in.binding.attempt; }},
          {"n", [](Inputs& in) { ++in.binding.trustees; }},
          {"k", [](Inputs& in) { ++in.binding.threshold; }},
          {"definition", [](Inputs& in) { in.binding.definition[31] ^= 1; }}};
}

std::vector<Row> decryption_rows() {
  return {{"election hash", [](Inputs& in) { in.statement.election_hash[31] ^= 1; }},
          {"station", [](Inputs& in) { in.statement.station = "0102"; }},
          {"package", [](Inputs& in) { in.statement.package[31] ^= 1; }},
          {"trustee", [](Inputs& in) { ++in.trustee; }},
          {"public share", [](Inputs& in) { move(in.public_share); }},
          {"first alpha", [](Inputs& in) { move(in.statement.fields[0].alpha); }},
          {"last alpha", [](Inputs& in) { move(in.statement.fields[1].alpha); }},
          {"first beta", [](Inputs& in) { move(in.statement.fields[0].beta); }},
          {"last beta", [](Inputs& in) { move(in.statement.fields[1].beta); }},
          {"first M", [](Inputs& in) { move(in.shares[0]); }},
          {"last M", [](Inputs& in) { move(in.shares[1]); }},
          {"a field less", [](Inputs& in) {
             in.statement.fields.pop_back();
             in.shares.pop_back();
           }}};
}

TEST(TrusteesFiatShamir, CoefficientChallenge) {
  auto rows = binding_rows();
  rows.push_back({"trustee", [](Inputs& in) { ++in.trustee; }});
  rows.push_back({"index", [](Inputs& in) { ++in.index; }});
  rows.push_back({"coefficient", [](Inputs& in) { move(in.coefficient); }});
  rows.push_back({"commitment", [](Inputs& in) { move(in.commitment); }});
  expect_all_matter(rows, [](const Inputs& in) {
    return to_bytes(coefficient_challenge<R>({in.binding, in.trustee, in.index},
                                             in.coefficient, in.commitment)
                        .bytes());
  });
}

TEST(TrusteesFiatShamir, CommitOfCoefficients) {
  auto rows = binding_rows();
  rows.push_back({"trustee", [](Inputs& in) { ++in.trustee; }});
  for (std::size_t i = 0; i < 96; ++i) {
    rows.push_back({"coefficients", [i](Inputs& in) { in.coefficients[i] ^= 1; }});
  }
  expect_all_matter(rows, [](const Inputs& in) {
    return to_bytes(coefficients_hash(in.binding, in.trustee, in.coefficients));
  });
}

TEST(TrusteesFiatShamir, ContextOfAShare) {
  auto rows = binding_rows();
  rows.push_back({"dealer", [](Inputs& in) { ++in.trustee; }});
  rows.push_back({"receiver", [](Inputs& in) { ++in.other; }});
  expect_all_matter(rows, [](const Inputs& in) {
    return to_bytes(as_bytes(share_context(in.binding, in.trustee, in.other)));
  });
}

TEST(TrusteesFiatShamir, ElectionHash) {
  std::vector<Row> rows = {
      {"definition", [](Inputs& in) { in.binding.definition[31] ^= 1; }},
      {"n", [](Inputs& in) { ++in.binding.trustees; }},
      {"k", [](Inputs& in) { ++in.binding.threshold; }},
      {"joint key", [](Inputs& in) { move(in.key); }}};
  for (std::size_t i = 0; i < 2; ++i) {
    for (std::size_t j = 0; j < 2; ++j) {
      rows.push_back({"A_ij", [i, j](Inputs& in) { move(in.rows[i][j]); }});
    }
  }
  expect_all_matter(rows, [](const Inputs& in) {
    return to_bytes(election_hash(in.binding, in.rows, in.key));
  });
}

TEST(TrusteesFiatShamir, DecryptionWeights) {
  expect_all_matter(decryption_rows(), [](const Inputs& in) {
    return to_bytes(detail::decryption_weights<R>(in.statement, in.trustee,
                                                  in.public_share, in.shares)[0]
                        .bytes());
  });
  const Inputs in;
  const auto weights = detail::decryption_weights<R>(in.statement, in.trustee,
                                                     in.public_share, in.shares);
  EXPECT_NE(weights[0], weights[1]);  // the field is an input too
}

TEST(TrusteesFiatShamir, DecryptionChallenge) {
  auto rows = decryption_rows();
  rows.push_back({"commitment to G", [](Inputs& in) { move(in.commitment); }});
  rows.push_back({"commitment to A", [](Inputs& in) { move(in.second_commitment); }});
  expect_all_matter(rows, [](const Inputs& in) {
    return to_bytes(detail::decryption_challenge<R>(in.statement, in.trustee,
                                                    in.public_share, in.shares,
                                                    in.commitment, in.second_commitment)
                        .bytes());
  });
}

// A signature on a ceremony file covers its place and its payload: it holds for no
// other.
TEST(TrusteesFiatShamir, SignatureOfACeremonyFile) {
  const auto key = crypto::SigningKey::from_seed(ByteArray<32>{5});
  const Inputs in;
  const Slot slot{Step::complaint, 2, 3};
  const Message message = sign_message(in.binding, slot, Bytes(32, 1), key);
  const auto holds = [&](const Binding& binding, const Slot& where, Citation citation) {
    return citation_holds(binding, where, citation, key.public_key());
  };
  ASSERT_TRUE(holds(in.binding, slot, message.citation));
  for (const Row& row : binding_rows()) {
    Inputs changed;
    row.change(changed);
    EXPECT_FALSE(holds(changed.binding, slot, message.citation)) << row.input;
  }
  EXPECT_FALSE(holds(in.binding, {Step::answer, 2, 3}, message.citation));
  EXPECT_FALSE(holds(in.binding, {Step::complaint, 1, 3}, message.citation));
  EXPECT_FALSE(holds(in.binding, {Step::complaint, 2, 4}, message.citation));
  Citation other = message.citation;
  other.payload_hash[31] ^= 1;
  EXPECT_FALSE(holds(in.binding, slot, other));
}

// K and every Z_l are refused when empty: all trustees together could bring that about.
TEST(Joint, RefusesAnEmptyKeyAndAnEmptyPublicShare) {
  const Binding binding{{1}, 1, 2, 2, {4}};
  const Element a = point(5);
  const Element b = point(9);
  const auto refused = [&](const std::vector<std::vector<Element>>& rows) {
    const auto joint = join(binding, rows);
    return !joint && joint.error().kind == errors::bad_coefficient;
  };
  EXPECT_FALSE(refused({{a, b}, {b, a}}));
  EXPECT_TRUE(refused({{a, b}, {Element{} - a, b}}));              // K = 0
  EXPECT_TRUE(refused({{a, Element{} - a}, {b, Element{} - b}}));  // Z_1 = 0
}

}  // namespace
}  // namespace urna::trustees
