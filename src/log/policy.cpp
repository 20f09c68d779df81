#include "log/policy.hpp"

#include "base/csv.hpp"
#include "log/errors.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace urna::log {
namespace {

constexpr std::size_t kMaxLines = 1000;
constexpr std::size_t kMaxPolicy = 1 << 20;

std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> out;
  while (true) {
    const std::size_t begin = line.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return out;
    line.remove_prefix(begin);
    const std::size_t end = std::min(line.find_first_of(" \t"), line.size());
    out.emplace_back(line.substr(0, end));
    line.remove_prefix(end);
  }
}

}  // namespace

struct Policy::Parser {
  Policy policy;
  std::size_t line_number = 0;
  bool has_quorum = false;
  std::vector<std::string> used_as_member;

  std::unexpected<Error> refuse(std::string_view why) const {
    return fail(errors::bad_policy,
                fmt::format("line {} of the policy {}", line_number, why),
                "docs/formats/log-policy.md shows how one looks");
  }

  bool defined(std::string_view name) const {
    return std::ranges::find(policy.witnesses_, name, &Witness::name) !=
               policy.witnesses_.end() ||
           std::ranges::find(policy.groups_, name, &Group::name) !=
               policy.groups_.end();
  }

  Result<void> define(const std::string& name) const {
    if (name == "none") return refuse("defines 'none', which has a meaning already");
    if (defined(name)) return refuse(fmt::format("defines '{}' again", name));
    return {};
  }

  Result<void> log(const std::vector<std::string>& words) {
    if (words.size() < 2 || words.size() > 3) return refuse("is not: log KEY [URL]");
    const auto key = VerifierKey::parse(words[1]);
    if (!key) return refuse("has no valid key: " + key.error().message);
    if (key->type() != KeyType::ed25519) return refuse("has a key that is no log's");
    for (const Log& other : policy.logs_) {
      if (other.key.key() == key->key()) return refuse("repeats the key of a log");
    }
    policy.logs_.push_back({*key, words.size() == 3 ? words[2] : ""});
    return {};
  }

  Result<void> witness(const std::vector<std::string>& words) {
    if (words.size() < 3 || words.size() > 4) {
      return refuse("is not: witness NAME KEY [URL]");
    }
    URNA_CHECK(define(words[1]));
    const auto key = VerifierKey::parse(words[2]);
    if (!key) return refuse("has no valid key: " + key.error().message);
    if (key->type() != KeyType::cosignature) {
      return refuse("has a key that is no witness's");
    }
    for (const Witness& other : policy.witnesses_) {
      if (other.key.key() == key->key()) return refuse("repeats the key of a witness");
    }
    policy.witnesses_.push_back({words[1], *key, words.size() == 4 ? words[3] : ""});
    return {};
  }

  Result<void> group(const std::vector<std::string>& words) {
    if (words.size() < 4) return refuse("is not: group NAME any|all|NUMBER MEMBER...");
    URNA_CHECK(define(words[1]));
    Group out{words[1], 0, {words.begin() + 3, words.end()}};
    for (const std::string& member : out.members) {
      if (!defined(member)) {
        return refuse(fmt::format("names '{}', which no earlier line defines", member));
      }
      if (std::ranges::find(used_as_member, member) != used_as_member.end()) {
        return refuse(fmt::format("makes '{}' a member a second time", member));
      }
      used_as_member.push_back(member);
    }
    if (words[2] == "any") {
      out.needed = 1;
    } else if (words[2] == "all") {
      out.needed = out.members.size();
    } else {
      const auto count = base::parse_count(words[2], out.members.size());
      if (!count || *count == 0) {
        return refuse("must need 'any', 'all', or 1 to as many as it has members");
      }
      out.needed = *count;
    }
    policy.groups_.push_back(std::move(out));
    return {};
  }

  Result<void> quorum(const std::vector<std::string>& words) {
    if (words.size() != 2) return refuse("is not: quorum NAME");
    if (has_quorum) return refuse("is a second quorum");
    if (words[1] != "none" && !defined(words[1])) {
      return refuse(fmt::format("names '{}', which no earlier line defines", words[1]));
    }
    has_quorum = true;
    policy.quorum_ = words[1];
    return {};
  }

  Result<void> line(std::string_view text) {
    const auto words = words_of(text);
    if (words.empty() || words[0].starts_with('#')) return {};
    if (words[0] == "log") return log(words);
    if (words[0] == "witness") return witness(words);
    if (words[0] == "group") return group(words);
    if (words[0] == "quorum") return quorum(words);
    return refuse(
        fmt::format("begins with '{}', which means nothing", words[0].substr(0, 40)));
  }
};

Result<Policy> Policy::parse(std::string_view text) {
  Parser parser;
  parser.line_number = 1;
  if (text.size() > kMaxPolicy) return parser.refuse("and the others are too many");
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return parser.refuse("is not ended");
    const std::string_view line = text.substr(0, end);
    const bool control = std::ranges::any_of(line, [](char c) {
      return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F;
    });
    if (control) return parser.refuse("has a control character");
    URNA_CHECK(parser.line(line));
    text.remove_prefix(end + 1);
    if (++parser.line_number > kMaxLines + 1) return parser.refuse("is one too many");
  }
  if (!parser.has_quorum) {
    return fail(errors::bad_policy, "the policy has no quorum line",
                "end it with: quorum NAME, or quorum none");
  }
  return std::move(parser.policy);
}

Policy Policy::log_alone(const VerifierKey& key) {
  Policy out;
  out.logs_.push_back({key, ""});
  return out;
}

Result<Policy> Policy::witnessed(const VerifierKey& log,
                                 std::span<const VerifierKey> witnesses,
                                 std::uint32_t quorum) {
  std::string text = fmt::format("log {}\n", log.text());
  std::string members;
  for (std::size_t i = 0; i < witnesses.size(); ++i) {
    text += fmt::format("witness {} {}\n", i + 1, witnesses[i].text());
    members += fmt::format(" {}", i + 1);
  }
  return parse(fmt::format("{}group all {}{}\nquorum all\n", text, quorum, members));
}

bool Policy::satisfied(std::string_view name,
                       const std::vector<std::string>& signers) const {
  if (name == "none") return true;
  const auto group = std::ranges::find(groups_, name, &Group::name);
  if (group == groups_.end()) return std::ranges::find(signers, name) != signers.end();
  const auto there = std::ranges::count_if(
      group->members, [&](const std::string& m) { return satisfied(m, signers); });
  return static_cast<std::size_t>(there) >= group->needed;
}

Result<WitnessedCheckpoint> Policy::check(std::string_view note) const {
  URNA_TRY(const Note parsed, parse_note(note));
  URNA_TRY(const Checkpoint checkpoint, parse_checkpoint(parsed.text));
  const auto log = std::ranges::find_if(logs_, [&](const Log& candidate) {
    return candidate.key.name() == checkpoint.origin;
  });
  if (log == logs_.end()) {
    return fail(errors::unsigned_note,
                fmt::format("the checkpoint is of '{}', which is no log of the policy",
                            checkpoint.origin),
                "check that this is the right record and the right policy");
  }
  std::vector<VerifierKey> keys;
  for (const Log& one : logs_) keys.push_back(one.key);
  for (const Witness& witness : witnesses_) keys.push_back(witness.key);
  URNA_TRY(const auto signers, check_note(parsed, keys));
  // Two keys of one log may share its name: any of them is enough.
  const bool by_log = std::ranges::any_of(signers, [&](const VerifiedSignature& v) {
    return v.key.type() == KeyType::ed25519 && v.key.name() == checkpoint.origin;
  });
  if (!by_log) {
    return fail(errors::unsigned_note,
                fmt::format("the checkpoint is not signed by {}", checkpoint.origin),
                "check that this is the right record and the right policy");
  }
  WitnessedCheckpoint out{{checkpoint, parsed}, {}};
  std::vector<std::string> missing;
  for (const Witness& witness : witnesses_) {
    const bool signs = std::ranges::any_of(
        signers, [&](const VerifiedSignature& v) { return v.key == witness.key; });
    (signs ? out.witnesses : missing).push_back(witness.name);
  }
  if (!satisfied(quorum_, out.witnesses)) {
    return fail(
        errors::quorum_missing,
        fmt::format(
            "the checkpoint is signed by {} of {} witnesses, which is no quorum; "
            "missing: {}",
            out.witnesses.size(), witnesses_.size(), fmt::join(missing, ", ")),
        "do not rely on it; ask the missing witnesses what they saw");
  }
  return out;
}

Result<Policy> read_policy(base::FileSystem& files, const std::string& path) {
  URNA_TRY(const std::string text, base::read_text(files, path, 1 << 20));
  auto policy = Policy::parse(text);
  if (!policy) return std::unexpected(std::move(policy).error().at(path));
  return policy;
}

}  // namespace urna::log
