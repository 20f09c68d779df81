// `urna ballot seal`: the ballots of a script, sealed for a station of a real election
// definition under a ceremony's key, as a box file. For rehearsals, tests and teaching:
// whoever writes the script knows the votes, so its ballots are nobody's secret.
#include "ballot/box.hpp"
#include "ballot/code.hpp"
#include "ballot/definition.hpp"
#include "ballot/errors.hpp"
#include "ballot/seal.hpp"
#include "base/file.hpp"
#include "cli/commands.hpp"
#include "trustees/election_key.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include <CLI/App.hpp>
#include <fmt/format.h>

namespace urna::cli {
namespace {

struct Options {
  std::string election;
  std::string election_key;
  std::string station;
  std::uint32_t segment = 1;
  std::string script;
  std::string out;
};

// What one line of the script asks for.
struct Vote {
  ballot::Decision decision = ballot::Decision::cast;
  Bytes bits;
};

// The pieces between single separators; empty pieces are left out.
std::vector<std::string_view> split(std::string_view text, char by) {
  std::vector<std::string_view> pieces;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(by), text.size());
    if (end > 0) pieces.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return pieces;
}

std::unexpected<Error> bad(std::string message) {
  return fail(ballot::errors::bad_choices, std::move(message),
              "write lines such as: cast MAYOR=A COUNCIL=B+C");
}

Result<ballot::Decision> read_decision(std::string_view word) {
  using ballot::Decision;
  for (const Decision decision :
       {Decision::cast, Decision::challenged, Decision::voided}) {
    if (word == ballot::decision_name(decision)) return decision;
  }
  return bad(fmt::format("'{}' is not cast, challenged or voided", word));
}

std::string option_codes(const election::Contest& contest) {
  std::string codes;
  for (const election::Option& option : contest.options) {
    codes += (codes.empty() ? "" : ", ") + option.code;
  }
  return codes;
}

// Sets the options of one "CONTEST=OPTION+OPTION" in the style's row of bits.
Result<void> mark(const election::Definition& definition, election::StyleIndex style,
                  std::string_view choice, Bytes& bits) {
  const std::size_t equals = choice.find('=');
  if (equals == std::string_view::npos) return bad(fmt::format("'{}'", choice));
  const auto contest = definition.find_contest(choice.substr(0, equals));
  const auto slot = contest ? definition.slot_of(style, *contest) : std::nullopt;
  if (!slot) {
    return bad(
        fmt::format("this station does not vote in '{}'", choice.substr(0, equals)));
  }
  std::size_t first = 0;
  for (std::size_t c = 0; c < *slot; ++c) {
    const auto index = definition.styles()[style].contests[c];
    first += definition.contests()[index].options.size();
  }
  for (const std::string_view code : split(choice.substr(equals + 1), '+')) {
    const auto option = definition.find_option(*contest, code);
    if (!option) {
      return bad(fmt::format("'{}' is no option of {}: there is {}", code,
                             choice.substr(0, equals),
                             option_codes(definition.contests()[*contest])));
    }
    bits[first + *option] = 1;
  }
  const election::Contest& marked = definition.contests()[*contest];
  const auto votes = std::ranges::count(
      ByteView(bits).subspan(first, marked.options.size()), std::uint8_t{1});
  if (std::cmp_greater(votes, marked.limit)) {
    return bad(fmt::format("{} options of {}, where at most {} may be chosen", votes,
                           choice.substr(0, equals), marked.limit));
  }
  return {};
}

Result<std::vector<Vote>> read_script(const election::Definition& definition,
                                      election::StyleIndex style, std::size_t options,
                                      std::string_view text) {
  std::vector<Vote> votes;
  std::size_t number = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    const auto words = split(line, ' ');
    if (words.empty() || words[0].starts_with('#')) continue;
    const auto here = [&](Error error) {
      return std::unexpected(std::move(error).at(fmt::format("line {}", number)));
    };
    auto decision = read_decision(words[0]);
    if (!decision) return here(std::move(decision).error());
    Vote vote{*decision, Bytes(options, 0)};
    for (std::size_t w = 1; w < words.size(); ++w) {
      auto marked = mark(definition, style, words[w], vote.bits);
      if (!marked) return here(std::move(marked).error());
    }
    votes.push_back(std::move(vote));
  }
  return votes;
}

Result<void> seal_script(const Options& options) {
  base::RealFiles files;
  URNA_TRY(const auto definition, election::load_definition(options.election));
  URNA_TRY(const Bytes key_bytes,
           base::read_file(files, options.election_key, std::size_t{1} << 24));
  URNA_TRY(const auto election_key,
           trustees::ElectionKey::decode_for(definition, key_bytes));
  const auto index = definition.find_station(options.station);
  if (!index) {
    return fail(ballot::errors::bad_station,
                fmt::format("the definition has no station '{}'", options.station),
                "see `urna election show`");
  }
  URNA_TRY(auto station,
           ballot::station_of(definition, *index, election_key.election_hash(),
                              {options.segment}));
  URNA_TRY(const auto key, ballot::JointKey::make(election_key.key()));
  ballot::Box box{std::move(station), key, {}};
  const ballot::BallotStyle& style = box.station.styles().front();

  URNA_TRY(const std::string script, base::read_text(files, options.script));
  auto votes = read_script(definition, style.number(), style.options(), script);
  if (!votes) return std::unexpected(std::move(votes).error().at(options.script));
  base::SystemRandom random;
  for (const Vote& vote : *votes) {
    URNA_TRY(const auto choices, ballot::Choices::make(style, vote.bits));
    URNA_TRY(auto sealed, ballot::seal(box.station, style.number(), options.segment,
                                       key, choices, random));
    fmt::print("{:<11} {}\n", ballot::decision_name(vote.decision),
               ballot::code_text(sealed.code));
    ballot::BoxBallot item{vote.decision, std::move(sealed.ballot), {}};
    if (vote.decision == ballot::Decision::challenged) {
      item.opening = ballot::make_opening(sealed.seed, choices);
    }
    box.ballots.push_back(std::move(item));
  }
  ballot::sort_box(box);
  return base::write_durable(files, options.out, ballot::box_bytes(box));
}

}  // namespace

void add_ballot_seal_command(CLI::App& ballot, Outcome& outcome) {
  auto options = std::make_shared<Options>();
  auto* command = ballot.add_subcommand(
      "seal", "Seal the votes of a script for a station, to rehearse and test");
  command
      ->add_option("SCRIPT", options->script,
                   "one ballot a line: cast MAYOR=A COUNCIL=B+C "
                   "(or challenged, voided; a contest left out is blank)")
      ->required();
  command->add_option("--election", options->election, "the definition's folder")
      ->required();
  command->add_option("--election-key", options->election_key, "from trustee combine")
      ->required();
  command->add_option("--station", options->station, "the station's code")->required();
  command->add_option("--segment", options->segment, "the segment it declares")
      ->capture_default_str();
  command->add_option("--out", options->out, "the box file to write")->required();
  command->callback([options, &outcome] {
    if (const auto done = seal_script(*options); !done) {
      report_error(outcome, done.error());
    }
  });
}

}  // namespace urna::cli
