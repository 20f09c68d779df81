// Who may decide at check-in: officials with a key file on a stick and a PIN. Their
// keys are check-in's own; the voting machine's officials have others.
//
// Thread rule: one thread. Keys and PINs are secret.
#pragma once

#include "base/clock.hpp"
#include "base/file.hpp"
#include "checkin/package.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace urna::checkin {

struct Credential {
  std::string stick;
  std::string pin;
};

// The key file of an official, "check-in.key" on a stick.
[[nodiscard]] Result<Bytes> make_official_file(base::Random& random,
                                               const crypto::SigningKey& key,
                                               std::string_view pin,
                                               crypto::KeyFileCost cost);

// A stick that is plugged in.
struct Stick {
  std::string name;
  bool official = false;  // carries an official's key for check-in
};

class Officials {
 public:
  Officials(base::FileSystem& files, base::Clock& clock, std::string sticks,
            crypto::KeyFileCost cost)
      : files_(files), clock_(clock), sticks_(std::move(sticks)), cost_(cost) {}

  // What is plugged in now, by name.
  [[nodiscard]] Result<std::vector<Stick>> sticks() const;
  // The folder of a stick. Error not_official for a name that could be no stick's.
  [[nodiscard]] Result<std::string> stick_folder(const std::string& stick) const;

  // Two different officials of `known`; their places in it plus 1, as events record
  // them. Errors: not_official, too_many_tries, wrong_passphrase.
  [[nodiscard]] Result<std::pair<std::uint8_t, std::uint8_t>> prove_two(
      const std::vector<Official>& known, const std::vector<Credential>& given);

 private:
  struct Tries {
    std::uint32_t wrong = 0;
    std::chrono::nanoseconds last{0};
  };
  [[nodiscard]] Result<std::uint8_t> prove(const std::vector<Official>& known,
                                           const Credential& given);

  base::FileSystem& files_;
  base::Clock& clock_;
  std::string sticks_;
  crypto::KeyFileCost cost_;
  std::map<std::string, Tries> tries_;
};

}  // namespace urna::checkin
