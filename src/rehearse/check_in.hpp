// The table in front of the voting machine, played through check-in's real requests
// (docs/check-in-api.md): voters are found, put their synthetic fingers down, are
// admitted, and carry the token that came out of the printer, read off its paper, to
// the machine. For rehearsals and the demonstration.
//
// Thread rule: one thread. Tokens and PINs of a rehearsal.
#pragma once

#include "base/file.hpp"
#include "rehearse/asked.hpp"

#include <random>

namespace urna::rehearse {

struct CheckInPlan {
  std::string address;  // http://127.0.0.1:8081; empty: there is no check-in
  std::string tray;     // the folder that stands for its printer
  std::vector<StickAndPin> officials;
  std::vector<std::string> voters;  // ID numbers, in the order in which they come
};

class CheckIn {
 public:
  // Both outlive it.
  CheckIn(const CheckInPlan& plan, base::FileSystem& files)
      : plan_(plan), files_(files), device_(plan.address) {}

  [[nodiscard]] Result<void> open();
  // Admits a voter; the token of the printed paper. One in ten is assisted.
  [[nodiscard]] Result<std::string> admit(const std::string& id,
                                          std::mt19937_64& random);
  // How many were admitted so far, by anybody.
  [[nodiscard]] Result<std::uint32_t> admitted();
  // Closes; the signed slip for the voting machine.
  [[nodiscard]] Result<std::string> close();

 private:
  [[nodiscard]] Result<bool> match(const std::string& id);
  [[nodiscard]] Result<std::string> printed_token();

  const CheckInPlan& plan_;
  base::FileSystem& files_;
  Asked device_;
};

}  // namespace urna::rehearse
