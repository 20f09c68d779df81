#include "trustees/witness.hpp"

#include "trustees/errors.hpp"

namespace urna::trustees {

Result<void> check_witnessed(const log::Policy& policy, ByteView entry,
                             const log::Receipt& receipt) {
  const auto refused = [](std::string message) {
    return fail(errors::not_witnessed, std::move(message),
                "publish the package, wait for the witnesses, and give the checkpoint");
  };
  if (!policy.needs_witnesses()) return refused("no witness's signature was asked for");
  const auto checked = log::check_receipt(receipt, entry, policy);
  if (!checked) return refused(checked.error().message);
  return {};
}

}  // namespace urna::trustees
