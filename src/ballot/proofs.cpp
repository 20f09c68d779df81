#include "ballot/proofs.hpp"

#include "ballot/errors.hpp"

namespace urna::ballot {
namespace {

using group::Scalar;

Checked<std::vector<Scalar>> read_scalars(const BallotBytes& ballot) {
  std::vector<Scalar> out;
  out.reserve(ballot.style().scalars());
  for (std::size_t i = 0; i < ballot.style().scalars(); ++i) {
    const auto scalar = Scalar::decode(ballot.scalar(i));
    if (!scalar) {
      return std::unexpected(Fault{errors::bad_scalar, scalar_name(ballot.style(), i)});
    }
    out.push_back(*scalar);
  }
  return out;
}

OptionClaim option_claim(const BallotBytes& ballot, const Hash32& hi,
                         std::uint32_t contest, std::uint32_t option,
                         const Scalar* scalars) {
  const ContestPlace& place = ballot.style().place(contest);
  const Scalar c = Scalar::reduce_wide(
      option_challenge(hi, contest, option,
                       ballot.points(place.ciphertexts + 2 * std::size_t{option}, 2),
                       ballot.points(place.commitments + 4 * std::size_t{option}, 4)));
  const Scalar c0 = scalars[0];
  return {{{c0, scalars[1], Scalar()}, {c - c0, scalars[2], Scalar::from_u64(1)}}};
}

}  // namespace

Checked<std::vector<ContestClaim>> read_claims(const Station& station,
                                               const BallotBytes& ballot) {
  const BallotStyle& style = ballot.style();
  auto scalars = read_scalars(ballot);
  if (!scalars) return std::unexpected(std::move(scalars).error());
  const Hash32 hi = ballot.hash(station);
  std::vector<ContestClaim> out(style.contests().size());
  for (std::uint32_t contest = 0; contest < out.size(); ++contest) {
    const ContestShape& shape = style.contests()[contest];
    const ContestPlace& place = style.place(contest);
    ContestClaim& claim = out[contest];
    const Scalar* next = &(*scalars)[place.scalars];
    for (std::uint32_t option = 0; option < shape.options; ++option, next += 3) {
      claim.options.push_back(option_claim(ballot, hi, contest, option, next));
    }
    const ByteView ciphertexts =
        ballot.points(place.ciphertexts, 2 * (std::size_t{shape.options} + 1));
    claim.gamma = Scalar::reduce_wide(fold_challenge(hi, contest, ciphertexts));
    Scalar first = Scalar::reduce_wide(contest_challenge(
        hi, contest, ciphertexts,
        ballot.points(place.commitments + 4 * std::size_t{shape.options},
                      2 * std::size_t{shape.branches()})));
    claim.branches.resize(shape.branches());
    for (std::uint32_t m = 1; m < shape.branches(); ++m) {
      claim.branches[m].challenge = *next++;
      claim.branches[m].value = Scalar::from_u64(m);
      first -= claim.branches[m].challenge;
    }
    claim.branches[0].challenge = first;
    claim.branches[0].value = claim.gamma;
    for (BranchClaim& branch : claim.branches) branch.response = *next++;
  }
  return out;
}

}  // namespace urna::ballot
