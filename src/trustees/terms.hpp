// The terms of one attempt of a key ceremony: who takes part, with which keys, how many
// of them must decrypt together, and for which election definition. Everybody reads
// the same terms file first; every later file is bound to it. Byte layout:
// docs/formats/ceremony.md.
//
// Thread rule: immutable values. Public data only.
#pragma once

#include "crypto/box.hpp"
#include "crypto/sign.hpp"
#include "election/definition.hpp"
#include "trustees/coefficient_proof.hpp"

#include <optional>
#include <string>
#include <vector>

namespace urna::trustees {

inline constexpr std::uint32_t kMostTrustees = 25;

struct Member {
  std::string name;
  crypto::PublicKey signing;
  crypto::BoxPublicKey box;
};

class Terms {
 public:
  // Error bad_terms unless there are 2 to 25 members with distinct names and keys,
  // n/2 < threshold <= n, and the attempt is at least 1.
  [[nodiscard]] static Result<Terms> make(const Hash32& ceremony, std::uint32_t attempt,
                                          const Hash32& definition,
                                          std::uint32_t threshold,
                                          std::vector<Member> members);

  // A new ceremony for a definition: draws its identifier. Errors: bad_terms when the
  // definition names no trustees or one without keys; no_random.
  [[nodiscard]] static Result<Terms> for_definition(
      base::Random& random, const election::Definition& definition);

  // The same ceremony again, after an attempt that failed.
  [[nodiscard]] Terms next_attempt() const;

  [[nodiscard]] const Binding& binding() const { return binding_; }
  [[nodiscard]] std::uint32_t n() const { return binding_.trustees; }
  [[nodiscard]] std::uint32_t k() const { return binding_.threshold; }
  // Trustees count from 1.
  [[nodiscard]] const Member& member(std::uint32_t trustee) const {
    return members_.at(trustee - 1);
  }
  // "trustee 3 (Ana Torres)": how messages name one.
  [[nodiscard]] std::string title(std::uint32_t trustee) const;
  [[nodiscard]] std::optional<std::uint32_t> find(const crypto::PublicKey& key) const;

  [[nodiscard]] Bytes encode() const;
  [[nodiscard]] static Result<Terms> decode(ByteView bytes);

  // Error other_definition unless the terms are for exactly this definition, its
  // trustees and their keys.
  [[nodiscard]] Result<void> check_belongs(
      const election::Definition& definition) const;

 private:
  Terms(const Binding& binding, std::vector<Member> members)
      : binding_(binding), members_(std::move(members)) {}
  Binding binding_;
  std::vector<Member> members_;
};

}  // namespace urna::trustees
