#include "center/decisions.hpp"

#include "base/encoding.hpp"
#include "center/errors.hpp"
#include "crypto/sha256.hpp"

#include <map>

#include <fmt/format.h>

namespace urna::center {

namespace kinds = record::kinds;

struct Decisions::Ballot {
  Statement statement;
  std::string statement_text;
  std::string line;
  DecisionSignature signature;
  Identity identity;
};

namespace {

std::string place_key(const Conflict& conflict) {
  return fmt::format("{} {}", conflict.family, conflict.name);
}

std::size_t packages_in(const Conflict& conflict) {
  return static_cast<std::size_t>(
      std::ranges::count(conflict.items, kinds::package, &Item::kind));
}

const Item* published_in(const Conflict& conflict) {
  for (const Item& item : conflict.items) {
    if (item.kind != kSheetKind && item.state == State::published) return &item;
  }
  return nullptr;
}

// With two packages the record says which one counts; of everything else the record
// can hold one only, and what it holds stays.
bool record_decides(const Conflict& conflict) {
  return packages_in(conflict) > 1;
}

Result<void> check_possible(const Statement& statement, const Conflict& conflict) {
  const auto bad = [](std::string what) {
    return fail(errors::bad_decision, std::move(what),
                "docs/center.md says what can be decided");
  };
  if (statement.counts) {
    const auto counts =
        std::ranges::find(conflict.items, *statement.counts, &Item::hash);
    if (counts == conflict.items.end()) return bad("what counts is not in the queue");
    if (counts->kind == kSheetKind) {
      return bad("a tally sheet alone cannot count instead of a package");
    }
  }
  if (record_decides(conflict)) return {};
  const Item* published = published_in(conflict);
  if (published != nullptr && statement.counts != published->hash) {
    return bad(fmt::format("{} is in the record already and cannot be taken back",
                           base::to_hex(published->hash)));
  }
  return {};
}

}  // namespace

Result<std::vector<Conflict>> Decisions::open_conflicts() {
  constexpr std::size_t kAll = 1'000'000;
  URNA_TRY(const auto open, store_.in_state(State::conflict, kAll));
  std::map<std::string, Conflict> found;
  for (const Item& item : open) {
    Conflict conflict{
        std::string(family_of(item.kind)), item.name, item.station, {}, {}};
    found.emplace(place_key(conflict), std::move(conflict));
  }
  std::vector<Conflict> out;
  for (auto& [key, conflict] : found) {
    URNA_TRY(const auto all, store_.of_station(conflict.station));
    for (const Item& item : all) {
      if (family_of(item.kind) == conflict.family && item.name == conflict.name &&
          is_standing(item.state)) {
        conflict.items.push_back(item);
      }
    }
    std::ranges::sort(conflict.items, {}, &Item::hash);
    URNA_TRY(conflict.proposals, store_.proposals(key));
    out.push_back(std::move(conflict));
  }
  return out;
}

Result<Conflict> Decisions::conflict_of(const Statement& statement) {
  URNA_TRY(auto all, open_conflicts());
  for (Conflict& conflict : all) {
    if (conflict.family != statement.family || conflict.name != statement.name)
      continue;
    std::vector<Hash32> now;
    for (const Item& item : conflict.items) now.push_back(item.hash);
    if (now == statement.documents) return std::move(conflict);
    return fail(errors::state_changed,
                fmt::format("other documents stand against one another by now in {}",
                            place_key(conflict)),
                "look at the queue again and decide about all of them");
  }
  return fail(errors::not_in_queue, fmt::format("nothing waits for people about {} {}",
                                                statement.family, statement.name));
}

Result<bool> Decisions::sign(std::string_view text, const Identity& identity) {
  const std::size_t at = text.find("\nsign ");
  if (at == std::string_view::npos) {
    return fail(errors::bad_decision, "it is not signed");
  }
  const std::string_view words = text.substr(0, at + 1);
  const std::string_view line = text.substr(at + 1);
  URNA_TRY(const Statement statement, Statement::parse(words));
  URNA_TRY(const auto signature, read_decision_signature(words, line));
  if (statement.definition != judge_.definition().hash()) {
    return fail(errors::bad_decision, "it is for another election");
  }
  const Ballot ballot{statement, std::string(words), std::string(line), signature,
                      identity};
  // Nothing may arrive in between and change what stands against what.
  const auto settling = queue_.settling();
  URNA_TRY(const Conflict conflict, conflict_of(statement));
  if (!is_trusted(signature, conflict.station, judge_.officials())) {
    return fail(
        errors::unknown_signer,
        fmt::format("the key of {} {} is not that of an official of {}", signature.role,
                    signature.name,
                    conflict.station.empty() ? "all stations" : conflict.station),
        "sign with a key that the definition or a certificate names");
  }
  URNA_CHECK(check_possible(statement, conflict));
  return join(ballot, conflict);
}

Result<bool> Decisions::join(const Ballot& ballot, const Conflict& conflict) {
  for (const Proposal& other : conflict.proposals) {
    if (other.statement != ballot.statement_text ||
        other.identity == ballot.identity.text()) {
      continue;
    }
    URNA_TRY(const auto first,
             read_decision_signature(other.statement, other.signature));
    if (first.key == ballot.signature.key) {
      return fail(
          errors::same_person,
          fmt::format("{} has signed this already as {}", first.name, other.identity),
          "another official must sign with another key");
    }
    URNA_CHECK(carry_out(ballot.statement, conflict, {first, ballot.signature}));
    return true;
  }
  URNA_CHECK(store_.propose({place_key(conflict), ballot.statement_text, ballot.line,
                             ballot.identity.text(), clock_.unix_seconds()}));
  return false;
}

// The record first; when marking is interrupted, the second person signs again and the
// same documents are found in the record already.
Result<void> Decisions::carry_out(const Statement& statement, const Conflict& conflict,
                                  const std::vector<DecisionSignature>& signatures) {
  URNA_TRY(const auto documents, documents_for(statement, conflict, signatures));
  URNA_CHECK(publisher_.add(documents));
  URNA_CHECK(mark(statement, conflict));
  return store_.clear_proposals(place_key(conflict));
}

Result<std::vector<record::NewDocument>> Decisions::documents_for(
    const Statement& statement, const Conflict& conflict,
    const std::vector<DecisionSignature>& signatures) {
  std::vector<record::NewDocument> out;
  for (const Item& item : conflict.items) {
    const bool goes_in = record_decides(conflict) ? item.kind == kinds::package
                                                  : statement.counts == item.hash;
    if (!goes_in) continue;
    URNA_TRY(Bytes bytes, shelf_.read(item.hash));
    out.push_back({item.kind, item.name, std::move(bytes)});
  }
  URNA_TRY(const bool other, record_has_another(conflict));
  if (record_decides(conflict) || other) {
    URNA_TRY(Bytes file, decisions_file(statement, signatures));
    out.push_back({std::string(kinds::decisions), "decisions.json", std::move(file)});
  }
  std::string text = statement.text();
  for (const DecisionSignature& one : signatures) text += one.text();
  const Hash32 hash = crypto::sha256(as_bytes(text));
  out.push_back({std::string(kinds::correction),
                 fmt::format("decision-{}-{}", statement.name,
                             base::to_hex(ByteView(hash)).substr(0, 8)),
                 to_bytes(as_bytes(text))});
  return out;
}

// Whether somebody else added a package of this station to the record.
Result<bool> Decisions::record_has_another(const Conflict& conflict) {
  if (conflict.family != kinds::package) return false;
  URNA_TRY(const auto bytes, publisher_.last(kinds::package, conflict.name));
  if (!bytes) return false;
  const Hash32 hash = crypto::sha256(*bytes);
  return std::ranges::find(conflict.items, hash, &Item::hash) == conflict.items.end();
}

// The record's decisions with this one instead of an earlier one of the station.
Result<Bytes> Decisions::decisions_file(
    const Statement& statement, const std::vector<DecisionSignature>& signatures) {
  base::Json old = base::Json::object();
  URNA_TRY(const auto bytes, publisher_.last(kinds::decisions, "decisions.json"));
  if (bytes) {
    URNA_TRY(old, base::parse_json(as_text(*bytes)));
  }
  base::Json one = base::Json::object();
  one.set("station", statement.name);
  base::Json counts = base::Json::array();
  if (statement.counts) counts.push(base::to_hex(*statement.counts));
  one.set("count", std::move(counts));
  one.set("reason", statement.reason);
  base::Json people = base::Json::array();
  for (const DecisionSignature& signature : signatures) {
    people.push(fmt::format("{}, {}", signature.name, signature.role));
  }
  one.set("decided_by", std::move(people));
  one.set("date", statement.date);

  base::Json decisions = base::Json::array();
  if (const base::Json* before = old.find("decisions")) {
    for (const base::Json& other : before->items()) {
      const base::Json* station = other.find("station");
      const std::string* code = station == nullptr ? nullptr : station->if_string();
      if (code == nullptr || *code != statement.name) decisions.push(other);
    }
  }
  decisions.push(std::move(one));
  base::Json out = base::Json::object();
  out.set("format", "urna-decisions-1");
  out.set("election", base::to_hex(statement.definition));
  out.set("decisions", std::move(decisions));
  if (const base::Json* drawings = old.find("drawings")) out.set("drawings", *drawings);
  return to_bytes(as_bytes(out.dump()));
}

Result<void> Decisions::mark(const Statement& statement, const Conflict& conflict) {
  std::vector<SheetName> counted;
  for (const Item& item : conflict.items) {
    if (statement.counts == item.hash) counted = parse_sheets_text(item.sheets);
  }
  for (const Item& item : conflict.items) {
    const bool counts = statement.counts == item.hash;
    bool stays = counts || (record_decides(conflict) && item.kind == kinds::package);
    if (item.kind == kSheetKind) {
      const auto own = parse_sheets_text(item.sheets);
      stays = std::ranges::all_of(own, [&](const SheetName& sheet) {
        return std::ranges::find(counted, sheet) != counted.end();
      });
    }
    const std::string reason =
        counts ? "two people decided: it counts"
               : fmt::format("two people decided: it does not count: {}",
                             statement.reason);
    // What was verified may have been published since.
    URNA_TRY(const auto now, store_.find(item.hash));
    URNA_CHECK(store_.move(item.hash, now ? now->state : item.state,
                           stays ? State::published : State::set_aside,
                           item.kind == kSheetKind && stays ? "" : reason, ""));
  }
  return {};
}

}  // namespace urna::center
