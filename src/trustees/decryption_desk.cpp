#include "trustees/decryption_desk.hpp"

#include "base/binary.hpp"
#include "base/encoding.hpp"
#include "trustees/errors.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace urna::trustees {

namespace {

constexpr std::string_view kMagic = "urna-led";
constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kLargestEntry = 1024;

Bytes ledger_entry(const Hash32& election_hash, std::string_view station,
                   std::uint32_t segment, const Hash32& package) {
  base::Writer writer;
  writer.fixed(as_bytes(kMagic));
  writer.u32(kVersion);
  writer.fixed(election_hash);
  writer.text(station);
  writer.u32(segment);
  writer.fixed(package);
  writer.fixed(crypto::sha256(writer.view()));
  return std::move(writer).take();
}

}  // namespace

std::string Ledger::path(const Hash32& election_hash, std::string_view station,
                         std::uint32_t segment) const {
  const Hash32 name = crypto::Transcript("ledger")
                          .bytes(election_hash)
                          .text(station)
                          .u32(segment)
                          .hash32();
  return base::join_path(folder_, base::to_hex(name) + ".entry");
}

Result<void> Ledger::record(const Hash32& election_hash, const StationSums& sums) {
  URNA_CHECK(files_.make_folder(folder_));
  std::vector<std::uint32_t> missing;
  for (const std::uint32_t segment : sums.segments) {
    const std::string place = path(election_hash, sums.station, segment);
    if (files_.kind(place) == base::FileKind::missing) {
      missing.push_back(segment);
      continue;
    }
    const auto found = base::read_file(files_, place, kLargestEntry);
    if (found &&
        *found == ledger_entry(election_hash, sums.station, segment, sums.package)) {
      continue;
    }
    // Either a well-formed entry for another package, or no entry at all.
    if (found && found->size() >= 64) {
      Hash32 package;
      std::ranges::copy(ByteView(*found).last(64).first(32), package.begin());
      if (*found == ledger_entry(election_hash, sums.station, segment, package)) {
        return fail(errors::second_package,
                    fmt::format("station {} (segment {}) was already decrypted from "
                                "package {}",
                                sums.station, segment, base::to_hex(package)),
                    "a second set is never decrypted: settle the correction on paper "
                    "and tally sheets");
      }
    }
    return fail(errors::ledger_damaged,
                fmt::format("the ledger entry for station {} (segment {}) is damaged",
                            sums.station, segment),
                "restore the ledger folder; nothing is decrypted without it", place);
  }
  for (const std::uint32_t segment : missing) {
    URNA_CHECK(base::write_durable(
        files_, path(election_hash, sums.station, segment),
        ledger_entry(election_hash, sums.station, segment, sums.package)));
  }
  return {};
}

Result<DecryptionDesk> DecryptionDesk::open(
    base::FileSystem& files, base::Random& random, std::string ledger_folder,
    const ElectionKey& key, KeyShare share, TrusteeKeys keys, log::Policy policy,
    std::vector<crypto::PublicKey> decision_keys) {
  const Terms& terms = key.terms();
  const bool fits = share.binding == terms.binding() && share.trustee >= 1 &&
                    share.trustee <= terms.n() &&
                    share.election_hash == key.election_hash() &&
                    terms.member(share.trustee).signing == keys.signing.public_key() &&
                    R::base_mul(share.secret) == key.public_share(share.trustee);
  if (!fits) {
    return fail(errors::bad_private_file,
                "the share of the key does not belong to this election key and trustee",
                "give the share file that `urna trustee confirm` wrote");
  }
  return DecryptionDesk(random, Ledger(files, std::move(ledger_folder)), key,
                        std::move(share), std::move(keys), std::move(policy),
                        std::move(decision_keys));
}

Result<void> DecryptionDesk::check_exclusions(const StationSums& sums,
                                              const Decision* decision) const {
  if (sums.excluded.empty()) {
    if (decision == nullptr) return {};
    return fail(errors::bad_decision,
                "the decision excludes ballots that are all valid");
  }
  if (decision == nullptr) {
    return fail(
        errors::excluded_ballots,
        fmt::format("station {} has {} excluded ballots and no decision document",
                    sums.station, sums.excluded.size()),
        "the election authority signs one: urna tally decide");
  }
  if (std::ranges::find(decision_keys_, decision->official) == decision_keys_.end()) {
    return fail(
        errors::bad_decision,
        "the decision is signed by a key that may not decide for every station");
  }
  if (decision->election_hash != key_.election_hash() ||
      decision->station != sums.station || decision->package != sums.package ||
      decision->excluded != sums.excluded) {
    return fail(
        errors::bad_decision,
        "the decision names another package or other ballots than are excluded");
  }
  return {};
}

Result<Partial> DecryptionDesk::decrypt(const StationSums& sums,
                                        const log::Receipt& receipt,
                                        const Decision* decision) {
  URNA_CHECK(statement_of(key_.election_hash(), sums));
  URNA_CHECK(check_witnessed(policy_, package_entry(sums), receipt));
  URNA_CHECK(check_exclusions(sums, decision));
  URNA_CHECK(ledger_.record(key_.election_hash(), sums));
  URNA_TRY(Partial partial,
           make_partial(random_, sums, share_, key_.public_share(share_.trustee),
                        keys_.signing));
  // Pair assertion: what leaves this program passes everybody else's check.
  URNA_CHECK(check_partial(key_, sums, partial));
  return partial;
}

}  // namespace urna::trustees
