#include "ballot/box.hpp"

#include "ballot/batch.hpp"
#include "ballot/errors.hpp"
#include "ballot/opening.hpp"
#include "ballot/verify.hpp"
#include "base/binary.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace urna::ballot {
namespace {

constexpr std::string_view kMagic = "urna-ballot-box-1";
constexpr std::size_t kMaxBallot = std::size_t{1} << 20;
constexpr std::size_t kMaxBallots = 1'000'000;

Result<Station> read_station(base::Reader& r) {
  URNA_TRY(const Hash32 election, r.array<32>());
  URNA_TRY(std::string code, r.text(kMaxStationCode));
  URNA_TRY(const std::uint32_t segment_count, r.u32());
  std::vector<std::uint32_t> segments;
  for (std::uint32_t i = 0; i < segment_count; ++i) {
    URNA_TRY(const std::uint32_t segment, r.u32());
    segments.push_back(segment);
  }
  URNA_TRY(const std::uint32_t style_count, r.u32());
  std::vector<BallotStyle> styles;
  for (std::uint32_t i = 0; i < style_count; ++i) {
    URNA_TRY(const std::uint32_t number, r.u32());
    URNA_TRY(const std::uint32_t contest_count, r.u32());
    std::vector<ContestShape> contests;
    for (std::uint32_t c = 0; c < contest_count; ++c) {
      ContestShape shape;
      URNA_TRY(shape.options, r.u32());
      URNA_TRY(shape.limit, r.u32());
      contests.push_back(shape);
    }
    URNA_TRY(BallotStyle style, BallotStyle::make(number, std::move(contests)));
    styles.push_back(std::move(style));
  }
  return Station::make(election, std::move(code), std::move(segments),
                       std::move(styles));
}

Result<Box> read_box(base::Reader& r) {
  URNA_TRY(const std::string magic, r.text(64));
  if (magic != kMagic) return fail(errors::bad_box, "not a ballot box file");
  URNA_TRY(Station station, read_station(r));
  URNA_TRY(const ByteArray<32> key_bytes, r.array<32>());
  URNA_TRY(const JointKey key, JointKey::decode(key_bytes));
  Box box{std::move(station), key, {}};
  URNA_TRY(const std::uint32_t count, r.u32());
  if (count > kMaxBallots)
    return fail(errors::bad_box, "more ballots than a station has");
  Decision last = Decision::cast;
  for (std::uint32_t i = 0; i < count; ++i) {
    BoxBallot item;
    URNA_TRY(const std::uint8_t decision, r.u8());
    if (decision < 1 || decision > 3) {
      return fail(errors::bad_box,
                  fmt::format("ballot {} has decision {}", i, decision));
    }
    item.decision = static_cast<Decision>(decision);
    if (item.decision < last) {
      return fail(errors::box_order,
                  fmt::format("ballot {} ({}) stands after the {} ones", i,
                              decision_name(item.decision), decision_name(last)));
    }
    last = item.decision;
    URNA_TRY(const ByteView ballot, r.var_bytes(kMaxBallot));
    item.ballot = to_bytes(ballot);
    URNA_TRY(const ByteView opening, r.var_bytes(kMaxBallot));
    item.opening = to_bytes(opening);
    box.ballots.push_back(std::move(item));
  }
  URNA_CHECK(r.finish());
  return box;
}

// What only one ballot is asked: its opening, according to its decision.
std::optional<Fault> check_decision(const Box& box, const BoxBallot& item,
                                    const BallotBytes& ballot) {
  if (item.decision != Decision::challenged) {
    if (item.opening.empty()) return std::nullopt;
    return Fault{
        errors::opening_forbidden,
        fmt::format("a {} ballot comes with an opening", decision_name(item.decision))};
  }
  if (item.opening.empty()) return Fault{errors::opening_missing, "challenged ballot"};
  return check_opening(box.station, box.key, ballot, item.opening);
}

Result<std::vector<std::optional<Fault>>> check_proofs(const Box& box, unsigned threads,
                                                       bool reference) {
  std::vector<std::optional<Fault>> verdicts(box.ballots.size());
  if (reference) {
    for (std::size_t i = 0; i < verdicts.size(); ++i) {
      verdicts[i] = verify_ballot(box.station, box.key, box.ballots[i].ballot);
    }
    return verdicts;
  }
  std::size_t next = 0;
  URNA_CHECK(verify_stream(
      box.station, box.key,
      [&](Bytes& ballot) {
        if (next == box.ballots.size()) return false;
        ballot = box.ballots[next++].ballot;
        return true;
      },
      [&](std::uint64_t position, const std::optional<Fault>& fault) {
        verdicts[static_cast<std::size_t>(position)] = fault;
      },
      threads));
  return verdicts;
}

}  // namespace

Bytes box_bytes(const Box& box) {
  base::Writer w;
  w.text(kMagic);
  w.fixed(box.station.election_hash());
  w.text(box.station.code());
  w.u32(static_cast<std::uint32_t>(box.station.segments().size()));
  for (const std::uint32_t segment : box.station.segments()) w.u32(segment);
  w.u32(static_cast<std::uint32_t>(box.station.styles().size()));
  for (const BallotStyle& style : box.station.styles()) {
    w.u32(style.number());
    w.u32(static_cast<std::uint32_t>(style.contests().size()));
    for (const ContestShape& shape : style.contests()) {
      w.u32(shape.options);
      w.u32(shape.limit);
    }
  }
  w.fixed(box.key.element().bytes());
  w.u32(static_cast<std::uint32_t>(box.ballots.size()));
  for (const BoxBallot& item : box.ballots) {
    w.u8(static_cast<std::uint8_t>(item.decision));
    w.var_bytes(item.ballot);
    w.var_bytes(item.opening);
  }
  return std::move(w).take();
}

Result<Box> parse_box(ByteView bytes) {
  base::Reader r(bytes);
  auto box = read_box(r);
  if (box) return box;
  Error error = std::move(box).error();
  if (error.kind != errors::box_order && error.kind != errors::bad_box) {
    error.message = fmt::format("not a ballot box file: {}", error.message);
    error.kind = errors::bad_box;
  }
  return std::unexpected(std::move(error).at(fmt::format("offset {}", r.offset())));
}

void sort_box(Box& box) {
  const auto code = [&](const BoxBallot& item) {
    const auto ballot = BallotBytes::read(box.station, item.ballot);
    return ballot ? confirmation_code(ballot->hash(box.station), ballot->ciphertexts())
                  : Hash32{};
  };
  std::ranges::sort(box.ballots, [&](const BoxBallot& a, const BoxBallot& b) {
    return a.decision != b.decision ? a.decision < b.decision : code(a) < code(b);
  });
}

Result<BoxReport> check_box(const Box& box, unsigned threads, bool reference) {
  URNA_TRY(const auto proofs, check_proofs(box, threads, reference));
  BoxReport report;
  StationCheck together(box.station);
  for (std::size_t i = 0; i < box.ballots.size(); ++i) {
    const BoxBallot& item = box.ballots[i];
    switch (item.decision) {
      case Decision::cast:
        ++report.cast;
        break;
      case Decision::challenged:
        ++report.challenged;
        break;
      case Decision::voided:
        ++report.voided;
        break;
    }
    if (proofs[i]) report.faults.push_back({i, *proofs[i]});
    const auto ballot = BallotBytes::read(box.station, item.ballot);
    if (!ballot) continue;
    if (auto fault = together.add(item.decision, *ballot)) {
      report.faults.push_back({i, *std::move(fault)});
    }
    if (auto fault = check_decision(box, item, *ballot)) {
      report.faults.push_back({i, *std::move(fault)});
    }
  }
  return report;
}

}  // namespace urna::ballot
