#include "count/cvr.hpp"

#include "count/errors.hpp"

namespace urna::count {
namespace {

using base::Json;

std::string text_of(const Json& object, std::string_view key) {
  const Json* value = object.find(key);
  const std::string* text = value == nullptr ? nullptr : value->if_string();
  return text == nullptr ? std::string() : *text;
}

const std::vector<Json>& list_of(const Json& object, std::string_view key) {
  static const std::vector<Json> kNone;
  const Json* value = object.find(key);
  return value == nullptr ? kNone : value->items();
}

Result<std::uint64_t> votes_of(const Json& position) {
  if (text_of(position, "IsAllocable") != "yes") return 0;
  const Json* number = position.find("NumberVotes");
  const std::int64_t* votes = number == nullptr ? nullptr : number->if_int();
  if (votes == nullptr || *votes < 0)
    return fail(errors::bad_cvr, "a mark that counts has no number of votes",
                "check NumberVotes of every allocable SelectionPosition");
  return static_cast<std::uint64_t>(*votes);
}

Result<void> add_snapshot(const Json& snapshot,
                          std::map<std::string, std::uint64_t>& totals) {
  for (const Json& contest : list_of(snapshot, "CVRContest")) {
    for (const Json& selection : list_of(contest, "CVRContestSelection")) {
      const std::string id = text_of(selection, "ContestSelectionId");
      for (const Json& position : list_of(selection, "SelectionPosition")) {
        URNA_TRY(const std::uint64_t votes, votes_of(position));
        if (id.empty() && votes > 0)
          return fail(errors::bad_cvr, "votes for a selection without an id");
        if (!id.empty()) totals[id] += votes;
      }
    }
  }
  return {};
}

}  // namespace

Result<std::map<std::string, std::uint64_t>> tabulate_cvr(const Json& report) {
  std::map<std::string, std::uint64_t> totals;
  const auto& records = list_of(report, "CVR");
  if (records.empty())
    return fail(errors::bad_cvr, "the file holds no cast-vote records",
                "give a CastVoteRecordReport with a CVR list");
  for (std::size_t r = 0; r < records.size(); ++r) {
    const std::string current = text_of(records[r], "CurrentSnapshotId");
    const Json* found = nullptr;
    for (const Json& snapshot : list_of(records[r], "CVRSnapshot")) {
      if (text_of(snapshot, "@id") != current) continue;
      if (found != nullptr)
        return fail(errors::bad_cvr, "two snapshots called '" + current + "'", {},
                    "/CVR/" + std::to_string(r));
      found = &snapshot;
    }
    if (found == nullptr)
      return fail(errors::bad_cvr,
                  "the current snapshot '" + current + "' is not there", {},
                  "/CVR/" + std::to_string(r));
    URNA_CHECK(add_snapshot(*found, totals));
  }
  return totals;
}

}  // namespace urna::count
