#include "machine/station_kit.hpp"

#include "base/progress.hpp"
#include "crypto/pin.hpp"
#include "group/secret.hpp"
#include "machine/errors.hpp"
#include "sheet/certificate.hpp"
#include "trustees/election_key.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace urna::machine {
namespace {

std::unexpected<Error> cannot(std::string why) {
  return fail(errors::bad_package, std::move(why));
}

Result<void> add_keys(const KitPlan& plan, const election::Definition& definition,
                      SetupContent& content) {
  if (plan.key_record.empty()) {
    // Nobody keeps the secret of this key: a demonstration is not decrypted.
    const auto key = group::base_mul(group::SecretScalar::random());
    std::ranges::copy(key.bytes(), content.joint_key.begin());
    content.election_hash = definition.hash();
    return {};
  }
  URNA_TRY(const auto record,
           trustees::ElectionKey::decode_for(definition, plan.key_record));
  std::ranges::copy(record.key().bytes(), content.joint_key.begin());
  content.election_hash = record.election_hash();
  content.key_record = plan.key_record;
  return {};
}

// Officials have other sticks for a spare machine, so their certificates have other
// names.
std::string certificate_name(const KitPlan& plan, const std::string& role) {
  const std::string name = role + "-" + plan.station;
  return plan.segment == 1 ? name : fmt::format("{}-{}", name, plan.segment);
}

Result<void> add_officials(base::Random& random, const KitPlan& plan,
                           const election::Definition& definition,
                           const crypto::SigningKey& authority,
                           crypto::KeyFileCost cost, SetupContent& content,
                           StationKit& kit) {
  URNA_TRY(const auto closing, crypto::BoxSecretKey::generate(random));
  content.closing_key = closing.public_key().bytes();
  URNA_TRY(const auto halves, split_closing_key(random, closing));
  for (std::size_t i = 0; i < plan.roles.size(); ++i) {
    URNA_TRY(const auto key, crypto::SigningKey::generate(random));
    URNA_TRY(std::string pin, crypto::random_digits(random, crypto::kShortestPin));
    const ClosingHalf* half = i == 0   ? &halves.first
                              : i == 1 ? &halves.second
                                       : nullptr;
    URNA_TRY(Bytes file, make_official_file(random, key, half, pin, cost));
    URNA_TRY(const auto certificate,
             sheet::Certificate::issue(
                 {definition.model().mode, definition.hash(), plan.roles[i],
                  plan.station, certificate_name(plan, plan.roles[i])},
                 key.public_key(), authority));
    content.officials.push_back({plan.roles[i], plan.roles[i], key.public_key()});
    kit.officials.push_back(
        {plan.roles[i], std::move(pin), std::move(file), certificate.text()});
  }
  return {};
}

Result<void> add_tokens(base::Random& random, const KitPlan& plan,
                        const election::Definition& definition,
                        const crypto::PublicKey& authority,
                        election::StationIndex station, SetupContent& content,
                        StationKit& kit) {
  if (!plan.token_pool.empty()) {
    URNA_TRY(content.tokens,
             read_token_pool(plan.token_pool, definition.hash(), plan.station));
    return {};
  }
  if (!plan.first_package.empty()) {
    URNA_TRY(const Setup first, read_setup(plan.first_package, authority));
    if (first.definition.hash() != definition.hash() ||
        first.station.code() != plan.station) {
      return cannot("the first machine's package is of another station");
    }
    content.tokens = first.tokens.tokens();
    return {};
  }
  URNA_TRY(NewTokens tokens,
           make_tokens(random, definition.hash(), plan.station,
                       definition.style_index_of(station), plan.tokens));
  content.tokens = std::move(tokens.pool);
  kit.tokens = std::move(tokens.characters);
  return {};
}

}  // namespace

Result<std::vector<Clip>> render_kit_voice(const KitPlan& plan, const PageWords& page,
                                           const Speak& speak) {
  base::Report report;
  const auto definition = election::parse_definition(plan.definition, report);
  if (!definition) return std::unexpected(report.first_problem());
  const auto station = definition->find_station(plan.station);
  if (!station) {
    return cannot(fmt::format("the definition has no station {}", plan.station));
  }
  base::SystemClock clock;
  std::optional<base::Progress> progress;
  std::size_t before = 0;
  return render_voice(page, *definition, *station, speak,
                      [&](std::size_t done, std::size_t all) {
                        if (!progress)
                          progress.emplace(clock, "Speaking", "texts", all);
                        progress->add(done - before);
                        before = done;
                      });
}

Result<StationKit> make_station_kit(base::Random& random, const KitPlan& plan,
                                    const crypto::SigningKey& authority,
                                    crypto::KeyFileCost cost) {
  const std::set<std::string> roles(plan.roles.begin(), plan.roles.end());
  if (plan.roles.size() < 2 || roles.size() != plan.roles.size()) {
    return cannot("a station needs two officials or more, each with a role of its own");
  }
  const int sources = (plan.tokens > 0 ? 1 : 0) + (plan.token_pool.empty() ? 0 : 1) +
                      (plan.first_package.empty() ? 0 : 1);
  if (sources != 1) {
    return cannot(
        "a station needs check-in's token pool, or new tokens and how many, or the "
        "first machine's package");
  }
  base::Report report;
  const auto definition = election::parse_definition(plan.definition, report);
  if (!definition) return std::unexpected(report.first_problem());
  const auto station = definition->find_station(plan.station);
  if (!station) {
    return cannot(fmt::format("the definition has no station {}", plan.station));
  }
  StationKit kit;
  kit.definition = definition->hash();
  SetupContent content;
  content.definition = plan.definition;
  content.issue = plan.issue;
  content.segment = plan.segment;
  content.station = plan.station;
  content.voice = plan.voice;
  URNA_CHECK(add_keys(plan, *definition, content));
  URNA_CHECK(add_officials(random, plan, *definition, authority, cost, content, kit));
  URNA_CHECK(add_tokens(random, plan, *definition, authority.public_key(), *station,
                        content, kit));
  content.registered = definition->stations()[*station].registered.value_or(
      static_cast<std::uint32_t>(content.tokens.size()));
  kit.package = make_setup(content, authority);
  URNA_CHECK(read_setup(kit.package, authority.public_key()));
  return kit;
}

}  // namespace urna::machine
