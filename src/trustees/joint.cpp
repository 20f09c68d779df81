#include "trustees/joint.hpp"

#include "trustees/errors.hpp"

#include <fmt/format.h>

namespace urna::trustees {

Hash32 election_hash(const Binding& binding,
                     std::span<const std::vector<Element>> coefficients,
                     const Element& key) {
  crypto::Transcript transcript("election");
  transcript.bytes(binding.definition)
      .text("ristretto255")
      .u32(binding.trustees)
      .u32(binding.threshold);
  for (const auto& row : coefficients) {
    for (const Element& element : row) transcript.bytes(element.bytes());
  }
  return transcript.bytes(key.bytes()).hash32();
}

Result<Joint> join(const Binding& binding,
                   std::span<const std::vector<Element>> coefficients) {
  // The coefficients of the sum of all polynomials.
  std::vector<Element> sums(binding.threshold);
  for (const auto& row : coefficients) {
    for (std::size_t j = 0; j < sums.size(); ++j) sums[j] = sums[j] + row[j];
  }
  Joint joint;
  joint.key = sums[0];
  bool usable = !joint.key.is_identity();
  for (std::uint32_t l = 1; l <= binding.trustees; ++l) {
    joint.public_shares.push_back(public_share<R>(sums, l));
    usable = usable && !joint.public_shares.back().is_identity();
  }
  if (!usable) {
    return fail(errors::bad_coefficient,
                "the coefficients add up to the identity: the key would be empty",
                "hold the ceremony again; this does not happen by chance");
  }
  joint.election_hash = election_hash(binding, coefficients, joint.key);
  return joint;
}

std::vector<Element> elements_of(std::span<const Coefficient> coefficients) {
  std::vector<Element> elements;
  for (const Coefficient& coefficient : coefficients) {
    elements.push_back(coefficient.element);
  }
  return elements;
}

bool share_fits(const SecretScalar& share, std::span<const Coefficient> coefficients,
                std::uint32_t receiver) {
  return R::base_mul(share) == public_share<R>(elements_of(coefficients), receiver);
}

}  // namespace urna::trustees
