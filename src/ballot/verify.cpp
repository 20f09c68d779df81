#include "ballot/verify.hpp"

#include "ballot/errors.hpp"
#include "ballot/or_proof.hpp"
#include "ballot/proofs.hpp"
#include "group/concept.hpp"

#include <fmt/format.h>

namespace urna::ballot {
namespace {

using group::Element;
using group::Ristretto;

Checked<std::vector<Element>> read_points(const BallotBytes& ballot) {
  const BallotStyle& style = ballot.style();
  std::vector<Element> out;
  out.reserve(style.points());
  for (std::size_t i = 0; i < style.points(); ++i) {
    const auto element = Element::decode(ballot.point(i));
    if (!element) {
      return std::unexpected(Fault{errors::bad_point, point_name(style, i)});
    }
    out.push_back(*element);
  }
  // Identity commitments are legal; an identity in a ciphertext is not.
  for (std::size_t i = 0; i < style.ciphertext_points(); ++i) {
    if (out[i].is_identity()) {
      return std::unexpected(Fault{errors::identity_point, point_name(style, i)});
    }
  }
  return out;
}

std::optional<OrEquation> failing(const Element& key, const Element& alpha,
                                  const Element& beta, const Element* commitment,
                                  const BranchClaim& claim) {
  return failing_equation<Ristretto>(
      key, alpha, beta,
      {{commitment[0], commitment[1]}, claim.challenge, claim.response, claim.value});
}

std::optional<Fault> check_contest(const BallotStyle& style, std::size_t contest,
                                   const ContestClaim& claim, const Element& key,
                                   const std::vector<Element>& points) {
  const ContestPlace& place = style.place(contest);
  const std::size_t options = claim.options.size();
  const Element* ciphertext = &points[place.ciphertexts];
  const Element* commitment = &points[place.commitments];
  const auto name = [](OrEquation e) { return e == OrEquation::a ? 'a' : 'b'; };
  Element c = ciphertext[2 * options];
  Element d = ciphertext[2 * options + 1];
  c = group::mul(claim.gamma, c);
  d = group::mul(claim.gamma, d);
  for (std::size_t i = 0; i < options; ++i, commitment += 4) {
    const Element& alpha = ciphertext[2 * i];
    const Element& beta = ciphertext[2 * i + 1];
    c += alpha;
    d += beta;
    for (std::size_t j = 0; j < 2; ++j) {
      const auto bad =
          failing(key, alpha, beta, commitment + 2 * j, claim.options[i].branch[j]);
      if (bad) {
        return Fault{errors::option_proof,
                     fmt::format("contest {}, option {}, equation {}{}", contest, i,
                                 name(*bad), j)};
      }
    }
  }
  for (std::size_t m = 0; m < claim.branches.size(); ++m, commitment += 2) {
    if (const auto bad = failing(key, c, d, commitment, claim.branches[m])) {
      return Fault{errors::contest_proof,
                   fmt::format("contest {}, equation {}{}", contest, name(*bad), m)};
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<Fault> verify_ballot(const Station& station, const JointKey& key,
                                   ByteView bytes) {
  const auto ballot = BallotBytes::read(station, bytes);
  if (!ballot) return ballot.error();
  const auto claims = read_claims(station, *ballot);
  if (!claims) return claims.error();
  const auto points = read_points(*ballot);
  if (!points) return points.error();
  for (std::size_t contest = 0; contest < claims->size(); ++contest) {
    auto fault = check_contest(ballot->style(), contest, (*claims)[contest],
                               key.element(), *points);
    if (fault) return fault;
  }
  return std::nullopt;
}

}  // namespace urna::ballot
