#include "trustees/terms.hpp"

#include "base/binary.hpp"
#include "trustees/errors.hpp"

#include <fmt/format.h>

namespace urna::trustees {

namespace {

constexpr std::string_view kMagic = "urna-ctr";
constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kLongestName = 200;

std::unexpected<Error> bad_terms(std::string message, std::string to_do = {}) {
  return fail(errors::bad_terms, std::move(message), std::move(to_do));
}

Result<Member> member_of(const election::Trustee& trustee) {
  if (!trustee.signing_key || !trustee.box_key) {
    return bad_terms(fmt::format("trustee '{}' has no keys", trustee.name),
                     "make them with `urna key new --kind trustee` and put the public "
                     "keys into the definition");
  }
  URNA_TRY(const auto signing, crypto::PublicKey::decode(*trustee.signing_key));
  URNA_TRY(const auto box, crypto::BoxPublicKey::decode(*trustee.box_key));
  return Member{trustee.name, signing, box};
}

Result<std::vector<Member>> members_of(const election::Definition& definition) {
  const auto& trustees = definition.model().trustees;
  if (!trustees) return bad_terms("the definition names no trustees");
  std::vector<Member> members;
  for (const election::Trustee& trustee : trustees->members) {
    URNA_TRY(Member member, member_of(trustee));
    members.push_back(std::move(member));
  }
  return members;
}

Result<void> check_distinct(const std::vector<Member>& members) {
  for (std::size_t i = 0; i < members.size(); ++i) {
    const Member& a = members[i];
    if (a.name.empty() || a.name.size() > kLongestName || !base::is_utf8(a.name)) {
      return bad_terms(fmt::format("trustee {} has no usable name", i + 1));
    }
    for (std::size_t j = 0; j < i; ++j) {
      const Member& b = members[j];
      if (a.name == b.name || a.signing == b.signing || a.box == b.box) {
        return bad_terms(
            fmt::format("trustees {} and {} share a name or a key", j + 1, i + 1),
            "every trustee makes keys of their own");
      }
    }
  }
  return {};
}

}  // namespace

Result<Terms> Terms::make(const Hash32& ceremony, std::uint32_t attempt,
                          const Hash32& definition, std::uint32_t threshold,
                          std::vector<Member> members) {
  const std::size_t n = members.size();
  if (n < 2 || n > kMostTrustees) {
    return bad_terms(
        fmt::format("{} trustees; a ceremony has 2 to {}", n, kMostTrustees));
  }
  // Not above half, and two disjoint groups could decrypt; above n, nobody could.
  if (threshold > n || 2 * std::size_t{threshold} <= n) {
    return bad_terms(fmt::format("threshold {} of {}", threshold, n),
                     "more than half of the trustees, and at most all, must be needed");
  }
  if (attempt == 0) return bad_terms("attempts count from 1");
  URNA_CHECK(check_distinct(members));
  return Terms(
      {ceremony, attempt, static_cast<std::uint32_t>(n), threshold, definition},
      std::move(members));
}

Result<Terms> Terms::for_definition(base::Random& random,
                                    const election::Definition& definition) {
  URNA_TRY(std::vector<Member> members, members_of(definition));
  Hash32 ceremony;
  URNA_CHECK(random.fill(ceremony));
  return make(ceremony, 1, definition.hash(), definition.model().trustees->threshold,
              std::move(members));
}

Terms Terms::next_attempt() const {
  Terms next = *this;
  ++next.binding_.attempt;
  return next;
}

std::string Terms::title(std::uint32_t trustee) const {
  return fmt::format("trustee {} ({})", trustee, member(trustee).name);
}

std::optional<std::uint32_t> Terms::find(const crypto::PublicKey& key) const {
  for (std::uint32_t i = 1; i <= n(); ++i) {
    if (member(i).signing == key) return i;
  }
  return std::nullopt;
}

Bytes Terms::encode() const {
  base::Writer writer;
  writer.fixed(as_bytes(kMagic));
  writer.u32(kVersion);
  writer.fixed(binding_.ceremony);
  writer.u32(binding_.attempt);
  writer.fixed(binding_.definition);
  writer.u32(binding_.threshold);
  writer.u32(binding_.trustees);
  for (const Member& member : members_) {
    writer.text(member.name);
    writer.fixed(member.signing.bytes());
    writer.fixed(member.box.bytes());
  }
  return std::move(writer).take();
}

Result<Terms> Terms::decode(ByteView bytes) {
  base::Reader reader(bytes);
  URNA_TRY(const ByteView magic, reader.fixed(kMagic.size()));
  URNA_TRY(const std::uint32_t version, reader.u32());
  if (as_text(magic) != kMagic || version != kVersion) {
    return bad_terms("this is not a ceremony terms file of version 1");
  }
  URNA_TRY(const Hash32 ceremony, reader.array<32>());
  URNA_TRY(const std::uint32_t attempt, reader.u32());
  URNA_TRY(const Hash32 definition, reader.array<32>());
  URNA_TRY(const std::uint32_t threshold, reader.u32());
  URNA_TRY(const std::uint32_t n, reader.u32());
  if (n > kMostTrustees) return bad_terms(fmt::format("{} trustees", n));
  std::vector<Member> members;
  for (std::uint32_t i = 0; i < n; ++i) {
    URNA_TRY(std::string name, reader.text(kLongestName));
    URNA_TRY(const ByteView signing_bytes, reader.fixed(32));
    URNA_TRY(const ByteView box_bytes, reader.fixed(32));
    URNA_TRY(const auto signing, crypto::PublicKey::decode(signing_bytes));
    URNA_TRY(const auto box, crypto::BoxPublicKey::decode(box_bytes));
    members.push_back({std::move(name), signing, box});
  }
  URNA_CHECK(reader.finish());
  return make(ceremony, attempt, definition, threshold, std::move(members));
}

Result<void> Terms::check_belongs(const election::Definition& definition) const {
  const auto other = [](std::string message) {
    return fail(errors::other_definition, std::move(message),
                "use the definition that the ceremony was held for");
  };
  if (definition.hash() != binding_.definition) {
    return other("the ceremony was held for another definition (its hash differs)");
  }
  URNA_TRY(const std::vector<Member> members, members_of(definition));
  if (members.size() != n() || definition.model().trustees->threshold != k()) {
    return other("the definition has another number of trustees or threshold");
  }
  for (std::uint32_t i = 1; i <= n(); ++i) {
    const Member& there = members[i - 1];
    if (there.name != member(i).name || there.signing != member(i).signing ||
        there.box != member(i).box) {
      return other(fmt::format("the definition has other keys for {}", title(i)));
    }
  }
  return {};
}

}  // namespace urna::trustees
