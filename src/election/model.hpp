// The election as data: areas, stations, parties, contests and what follows from
// them. Plain structures that a Definition (definition.hpp) holds after everything in
// them has been checked; code that reads a definition may rely on every sentence
// written here. docs/formats/definition.md describes the files they come from.
//
// Things refer to one another by index into the vectors of Model. Indices follow the
// order of the rows in the files, so they are the same for everybody who loads the
// same bytes.
//
// Thread rule: plain values, never changed after loading; share freely. Public data
// only: a definition is published.
#pragma once

#include "base/bytes.hpp"
#include "base/json.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace urna::election {

using AreaIndex = std::uint32_t;
using StationIndex = std::uint32_t;
using PartyIndex = std::uint32_t;
using AllianceIndex = std::uint32_t;
using ContestIndex = std::uint32_t;
using ContenderIndex = std::uint32_t;  // within its contest
using OptionIndex = std::uint32_t;     // within its contest
using AwardIndex = std::uint32_t;
using StyleIndex = std::uint32_t;
using PlaceIndex = std::uint32_t;

// A code names a thing in files, on tally sheets and in QR codes: 1 to 16 characters,
// A-Z and 0-9 only, so that every other character of the QR alphanumeric set is free
// to separate codes.
inline constexpr std::size_t kMaxCode = 16;
[[nodiscard]] bool is_code(std::string_view text);

// A text that people see, in every language of the election. A text that is the same
// in all of them (a person's name) is stored once.
class Text {
 public:
  Text() = default;
  explicit Text(std::string same_everywhere) {
    texts_.push_back(std::move(same_everywhere));
  }
  explicit Text(std::vector<std::string> by_language)
      : texts_(std::move(by_language)) {}

  // `language` is an index into Model::languages. Empty when the text is empty.
  [[nodiscard]] std::string_view in(std::size_t language) const {
    if (texts_.empty()) return {};
    return texts_[texts_.size() == 1 ? 0 : language];
  }
  [[nodiscard]] bool empty() const { return texts_.empty(); }
  [[nodiscard]] bool same_everywhere() const { return texts_.size() == 1; }

  friend bool operator==(const Text&, const Text&) = default;

 private:
  std::vector<std::string> texts_;
};

// Demo and test elections are marked as such on every screen and sheet, and their
// results never mix with official ones: the mode is part of the definition's hash.
enum class Mode : std::uint8_t { demo, test, official };
[[nodiscard]] std::string_view mode_name(Mode mode);

// ---------------------------------------------------------------------------
// Where people vote

// A level of the area tree: nation, state, municipality, parish, circuit ...
struct AreaKind {
  std::string code;
  Text name;
  std::vector<std::uint32_t> within;  // kinds; each area lies in exactly one of each
  bool holds_stations = false;        // stations stand directly in areas of this kind
  bool every_station = false;         // each station lies in one area of this kind
};

struct Area {
  std::string code;
  std::uint32_t kind = 0;
  Text name;
  // The areas directly around this one: one for every kind in AreaKind::within, in
  // that order. A parish lies in a municipality and in a circuit.
  std::vector<AreaIndex> parents;
  std::optional<std::uint64_t> registered;  // the published roll of the area, if given
};

struct Station {
  std::string code;
  AreaIndex area = 0;              // directly in this area
  std::vector<AreaIndex> also_in;  // further areas that cut across `area`
  Text name;
  std::string address;                      // may be empty
  std::optional<std::uint32_t> registered;  // nullopt: the source does not state it
  PlaceIndex place = 0;
};

// All stations that lie in the same set of areas. Ballot styles and totals depend on
// the place only, so most work is done once a place and not once a station.
struct Place {
  std::vector<AreaIndex> areas;  // every area that contains it, ascending
  StyleIndex style = 0;
  std::vector<StationIndex> stations;  // ascending
};

// ---------------------------------------------------------------------------
// Who can be voted for

struct Party {
  std::string code;
  Text name;
  std::string short_name;  // what fits on a card; the code when none is given
  std::string colour;      // "#rrggbb" or empty; always shown together with the name
  std::optional<AllianceIndex> alliance;
};

struct Alliance {
  std::string code;
  Text name;
  std::string colour;
  std::vector<PartyIndex> parties;  // in the order of parties.csv
};

struct ListCandidate {
  std::string code;  // may be empty
  Text name;
};

// Who receives votes in a contest: a candidate, a closed list, or an answer. Several
// options (party cards) may stand for one contender; their votes are added.
struct Contender {
  std::string code;
  Text name;
  std::vector<PartyIndex> parties;        // every card behind it, without repeats
  std::vector<ListCandidate> candidates;  // lists only, in order of election
  std::vector<OptionIndex> options;       // at least one, ascending
};

// One place on the ballot that a voter can choose: what sheets carry a number for.
// Its code is unique in the contest: the contender's code when the contender has one
// option, else the code of the option's first card.
struct Option {
  std::string code;
  ContenderIndex contender = 0;
  std::vector<PartyIndex> cards;  // none: independent or an answer; several: joint card
};

enum class ContestKind : std::uint8_t {
  plurality,  // up to `limit` candidates; the most voted win
  list,       // one closed party list
  question,   // options YES and NO, in this order
  approval,   // any number of candidates up to `limit`
};
[[nodiscard]] std::string_view contest_kind_name(ContestKind kind);

struct Contest {
  std::string code;
  ContestKind kind = ContestKind::plurality;
  AreaIndex area = 0;  // voted by every station in this area
  Text title;
  Text text;  // question or explanation; may be empty except for questions
  std::uint32_t limit = 1;  // how many options a voter may choose, 1 .. options.size()
  std::uint32_t seats = 0;  // 0 for questions and consultations
  std::vector<Contender> contenders;
  std::vector<Option> options;     // in ballot order
  std::vector<AwardIndex> awards;  // what the votes feed

  // The numbers a tally sheet carries: one per option, then blank, then null.
  [[nodiscard]] std::size_t fields() const { return options.size() + 2; }
};

// What a voter of a place receives: the contests whose area contains the place, in
// the order of contests.csv. Codes are S1, S2, ... in the order of their contests.
struct BallotStyle {
  std::string code;
  std::vector<ContestIndex> contests;
  std::size_t options = 0;                 // over all contests
  std::vector<std::uint32_t> field_start;  // per contest, into a row of all fields
  std::uint32_t fields = 0;                // over all contests, blank and null included
};

// ---------------------------------------------------------------------------
// How votes become seats. The rules are data here; urna::seats computes them and
// urna::count joins the two.

// An exact share such as 3/100 of the votes.
struct Share {
  std::uint32_t numerator = 0;
  std::uint32_t denominator = 1;  // never 0
};

enum class ShareOf : std::uint8_t { valid, valid_and_blank };

// Who takes part in an award: enough votes, or enough seats won in another award
// ("five per cent or one electorate").
struct Threshold {
  Share share;
  ShareOf of = ShareOf::valid;
  bool more_than = false;  // strictly more than the share, not "at least"
  std::optional<AwardIndex> or_won_in;
  std::uint32_t or_seats = 1;
};

enum class Ties : std::uint8_t {
  lot,                  // equal quotients: stop and ask for lots
  more_votes_then_lot,  // the contender with more votes; lots when these are equal
};

// What a compensatory award does with direct seats beyond a party's share.
enum class Overhang : std::uint8_t { keep, grow };

// Someone who can win seats of a `sum` award: the votes of all options whose cards
// belong to it, over all contests that feed the award.
struct AwardList {
  std::string code;
  Text name;
  std::vector<PartyIndex> cards;
  std::vector<ListCandidate> candidates;
};

struct Award {
  // each: every feeding contest is awarded by itself, Contest::seats seats each.
  // sum:  the votes of all feeding contests are added, `seats` seats for all.
  enum class Scope : std::uint8_t { each, sum };

  std::string code;
  Text name;
  std::string method;  // one of award_methods()
  Scope scope = Scope::each;
  std::uint32_t seats = 0;  // in all; for `each` the sum over the contests
  Ties ties = Ties::lot;
  std::optional<Threshold> threshold;
  std::optional<Share> first_divisor;  // modified-sainte-lague only; at least 1
  // Compensatory (mixed-member) systems: the award whose seats this one tops up. Its
  // `seats` then include the direct ones.
  std::optional<AwardIndex> direct;
  Overhang overhang = Overhang::keep;
  base::Json parameters = base::Json::object();  // further settings of the method
  std::vector<ContestIndex> contests;            // that feed it
  std::vector<AwardList> lists;                  // `sum` only
};

// The methods of urna::seats by name: dhondt, sainte-lague, modified-sainte-lague,
// largest-remainder (Hare), hagenbach-bischoff, hagenbach-bischoff-remainders,
// plurality, dutch-council.
[[nodiscard]] const std::vector<std::string_view>& award_methods();

// ---------------------------------------------------------------------------
// Who answers for the election

struct Trustee {
  std::string name;
  std::optional<Hash32> signing_key;  // Ed25519
  std::optional<Hash32> box_key;      // X25519
};

struct Trustees {
  std::uint32_t threshold = 0;   // k
  std::vector<Trustee> members;  // n of them, trustee 1 first; k > n/2
};

struct Official {
  std::optional<StationIndex> station;  // nullopt: may sign for every station
  std::string role;
  std::string name;
  std::optional<Hash32> signing_key;  // Ed25519
};

struct VotingDay {
  std::string date;    // YYYY-MM-DD
  std::string opens;   // HH:MM, local time
  std::string closes;  // HH:MM, local time, later than `opens`
  std::int32_t utc_offset_minutes = 0;
};

struct Model {
  std::string code;
  Mode mode = Mode::demo;
  std::vector<std::string> languages;  // BCP 47 tags, the first is the main one
  Text name;
  Text authority;  // who holds the election
  Text notice;     // shown with every result (origin of the data ...); may be empty
  VotingDay day;
  std::uint32_t minimum_registered = 0;  // fewer at a station and contest: a warning
  std::uint32_t challenges_per_session = 2;
  std::uint32_t house_seats = 0;  // of all awards together
  std::uint32_t substitutes = 0;  // list candidates allowed beyond the seats
  Text yes;  // the answers of questions; empty when there is no question
  Text no;

  std::vector<AreaKind> area_kinds;
  std::vector<Area> areas;
  std::vector<Station> stations;
  std::vector<Place> places;
  std::vector<Party> parties;
  std::vector<Alliance> alliances;
  std::vector<Contest> contests;
  std::vector<BallotStyle> styles;
  std::vector<Award> awards;
  std::optional<Trustees> trustees;        // needed for sealed voting
  std::vector<Hash32> device_authorities;  // Ed25519 keys that certify devices
  std::vector<Official> officials;
};

}  // namespace urna::election
