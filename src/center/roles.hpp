// Who may do what at a centre: the one table that the service asks before every
// request, that docs/center.md prints, and that a test goes through cell by cell.
//
// A client is its certificate's common name, "ROLE NAME": "station N01" is the device
// of that polling station, "official ANA" a person. A role without a cell in the table
// may do nothing.
//
// Thread rule: constants and pure functions. Public data.
#pragma once

#include "base/result.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace urna::center {

enum class Role : std::uint8_t { station, point, official, operator_, observer };
inline constexpr std::size_t kRoles = 5;

enum class Action : std::uint8_t {
  send_own,           // documents of the station that the certificate names
  send_any,           // documents of any station
  send_certificates,  // certificates of devices and officials
  see_document,       // state and receipts of a document whose hash one knows
  see_status,         // which stations have arrived
  see_queue,          // what waits for two people
  decide,             // say what becomes of it
  withdraw,           // a client's certificate
};
inline constexpr std::size_t kActions = 8;

[[nodiscard]] std::string_view role_name(Role role);
[[nodiscard]] std::string_view role_says(Role role);
[[nodiscard]] std::string_view action_says(Action action);
[[nodiscard]] bool may(Role role, Action action);

struct Identity {
  Role role = Role::observer;
  std::string name;  // 1 to 32 of A-Z 0-9 . -; of a station: its code

  [[nodiscard]] std::string text() const;  // "station N01"
  friend bool operator==(const Identity&, const Identity&) = default;
};
// Error bad_identity.
[[nodiscard]] Result<Identity> parse_identity(std::string_view common_name);

// The table as docs/center.md prints it.
[[nodiscard]] std::string roles_table();

}  // namespace urna::center
