// A lock store that lives beside a scripted disk: durable at once, and it forgets when
// the program ends. Tests and the simulator only; one thread.
#pragma once

#include "log/errors.hpp"
#include "log/sequencer.hpp"

namespace urna::log::testing {

class MemoryLock final : public LockStore {
 public:
  Result<std::optional<LockState>> load() override { return state; }
  Result<void> swap(const std::optional<LockState>& expected,
                    const LockState& next) override {
    if (expected != state) return fail(errors::lock_lost, "scripted");
    state = next;
    return {};
  }
  std::optional<LockState> state;
};

}  // namespace urna::log::testing
