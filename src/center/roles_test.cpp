#include "center/roles.hpp"

#include "base/file.hpp"
#include "center/errors.hpp"

#include <gtest/gtest.h>

namespace urna::center {
namespace {

TEST(Roles, IdentitiesHaveOneLegalText) {
  for (std::size_t i = 0; i < kRoles; ++i) {
    const Identity identity{static_cast<Role>(i), "N01"};
    EXPECT_EQ(parse_identity(identity.text()).value(), identity);
  }
  for (const auto* bad : {"", "station", "station ", " N01", "station  N01",
                          "station n01", "Station N01", "root N01", "station N01 "}) {
    const auto parsed = parse_identity(bad);
    ASSERT_FALSE(parsed) << bad;
    EXPECT_EQ(parsed.error().kind, errors::bad_identity);
  }
}

TEST(Roles, OnlyOfficialsDecideAndOnlySendersSend) {
  for (std::size_t i = 0; i < kRoles; ++i) {
    const auto role = static_cast<Role>(i);
    EXPECT_EQ(may(role, Action::decide), role == Role::official);
    EXPECT_EQ(may(role, Action::send_any), role == Role::point);
    EXPECT_EQ(may(role, Action::withdraw), role == Role::operator_);
    // Nobody who sends decides.
    EXPECT_FALSE(may(role, Action::send_own) && may(role, Action::decide));
  }
}

TEST(Roles, TheGuideHasThisTable) {
  base::RealFiles files;
  const auto guide = base::read_text(files, URNA_SOURCE_DIR "/docs/center.md");
  ASSERT_TRUE(guide) << guide.error().text();
  EXPECT_NE(guide->find(roles_table()), std::string::npos) << roles_table();
}

}  // namespace
}  // namespace urna::center
