#include "trustees/witness.hpp"

#include "log/checkpoint.hpp"
#include "log/merkle.hpp"
#include "trustees/errors.hpp"

#include <set>

#include <fmt/format.h>

namespace urna::trustees {

namespace {

std::unexpected<Error> not_witnessed(std::string message) {
  return fail(errors::not_witnessed, std::move(message),
              "publish the package, wait for the witnesses, and give the checkpoint");
}

}  // namespace

Result<void> check_witnessed(const WitnessPolicy& policy, ByteView entry,
                             const Inclusion& inclusion) {
  const auto checkpoint = log::open_checkpoint(inclusion.checkpoint, policy.log);
  if (!checkpoint) return not_witnessed(checkpoint.error().message);
  const auto signatures = log::check_note(checkpoint->note, policy.witnesses);
  if (!signatures) return not_witnessed(signatures.error().message);
  // Two names for one key are one witness.
  std::set<crypto::PublicKey> witnesses;
  for (const log::VerifiedSignature& one : *signatures) witnesses.insert(one.key.key());
  if (policy.quorum == 0 || witnesses.size() < policy.quorum) {
    return not_witnessed(
        fmt::format("{} witnesses signed the checkpoint, {} are needed",
                    witnesses.size(), policy.quorum));
  }
  const auto included = log::check_inclusion(
      inclusion.index, checkpoint->checkpoint.size, log::leaf_hash(entry),
      inclusion.proof, checkpoint->checkpoint.root);
  if (!included) return not_witnessed(included.error().message);
  return {};
}

}  // namespace urna::trustees
