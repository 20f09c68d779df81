#include "simulate/cheat.hpp"

#include "ballot/seal.hpp"
#include "sheet/signed_sheet.hpp"

#include <algorithm>

namespace urna::simulate {
namespace {

using record::Check;

const std::vector<CheatInfo> kCheats{
    {Cheat::none, "none", "everybody is honest", {}},
    {Cheat::wrong_totals,
     "wrong-totals",
     "a machine moves a vote from one candidate to another on its sheet",
     {Check::sheet_totals}},
    {Cheat::dropped_ballot,
     "dropped-ballot",
     "a machine leaves a cast ballot out of its package",
     {Check::counts}},
    {Cheat::added_ballot,
     "added-ballot",
     "a machine adds a ballot that nobody cast",
     {Check::counts}},
    {Cheat::altered_ballot,
     "altered-ballot",
     "a machine changes a sealed ballot",
     {Check::proofs}},
    {Cheat::foreign_sheet,
     "foreign-sheet",
     "a machine puts another station's sheet into its package",
     {Check::sheets}},
    {Cheat::wrong_share,
     "wrong-share",
     "a trustee's share does not decrypt what it says",
     {Check::decryptions}},
    {Cheat::rewritten_history,
     "rewritten-history",
     "the centre replaces a station's package after it was witnessed",
     {Check::witnesses, Check::history}},
    {Cheat::split_view,
     "split-view",
     "the centre shows one witness another record than the other",
     {Check::witnesses, Check::history}},
    {Cheat::changed_results,
     "changed-results",
     "the centre publishes other totals than the decrypted ones",
     {Check::totals}},
};

// Two options of one contest of which the first has a vote to lose.
bool move_a_vote(sheet::SheetFields& fields) {
  for (sheet::ContestResult& contest : fields.contests) {
    for (std::size_t o = 0; contest.options.size() > 1 && o < contest.options.size();
         ++o) {
      if (contest.options[o].votes == 0) continue;
      --contest.options[o].votes;
      ++contest.options[(o + 1) % contest.options.size()].votes;
      return true;
    }
  }
  return false;
}

Result<void> falsify_sheet(ballot::StationPackage& package,
                           const crypto::SigningKey& device) {
  URNA_TRY(const auto honest, sheet::parse_signed_sheet(package.sheets.back()));
  sheet::SheetFields fields = honest.sheet.fields();
  (void)move_a_vote(fields);
  URNA_TRY(sheet::Sheet wrong, sheet::Sheet::make(std::move(fields)));
  URNA_TRY(const auto again,
           sheet::sign_sheet(std::move(wrong), *honest.certificate, device));
  package.sheets.back() = sheet::to_file_text(again);
  return {};
}

Result<void> add_ballot(ballot::Box& box, base::Random& random) {
  const auto& style = box.station.styles().front();
  const Bytes bits(style.options(), 0);
  URNA_TRY(const auto choices, ballot::Choices::make(style, bits));
  URNA_TRY(auto sealed,
           ballot::seal(box.station, style.number(), 1, box.key, choices, random));
  box.ballots.push_back({ballot::Decision::cast, std::move(sealed.ballot), {}});
  return {};
}

}  // namespace

std::span<const CheatInfo> cheats() {
  return kCheats;
}

const CheatInfo& info(Cheat cheat) {
  return *std::ranges::find(kCheats, cheat, &CheatInfo::cheat);
}

std::optional<Cheat> find_cheat(std::string_view name) {
  const auto found = std::ranges::find(kCheats, name, &CheatInfo::name);
  if (found == kCheats.end()) return std::nullopt;
  return found->cheat;
}

Result<Bytes> falsify_package(Cheat cheat, Bytes honest, const Bytes& other,
                              const crypto::SigningKey& device, base::Random& random) {
  URNA_TRY(auto package, ballot::parse_package(honest));
  auto& ballots = package.box.ballots;
  const auto cast =
      std::ranges::find(ballots, ballot::Decision::cast, &ballot::BoxBallot::decision);
  switch (cheat) {
    case Cheat::wrong_totals:
      URNA_CHECK(falsify_sheet(package, device));
      break;
    case Cheat::dropped_ballot:
      ballots.erase(cast);
      break;
    case Cheat::added_ballot:
      URNA_CHECK(add_ballot(package.box, random));
      break;
    case Cheat::altered_ballot:
      // In the scalars at the end: the ballot can still be read.
      cast->ballot[cast->ballot.size() - 40] ^= 1;
      break;
    case Cheat::foreign_sheet: {
      URNA_TRY(const auto theirs, ballot::parse_package(other));
      package.sheets = theirs.sheets;
      break;
    }
    default:
      return honest;
  }
  return ballot::make_package(std::move(package), device);
}

}  // namespace urna::simulate
