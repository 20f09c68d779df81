#include "record/checks.hpp"

#include <algorithm>

namespace urna::record {
namespace {

using enum Scope;

// The order is that of the enumeration; a test holds the page to this table.
constexpr std::array<CheckInfo, kChecks> kTable{{
    {Check::log_key, "log-key", record, "the log's key is the one that you gave",
     "this is the log of somebody else, or of another election"},
    {Check::checkpoint, "checkpoint", record,
     "the checkpoint is a note that the log's key signed",
     "nobody answers for this copy of the record"},
    {Check::witnesses, "witnesses", record,
     "the witnesses that the policy asks for have signed the checkpoint",
     "other people may have been shown another record"},
    {Check::history, "history", record,
     "every checkpoint that you saw before is a beginning of this log",
     "the record's past was rewritten since you last looked"},
    {Check::tree, "tree", record,
     "the entries and tiles give exactly the root of the checkpoint",
     "the log's files are not those that the log signed"},
    {Check::entries, "entries", record, "every entry names a document of a known kind",
     "the log holds something that no verifier understands"},
    {Check::documents, "documents", record,
     "every document is there, byte for byte as its entry says",
     "a file was changed or is missing since it was logged"},
    {Check::conflicts, "conflicts", record,
     "no document has two different versions, or a decision says which one counts",
     "there are two stories, and people must decide in public which one is true"},
    {Check::definition, "definition", record,
     "the definition's files load without a problem",
     "nobody can tell what was voted on, where, and how it is counted"},
    {Check::election_key, "election-key", record,
     "the key's proofs hold, it is the sum of the trustees' parts, and all confirmed "
     "it",
     "the trustees may not be the only ones who can open ballots"},
    {Check::ceremony, "ceremony", record,
     "every file of the ceremony is good and the four rounds give this key",
     "the key was not made in the way the record claims"},
    {Check::trust_root, "trust-root", record,
     "the election hash is the one that you gave",
     "this is the record of another election or another key"},
    {Check::certificates, "certificates", record,
     "every certificate is signed by an authority of the definition, for this election",
     "a device or person is presented whom the election authority did not appoint"},
    {Check::decisions, "decisions", record,
     "the decisions and drawings can be read and are for this definition",
     "decisions cannot be applied, so conflicts and ties stay open"},
    {Check::package, "package", station, "the station's package can be read",
     "the station's ballots cannot be looked at"},
    {Check::package_signature, "package-signature", station,
     "a certified machine of this station signed the package",
     "somebody other than the station's machine put this package together"},
    {Check::ballot_box, "ballot-box", station,
     "the ballots are for this election, key, station and its ballot",
     "these ballots belong to another election or place"},
    {Check::proofs, "proofs", station,
     "every ballot has its legal form, and its proofs hold",
     "the ballot may hold something else than one allowed vote"},
    {Check::openings, "openings", station,
     "challenged ballots open to exactly what was encrypted, and no other is opened",
     "the machine encrypted something else than it showed, or a vote was laid open"},
    {Check::unique, "unique", station,
     "no ballot identifier, code or ciphertext stands twice",
     "a ballot was copied: somebody votes twice or spies on a vote"},
    {Check::order, "order", station,
     "each group of ballots is sorted by confirmation code",
     "the order of the ballots could tell the order of the voters"},
    {Check::roots, "roots", station, "the three Merkle roots are those of the ballots",
     "ballots were added, removed or changed after the package was made"},
    {Check::sheets, "sheets", station,
     "each tally sheet is signed by its certified machine and fits the definition",
     "the station's sheet is not the one that its machine signed"},
    {Check::counts, "counts", station,
     "the sheets count as many cast, challenged and voided ballots as there are",
     "ballots are missing or too many compared with the signed sheet"},
    {Check::equalities, "equalities", station,
     "the equalities of people, tokens, sessions and ballots hold, with the numbers "
     "that "
     "check-in signed",
     "somebody voted without coming, or came and no vote is there"},
    {Check::box_count, "box-count", station,
     "the papers in the box are as many as the ballots cast, and the hand count agrees",
     "paper and machine differ: the paper must be looked at"},
    {Check::officials, "officials", station,
     "the officials' signatures are good and for these sheets",
     "somebody signed for an official, or signed another sheet"},
    {Check::events, "events", station,
     "the event log can be read, and the poll was opened and closed",
     "what happened to the machine on election day is not on record"},
    {Check::exclusion, "exclusion", station,
     "a signed decision names exactly the ballots that were left out",
     "ballots were left out without anybody answering for it"},
    {Check::decryptions, "decryptions", station,
     "every trustee's decryption is signed and its proof holds",
     "a trustee gave a wrong decryption, which is not used"},
    {Check::decrypted_totals, "decrypted-totals", station,
     "enough good decryptions give a total for every field",
     "the sealed ballots of this station have not been counted"},
    {Check::sheet_totals, "sheet-totals", station,
     "the decrypted totals equal the tally sheets, field by field",
     "the machine's sheet and the sealed ballots tell two results"},
    {Check::stations, "stations", result,
     "every station of the definition is in the record with totals",
     "votes of some stations are not in this result"},
    {Check::totals, "totals", result,
     "the results document states the sums of all stations",
     "the announced result is not the sum of the stations"},
    {Check::seats, "seats", result,
     "the results document gives the seats that the rules give",
     "seats were given to somebody who did not win them"},
}};

consteval bool in_order() {
  for (std::size_t i = 0; i < kTable.size(); ++i) {
    if (static_cast<std::size_t>(kTable[i].check) != i + 1) return false;
  }
  return true;
}
static_assert(in_order());

}  // namespace

std::span<const CheckInfo, kChecks> checks() {
  return kTable;
}

const CheckInfo& info(Check check) {
  return kTable.at(number(check) - 1);
}

std::optional<Check> find_check(std::string_view name) {
  const auto found = std::ranges::find(kTable, name, &CheckInfo::name);
  if (found == kTable.end()) return std::nullopt;
  return found->check;
}

}  // namespace urna::record
