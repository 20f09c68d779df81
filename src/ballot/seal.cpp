#include "ballot/seal.hpp"

#include "ballot/declassify.hpp"
#include "ballot/errors.hpp"
#include "ballot/hashes.hpp"
#include "ballot/or_proof.hpp"
#include "base/binary.hpp"
#include "group/concept.hpp"
#include "group/secret.hpp"

#include <fmt/format.h>

namespace urna::ballot {
namespace {

using group::Element;
using group::Ristretto;
using group::Scalar;
using group::SecretScalar;

// 1 when a equals b, without a branch.
std::uint8_t same(std::uint32_t a, std::uint32_t b) {
  const std::uint32_t x = a ^ b;
  return static_cast<std::uint8_t>(1 ^ ((x | (0 - x)) >> 31));
}

// Fills the ballot's fields at the places that the style gives them.
class Sealer {
 public:
  Sealer(const Station& station, const BallotStyle& style,
         const BallotIdentity& identity, const JointKey& key, const Seed& seed,
         base::Random& random)
      : style_(style),
        key_(key.element()),
        hi_(ballot_hash(station.election_hash(), station.code(), identity)),
        seed_(seed),
        random_(random),
        bytes_(style.ballot_size()) {
    base::Writer header;
    header.u8(kBallotVersion);
    header.u32(identity.style);
    header.u32(identity.segment);
    header.fixed(identity.id);
    std::ranges::copy(header.view(), bytes_.begin());
  }

  Result<void> run(ByteView choices) {
    std::size_t at = 0;
    for (std::uint32_t contest = 0; contest < style_.contests().size(); ++contest) {
      const std::uint32_t options = style_.contests()[contest].options;
      URNA_CHECK(seal_contest(contest, choices.subspan(at, options)));
      at += options;
    }
    return {};
  }

  [[nodiscard]] Hash32 code() const {
    return confirmation_code(hi_, view(0, style_.ciphertext_points()));
  }
  [[nodiscard]] Bytes take() && { return std::move(bytes_); }

 private:
  [[nodiscard]] ByteView view(std::size_t point, std::size_t count) const {
    return ByteView(bytes_).subspan(kHeaderSize + kFieldSize * point,
                                    kFieldSize * count);
  }
  void put_point(std::size_t index, const Element& e) {
    declassify(e);
    std::ranges::copy(e.bytes(), bytes_.begin() + offset(index));
  }
  void put_scalar(std::size_t index, const Scalar& s) {
    declassify(s);
    std::ranges::copy(s.bytes(), bytes_.begin() + offset(style_.points() + index));
  }
  [[nodiscard]] std::ptrdiff_t offset(std::size_t field) const {
    return static_cast<std::ptrdiff_t>(kHeaderSize + kFieldSize * field);
  }

  // Randomness of the proofs, never derived from the seed.
  Result<std::vector<SecretScalar>> draw(std::size_t count) {
    std::vector<SecretScalar> out;
    crypto::SecretArray<64> wide;
    for (std::size_t i = 0; i < count; ++i) {
      URNA_CHECK(random_.fill(wide.writable()));
      out.push_back(SecretScalar::from_wide(wide.expose()));
    }
    return out;
  }

  // Encrypts `bit` into the next ciphertext of the contest; returns its nonce.
  SecretScalar encrypt(std::uint32_t contest, std::uint32_t option, std::uint8_t bit) {
    crypto::SecretArray<64> wide;
    nonce(hi_, contest, option, seed_.expose(), wide.writable());
    SecretScalar x = SecretScalar::from_wide(wide.expose());
    const std::size_t at = style_.place(contest).ciphertexts + 2 * std::size_t{option};
    put_point(at, group::base_mul(x));
    put_point(at + 1, group::mul(SecretScalar::from_u64(bit) + x, key_));
    return x;
  }

  Result<void> prove(std::size_t commitments, const SecretScalar& value,
                     std::span<const Scalar> values, OrProver<Ristretto>& prover) {
    const auto branches = prover.commit(key_, value, values);
    for (std::size_t m = 0; m < branches.size(); ++m) {
      put_point(commitments + 2 * m, branches[m].a);
      put_point(commitments + 2 * m + 1, branches[m].b);
    }
    return {};
  }

  Result<void> prove_option(std::uint32_t contest, std::uint32_t option,
                            std::uint8_t bit, const SecretScalar& x) {
    const ContestPlace& place = style_.place(contest);
    const std::size_t commitments = place.commitments + 4 * std::size_t{option};
    URNA_TRY(auto masks, draw(2));
    URNA_TRY(auto stand_ins, draw(2));
    OrProver<Ristretto> prover(std::move(masks), std::move(stand_ins));
    const Scalar values[2] = {Scalar(), Scalar::from_u64(1)};
    URNA_CHECK(prove(commitments, SecretScalar::from_u64(bit), values, prover));
    const Scalar c = Scalar::reduce_wide(option_challenge(
        hi_, contest, option, view(place.ciphertexts + 2 * std::size_t{option}, 2),
        view(commitments, 4)));
    std::uint8_t real[2] = {static_cast<std::uint8_t>(1 ^ bit), bit};
    const auto answer = prover.answer(c, x, real);
    crypto::wipe(real);
    const std::size_t scalars = place.scalars + 3 * std::size_t{option};
    put_scalar(scalars, answer.challenges[0]);
    put_scalar(scalars + 1, answer.responses[0]);
    put_scalar(scalars + 2, answer.responses[1]);
    return {};
  }

  // The folded proof: (sum of options) + gamma * blank encrypts gamma or 1 .. M.
  Result<void> prove_contest(std::uint32_t contest, std::uint32_t count,
                             const SecretScalar& option_nonces,
                             const SecretScalar& blank_nonce) {
    const ContestShape& shape = style_.contests()[contest];
    const ContestPlace& place = style_.place(contest);
    const ByteView ciphertexts =
        view(place.ciphertexts, 2 * (std::size_t{shape.options} + 1));
    const Scalar gamma = Scalar::reduce_wide(fold_challenge(hi_, contest, ciphertexts));
    const std::uint8_t blank = same(count, 0);
    const SecretScalar value =
        SecretScalar::from_u64(count) + gamma * SecretScalar::from_u64(blank);
    std::vector<Scalar> values = {gamma};
    std::vector<std::uint8_t> real;
    real.reserve(shape.branches());  // a reallocation would leave an unwiped copy
    real.push_back(blank);
    for (std::uint32_t m = 1; m < shape.branches(); ++m) {
      values.push_back(Scalar::from_u64(m));
      real.push_back(same(count, m));
    }
    URNA_TRY(auto masks, draw(shape.branches()));
    URNA_TRY(auto stand_ins, draw(shape.branches()));
    OrProver<Ristretto> prover(std::move(masks), std::move(stand_ins));
    const std::size_t commitments = place.commitments + 4 * std::size_t{shape.options};
    URNA_CHECK(prove(commitments, value, values, prover));
    const Scalar c = Scalar::reduce_wide(
        contest_challenge(hi_, contest, ciphertexts,
                          view(commitments, 2 * std::size_t{shape.branches()})));
    const auto answer = prover.answer(c, option_nonces + gamma * blank_nonce, real);
    std::size_t next = place.scalars + 3 * std::size_t{shape.options};
    for (std::uint32_t m = 1; m < shape.branches(); ++m) {
      put_scalar(next++, answer.challenges[m]);
    }
    for (const Scalar& response : answer.responses) put_scalar(next++, response);
    crypto::wipe(real);
    return {};
  }

  Result<void> seal_contest(std::uint32_t contest, ByteView bits) {
    SecretScalar nonces = SecretScalar::from_u64(0);
    std::uint32_t count = 0;
    std::vector<SecretScalar> xs;
    for (std::uint32_t option = 0; option < bits.size(); ++option) {
      xs.push_back(encrypt(contest, option, bits[option]));
      nonces = nonces + xs.back();
      count += bits[option];
    }
    const auto blank_at = static_cast<std::uint32_t>(bits.size());
    const SecretScalar blank_nonce = encrypt(contest, blank_at, same(count, 0));
    for (std::uint32_t option = 0; option < bits.size(); ++option) {
      URNA_CHECK(prove_option(contest, option, bits[option], xs[option]));
    }
    return prove_contest(contest, count, nonces, blank_nonce);
  }

  const BallotStyle& style_;
  const Element& key_;
  Hash32 hi_;
  const Seed& seed_;
  base::Random& random_;
  Bytes bytes_;
};

}  // namespace

Result<Sealed> seal(const Station& station, std::uint32_t style, std::uint32_t segment,
                    const JointKey& key, const Choices& choices, base::Random& random) {
  const BallotStyle* shape = station.style(style);
  if (shape == nullptr || !station.has_segment(segment)) {
    return fail(errors::bad_style,
                fmt::format("station '{}' has no style {} in segment {}",
                            station.code(), style, segment),
                "activate the session with a style of this station");
  }
  if (choices.expose().size() != shape->options()) {
    return fail(errors::bad_choices, "the choices were made for another ballot style");
  }
  Sealed out;
  BallotIdentity identity{segment, style, {}};
  URNA_CHECK(random.fill(identity.id));
  URNA_CHECK(random.fill(out.seed.writable()));
  Sealer sealer(station, *shape, identity, key, out.seed, random);
  URNA_CHECK(sealer.run(choices.expose()));
  out.code = sealer.code();
  out.ballot = std::move(sealer).take();
  return out;
}

}  // namespace urna::ballot
