#include "sheet/sheet.hpp"

#include "crypto/sha256.hpp"
#include "sheet/errors.hpp"
#include "sheet/sheet_text.hpp"

#include <unordered_set>

#include <fmt/format.h>

namespace urna::sheet {
namespace {

Result<void> check_code(std::string_view code, std::string_view what) {
  if (election::is_code(code)) return {};
  return fail(errors::bad_value,
              fmt::format("{} '{}' is not a code of 1 to {} characters A-Z 0-9", what,
                          code.substr(0, 40), election::kMaxCode),
              "choose codes in the definition that fit in a QR code's alphabet");
}

Result<void> check_label(std::string_view label, std::string_view what) {
  if (is_label(label)) return {};
  return fail(errors::bad_value,
              fmt::format("{} '{}' is not a label of 1 to {} characters A-Z 0-9 . -",
                          what, label.substr(0, 40), kMaxLabel));
}

Result<void> check_counts(const SheetFields& f) {
  const CheckIn& c = f.check_in;
  for (const Count& n :
       {f.registered, c.total, c.matched, c.not_matched, c.no_stored_print, c.not_taken,
        c.without_biometrics, c.tokens_issued, f.tokens_unused, f.activated,
        f.activated_by_officials, f.cast, f.ended_without_vote, f.sealed, f.challenged,
        f.voided}) {
    if (n && *n > kMaxCount) {
      return fail(errors::bad_value,
                  fmt::format("{} is more than any station can count", *n));
    }
  }
  return {};
}

std::unexpected<Error> machine_must(std::string message) {
  return fail(errors::machine_rule, std::move(message),
              "a sheet that leaves fields open is an imported one: ORIGIN:IMPORTED");
}

Result<void> check_machine(const SheetFields& f) {
  if (f.device.empty()) return machine_must("a machine's sheet must name the device");
  if (!f.opened || !f.closed) {
    return machine_must("a machine's sheet must state when voting opened and closed");
  }
  if (!f.registered || !f.activated || !f.activated_by_officials || !f.cast ||
      !f.ended_without_vote || !f.sealed || !f.challenged || !f.voided) {
    return machine_must(
        "a machine's sheet must state everything that it counts itself");
  }
  const CheckIn& c = f.check_in;
  const bool stated = c.total.has_value();
  for (const Count& n : {c.matched, c.not_matched, c.no_stored_print, c.not_taken,
                         c.without_biometrics, c.tokens_issued}) {
    if (n.has_value() != stated) {
      return machine_must(
          "check-in's numbers come from one slip: all are stated, or none is");
    }
  }
  for (const ContestResult& contest : f.contests) {
    if (!contest.ballots || !contest.blank || contest.null_votes != Count{0}) {
      return machine_must(fmt::format(
          "contest {}: a machine states ballots and blank votes, and its null votes "
          "are 0",
          contest.code));
    }
  }
  return {};
}

Result<void> check_fields(const SheetFields& f) {
  URNA_CHECK(check_code(f.station, "station"));
  if (!f.device.empty()) URNA_CHECK(check_label(f.device, "device"));
  if (!f.software.empty()) URNA_CHECK(check_label(f.software, "software"));
  if (f.segment < 1 || f.segment > kMaxSegment) {
    return fail(errors::bad_value,
                fmt::format("segment {} is outside 1 to {}", f.segment, kMaxSegment));
  }
  URNA_CHECK(check_counts(f));
  if (!f.counted()) {
    if (f.contests.empty()) return check_machine(f);
    return machine_must("a machine that did not count states no contest");
  }
  if (f.contests.empty() || f.contests.size() > kMaxContests) {
    return fail(errors::bad_value, fmt::format("{} contests; a sheet has 1 to {}",
                                               f.contests.size(), kMaxContests));
  }
  std::unordered_set<std::string_view> seen;
  for (const ContestResult& contest : f.contests) {
    URNA_CHECK(check_contest_codes(contest));
    if (!seen.insert(contest.code).second) {
      return fail(errors::duplicate_code,
                  fmt::format("contest {} appears twice", contest.code));
    }
  }
  if (f.origin == Origin::machine) URNA_CHECK(check_machine(f));
  for (const ContestResult& contest : f.contests) {
    URNA_CHECK(check_sum(contest, f.cast));
  }
  return {};
}

std::unexpected<Error> impossible(const ContestResult& contest, std::string message) {
  return fail(errors::impossible_sum, std::move(message),
              "compare with the printed sheet and the box; the station counts 0 until "
              "people have decided",
              fmt::format("contest {}", contest.code));
}

}  // namespace

Result<void> check_contest_codes(const ContestResult& contest) {
  URNA_CHECK(check_code(contest.code, "contest"));
  if (contest.limit < 1 || contest.limit > kMaxLimit || contest.options.empty() ||
      contest.options.size() > kMaxOptions) {
    return fail(
        errors::bad_value,
        fmt::format("contest {}: {} options with a limit of {}; allowed are 1 to "
                    "{} options and a limit of 1 to {}",
                    contest.code, contest.options.size(), contest.limit, kMaxOptions,
                    kMaxLimit));
  }
  std::unordered_set<std::string_view> seen;
  for (const OptionVotes& option : contest.options) {
    URNA_CHECK(check_code(option.code, "option"));
    if (!seen.insert(option.code).second) {
      return fail(errors::duplicate_code,
                  fmt::format("option {} appears twice", option.code), {},
                  fmt::format("contest {}", contest.code));
    }
    if (option.votes > kMaxCount) {
      return fail(errors::bad_value,
                  fmt::format("{} votes for {} is more than any station can count",
                              option.votes, option.code));
    }
  }
  for (const Count& n : {contest.ballots, contest.blank, contest.null_votes}) {
    if (n && *n > kMaxCount) {
      return fail(errors::bad_value,
                  fmt::format("contest {}: {} is more than any station can count",
                              contest.code, *n));
    }
  }
  return {};
}

std::uint64_t ContestResult::sum() const {
  std::uint64_t total = 0;
  for (const OptionVotes& option : options) total += option.votes;
  return total;
}

Result<void> check_sum(const ContestResult& contest, const Count& cast) {
  if (contest.ballots && cast && *contest.ballots > *cast) {
    return impossible(contest, fmt::format("{} ballots carry the contest, but only {} "
                                           "were cast",
                                           *contest.ballots, *cast));
  }
  const Count ballots = contest.ballots ? contest.ballots : cast;
  if (!ballots) return {};
  const std::uint64_t blank = contest.blank.value_or(0);
  const std::uint64_t null_votes = contest.null_votes.value_or(0);
  if (blank + null_votes > *ballots) {
    return impossible(contest,
                      fmt::format("blank {} + null {} = {}, more than the {} "
                                  "ballots",
                                  blank, null_votes, blank + null_votes, *ballots));
  }
  const std::uint64_t marked = *ballots - blank - null_votes;
  const std::uint64_t most = contest.limit * marked;
  const std::uint64_t sum = contest.sum();
  if (sum > most) {
    return impossible(
        contest,
        fmt::format("the votes add up to {}, but {} ballots - {} blank - {} null "
                    "with {} {} each give at most {}",
                    sum, *ballots, blank, null_votes, contest.limit,
                    contest.limit == 1 ? "vote" : "votes", most));
  }
  // Without both numbers nobody can say how many ballots have a vote.
  if (contest.blank && contest.null_votes && sum < marked) {
    return impossible(
        contest,
        fmt::format("the votes add up to {}, but {} ballots - {} blank - {} null "
                    "leave {} ballots with at least one vote each",
                    sum, *ballots, blank, null_votes, marked));
  }
  return {};
}

Sheet::Sheet(SheetFields fields, std::string text)
    : fields_(std::move(fields)),
      text_(std::move(text)),
      digest_(crypto::sha256(as_bytes(text_))) {}

Result<Sheet> Sheet::make(SheetFields fields) {
  URNA_CHECK(check_fields(fields));
  std::string text = write_sheet_text(fields);
  if (text.size() > kMaxSheetText) {
    return fail(
        errors::too_long,
        fmt::format("the sheet's text has {} characters, more than the {} allowed",
                    text.size(), kMaxSheetText));
  }
  return Sheet(std::move(fields), std::move(text));
}

Result<Sheet> Sheet::parse(std::string_view text) {
  URNA_TRY(SheetFields fields, read_sheet_text(text));
  URNA_CHECK(check_fields(fields));
  return Sheet(std::move(fields), std::string(text));
}

std::string short_digest(const Hash32& digest) {
  const std::string hex = to_upper_hex(ByteView(digest).first(8));
  return fmt::format("{} {} {} {}", hex.substr(0, 4), hex.substr(4, 4),
                     hex.substr(8, 4), hex.substr(12, 4));
}

}  // namespace urna::sheet
