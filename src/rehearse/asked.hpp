// A device's service behind its address, asked as its page asks it. Called by the
// rehearsals of a station's day.
//
// Thread rule: one thread. The PINs of a rehearsal pass through.
#pragma once

#include "base/json.hpp"
#include "http/client.hpp"

#include <string>
#include <utility>
#include <vector>

namespace urna::rehearse {

using StickAndPin = std::pair<std::string, std::string>;

class Asked {
 public:
  explicit Asked(std::string address) : address_(std::move(address)) {}

  // Errors: those of HTTP, and refused with what the device said.
  [[nodiscard]] Result<base::Json> get(const std::string& path);
  [[nodiscard]] Result<base::Json> post(const std::string& path,
                                        const base::Json& body = base::Json::object());

 private:
  std::string address_;
  // Key files are slow to open by design, and a laptop may be busy.
  http::Client client_{{.idle = std::chrono::minutes(5)}};
};

// The body of a request that these officials answer for.
[[nodiscard]] base::Json credentials(const std::vector<StickAndPin>& officials);

// A number of an answer by the names that lead to it. Error refused.
[[nodiscard]] Result<std::uint32_t> count_at(const base::Json& answer,
                                             std::initializer_list<const char*> names);

}  // namespace urna::rehearse
