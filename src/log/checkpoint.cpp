#include "log/checkpoint.hpp"

#include "base/csv.hpp"
#include "base/encoding.hpp"
#include "log/errors.hpp"

#include <fmt/format.h>

namespace urna::log {
namespace {

std::unexpected<Error> refuse(std::string_view why) {
  return fail(errors::bad_checkpoint, fmt::format("not a checkpoint: {}", why));
}

}  // namespace

std::string Checkpoint::text() const {
  std::string out = fmt::format("{}\n{}\n{}\n", origin, size, base::to_base64(root));
  for (const std::string& line : extensions) out += line + "\n";
  return out;
}

Result<Checkpoint> parse_checkpoint(std::string_view text) {
  if (!text.ends_with('\n')) return refuse("the last line is not ended");
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end + 1);
    if (lines.back().empty()) return refuse("it has an empty line");
  }
  if (lines.size() < 3) return refuse("origin, size and root are needed");
  Checkpoint out;
  out.origin = lines[0];
  const auto size = base::parse_count(lines[1], INT64_MAX);
  if (!size) return refuse("line 2 is not a size");
  out.size = *size;
  const auto root = base::from_base64(lines[2]);
  if (!root || root->size() != 32) return refuse("line 3 is not a root of 32 bytes");
  std::ranges::copy(*root, out.root.begin());
  for (std::size_t i = 3; i < lines.size(); ++i) out.extensions.emplace_back(lines[i]);
  return out;
}

Result<SignedCheckpoint> open_checkpoint(std::string_view note,
                                         const VerifierKey& log_key) {
  URNA_TRY(Note parsed, parse_note(note));
  URNA_TRY(Checkpoint checkpoint, parse_checkpoint(parsed.text));
  URNA_TRY(const auto signers, check_note(parsed, {&log_key, 1}));
  if (signers.empty()) {
    return fail(errors::unsigned_note,
                fmt::format("the checkpoint is not signed by '{}'", log_key.name()),
                "check that this is the right log and the right key");
  }
  if (checkpoint.origin != log_key.name()) {
    return refuse(fmt::format("it is of the log '{}', not of '{}'", checkpoint.origin,
                              log_key.name()));
  }
  return SignedCheckpoint{std::move(checkpoint), std::move(parsed)};
}

}  // namespace urna::log
