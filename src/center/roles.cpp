#include "center/roles.hpp"

#include "center/errors.hpp"
#include "sheet/fields.hpp"

#include <fmt/format.h>

namespace urna::center {
namespace {

struct RoleInfo {
  std::string_view name;
  std::string_view says;
};
constexpr std::array<RoleInfo, kRoles> kRoleInfo{{
    {"station", "the device of one polling station"},
    {"point", "a transmission point, which serves many stations"},
    {"official", "somebody who decides, always with a second one"},
    {"operator", "somebody who runs the centre"},
    {"observer", "a party, a journalist, anybody who was admitted to watch"},
}};

struct ActionInfo {
  std::string_view says;
  std::array<bool, kRoles> may;  // station, point, official, operator, observer
};
constexpr std::array<ActionInfo, kActions> kActionInfo{{
    {"send documents of its own station", {true, true, false, false, false}},
    {"send documents of any station", {false, true, false, false, false}},
    {"send certificates of devices and officials", {false, true, false, true, false}},
    {"see state and receipts of a document whose hash one knows",
     {true, true, true, true, true}},
    {"see which stations have arrived", {false, true, true, true, true}},
    {"see what waits for two people", {false, false, true, true, true}},
    {"decide, with a second person, what becomes of it",
     {false, false, true, false, false}},
    {"withdraw a client's certificate", {false, false, false, true, false}},
}};

}  // namespace

std::string_view role_name(Role role) {
  return kRoleInfo[static_cast<std::size_t>(role)].name;
}

std::string_view role_says(Role role) {
  return kRoleInfo[static_cast<std::size_t>(role)].says;
}

std::string_view action_says(Action action) {
  return kActionInfo[static_cast<std::size_t>(action)].says;
}

bool may(Role role, Action action) {
  return kActionInfo[static_cast<std::size_t>(action)]
      .may[static_cast<std::size_t>(role)];
}

std::string Identity::text() const {
  return fmt::format("{} {}", role_name(role), name);
}

Result<Identity> parse_identity(std::string_view common_name) {
  const std::size_t space = common_name.find(' ');
  const std::string_view role = common_name.substr(0, space);
  const std::string_view name = space == std::string_view::npos
                                    ? std::string_view()
                                    : common_name.substr(space + 1);
  for (std::size_t i = 0; i < kRoles; ++i) {
    if (role == kRoleInfo[i].name && sheet::is_label(name)) {
      return Identity{static_cast<Role>(i), std::string(name)};
    }
  }
  return fail(errors::bad_identity,
              fmt::format("'{}' is not a role and a name", common_name),
              "such as 'station N01': station, point, official, operator or observer, "
              "then 1 to 32 of A-Z 0-9 . -");
}

std::string roles_table() {
  std::string out = "| action |";
  for (const RoleInfo& role : kRoleInfo) out += fmt::format(" {} |", role.name);
  out += "\n|---|";
  for (std::size_t i = 0; i < kRoles; ++i) out += "---|";
  for (const ActionInfo& action : kActionInfo) {
    out += fmt::format("\n| {} |", action.says);
    for (const bool may : action.may) out += may ? " yes |" : " |";
  }
  return out + "\n";
}

}  // namespace urna::center
