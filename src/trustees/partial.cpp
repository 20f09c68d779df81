#include "trustees/partial.hpp"

#include "base/binary.hpp"
#include "trustees/errors.hpp"

#include <map>

#include <fmt/format.h>

namespace urna::trustees {

namespace {

constexpr std::string_view kMagic = "urna-dec";
constexpr std::uint32_t kVersion = 1;
constexpr std::string_view kUse = "decryption";
constexpr std::uint32_t kMostFields = 1u << 20;
constexpr std::uint32_t kMostSegments = 1u << 16;

Bytes unsigned_part(const Partial& partial) {
  base::Writer writer;
  writer.fixed(as_bytes(kMagic));
  writer.u32(kVersion);
  writer.fixed(partial.election_hash);
  writer.text(partial.station);
  writer.u32(static_cast<std::uint32_t>(partial.segments.size()));
  for (const std::uint32_t segment : partial.segments) writer.u32(segment);
  writer.fixed(partial.package);
  writer.u32(partial.share.trustee);
  writer.u32(static_cast<std::uint32_t>(partial.share.shares.size()));
  for (const Element& share : partial.share.shares) writer.fixed(share.bytes());
  writer.fixed(partial.share.proof.commitment_g.bytes());
  writer.fixed(partial.share.proof.commitment_alpha.bytes());
  writer.fixed(partial.share.proof.response.bytes());
  return std::move(writer).take();
}

Result<Element> read_element(base::Reader& reader) {
  URNA_TRY(const ByteView bytes, reader.fixed(32));
  return Element::decode(bytes);
}

// sum of weights[i] M_if for the chosen shares.
Element combine_field(std::span<const Scalar> weights,
                      std::span<const DecryptionShare<R>* const> chosen,
                      std::size_t f) {
  Element sum;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    sum = sum + R::mul(weights[i], chosen[i]->shares[f]);
  }
  return sum;
}

Result<StationTotals> totals_of(const SmallLog<R>& log, const StationSums& sums,
                                std::span<const DecryptionShare<R>* const> chosen) {
  StationTotals totals;
  for (const DecryptionShare<R>* share : chosen) totals.used.push_back(share->trustee);
  URNA_TRY(const std::vector<Scalar> weights, lagrange_at_zero<R>(totals.used));
  std::size_t f = 0;
  for (const ContestSums& contest : sums.contests) {
    ContestTotals result{contest.contest, {}};
    for (std::size_t i = 0; i < contest.fields.size(); ++i) {
      if (contest.ballots == 0) {
        result.fields.push_back(0);
        continue;
      }
      const Element message =
          contest.fields[i].beta - combine_field(weights, chosen, f++);
      const auto total = log.find_var(message, contest.ballots);
      if (!total) {
        return fail(
            errors::no_total,
            fmt::format("contest {}, field {}: no total from 0 to {} fits",
                        contest.contest, i, contest.ballots),
            "the sums are not those of valid ballots under this key: verify the "
            "package again");
      }
      result.fields.push_back(*total);
    }
    totals.contests.push_back(std::move(result));
  }
  return totals;
}

}  // namespace

Bytes Partial::encode() const {
  Bytes bytes = unsigned_part(*this);
  append(bytes, signature);
  return bytes;
}

Result<Partial> Partial::decode(ByteView bytes) {
  base::Reader reader(bytes);
  Partial partial;
  URNA_TRY(const ByteView magic, reader.fixed(kMagic.size()));
  URNA_TRY(const std::uint32_t version, reader.u32());
  if (as_text(magic) != kMagic || version != kVersion) {
    return fail(errors::bad_partial, "this is not a partial decryption of version 1");
  }
  URNA_TRY(partial.election_hash, reader.array<32>());
  URNA_TRY(partial.station, reader.text(64));
  URNA_TRY(const std::uint32_t segments, reader.u32());
  if (segments > kMostSegments) return fail(errors::bad_partial, "too many segments");
  for (std::uint32_t i = 0; i < segments; ++i) {
    URNA_TRY(const std::uint32_t segment, reader.u32());
    partial.segments.push_back(segment);
  }
  URNA_TRY(partial.package, reader.array<32>());
  URNA_TRY(partial.share.trustee, reader.u32());
  URNA_TRY(const std::uint32_t fields, reader.u32());
  if (fields > kMostFields) return fail(errors::bad_partial, "too many fields");
  for (std::uint32_t f = 0; f < fields; ++f) {
    URNA_TRY(const Element share, read_element(reader));
    partial.share.shares.push_back(share);
  }
  URNA_TRY(partial.share.proof.commitment_g, read_element(reader));
  URNA_TRY(partial.share.proof.commitment_alpha, read_element(reader));
  URNA_TRY(const ByteView response, reader.fixed(32));
  URNA_TRY(partial.share.proof.response, Scalar::decode(response));
  URNA_TRY(partial.signature, reader.array<64>());
  URNA_CHECK(reader.finish());
  return partial;
}

Result<Partial> make_partial(base::Random& random, const StationSums& sums,
                             const KeyShare& share, const Element& public_share,
                             const crypto::SigningKey& key) {
  URNA_TRY(const auto statement, statement_of(share.election_hash, sums));
  Partial partial;
  partial.election_hash = share.election_hash;
  partial.station = sums.station;
  partial.segments = sums.segments;
  partial.package = sums.package;
  URNA_TRY(partial.share, prove_decryption<R>(random, statement, share.trustee,
                                              share.secret, public_share));
  partial.signature = key.sign(kUse, unsigned_part(partial));
  return partial;
}

Result<void> check_partial(const ElectionKey& key, const StationSums& sums,
                           const Partial& partial) {
  const std::uint32_t l = partial.share.trustee;
  const Terms& terms = key.terms();
  if (l < 1 || l > terms.n()) {
    return fail(errors::bad_partial, fmt::format("there is no trustee {}", l));
  }
  URNA_CHECK(crypto::check_signature(
      terms.member(l).signing, kUse, unsigned_part(partial), partial.signature,
      fmt::format("the partial decryption claimed to be from {}", terms.title(l))));
  if (partial.election_hash != key.election_hash() || partial.station != sums.station ||
      partial.segments != sums.segments || partial.package != sums.package) {
    return fail(errors::other_package,
                fmt::format("{} decrypted another election, station or package",
                            terms.title(l)),
                "give the files made for this package");
  }
  URNA_TRY(const auto statement, statement_of(key.election_hash(), sums));
  if (!decryption_holds<R>(statement, partial.share, key.public_share(l))) {
    return fail(
        errors::partial_proof,
        fmt::format("the decryption by {} is wrong: its proof fails", terms.title(l)),
        "the others suffice if k of them are good; ask this trustee to explain");
  }
  return {};
}

SmallLog<R> totals_log(const ElectionKey& key, std::uint32_t table_size) {
  return SmallLog<R>(key.key(), table_size);
}

Combination combine_partials(const ElectionKey& key, const SmallLog<R>& log,
                             const StationSums& sums,
                             std::span<const NamedFile> files) {
  Combination combination;
  std::map<std::uint32_t, DecryptionShare<R>> good;
  const auto leave_out = [&](const NamedFile& file, std::uint32_t trustee,
                             const Error& error) {
    combination.faults.push_back(
        {error.kind, trustee, false, fmt::format("{}: {}", file.name, error.message)});
  };
  for (const NamedFile& file : files) {
    const auto partial = Partial::decode(file.bytes);
    if (!partial) {
      leave_out(file, 0, partial.error());
      continue;
    }
    const auto checked = check_partial(key, sums, *partial);
    // Only a file that carries its trustee's signature can be held against them.
    const bool unsigned_file =
        !checked && (checked.error().kind.number < 3200 ||
                     checked.error().kind == errors::bad_partial);
    if (!checked) {
      leave_out(file, unsigned_file ? 0 : partial->share.trustee, checked.error());
      continue;
    }
    good.emplace(partial->share.trustee, partial->share);
  }
  if (good.size() < key.terms().k()) {
    combination.error =
        Error{errors::too_few,
              fmt::format("{} good partial decryptions of station {}; {} are needed",
                          good.size(), sums.station, key.terms().k()),
              {},
              "ask the missing trustees to decrypt this package"};
    return combination;
  }
  std::vector<const DecryptionShare<R>*> chosen;
  for (const auto& [l, share] : good) {
    if (chosen.size() < key.terms().k()) chosen.push_back(&share);
  }
  auto totals = totals_of(log, sums, chosen);
  if (totals) {
    combination.totals = *std::move(totals);
  } else {
    combination.error = std::move(totals).error();
  }
  return combination;
}

}  // namespace urna::trustees
