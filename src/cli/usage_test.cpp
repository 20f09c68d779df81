#include "cli/usage.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace urna::cli {
namespace {

class Usage : public ::testing::Test {
 protected:
  Usage() {
    app_.name("urna");
    use_short_lists(app_);
    app_.require_subcommand(1);
    app_.add_subcommand("count", "Add up\n\nA longer explanation.");
    CLI::App* election = app_.add_subcommand("election", "Definitions");
    election->require_subcommand(1);
    CLI::App* check = election->add_subcommand("check", "Check one");
    check->add_option("DIR", folder_, "The folder")->required();
  }

  std::string answer(std::vector<std::string> words) {
    std::vector<std::string> reversed(words.rbegin(), words.rend());
    try {
      app_.parse(reversed);
    } catch (const CLI::ParseError& error) {
      return explain_usage(app_, words, error);
    }
    return "parsed";
  }

  CLI::App app_;
  std::string folder_;
};

TEST_F(Usage, NamesTheWordThatIsNoCommandAndTheNearestOne) {
  const std::string top = answer({"coutn"});
  EXPECT_NE(top.find("urna: there is no command 'coutn'"), std::string::npos) << top;
  EXPECT_NE(top.find("did you mean 'urna count'?"), std::string::npos) << top;
  EXPECT_NE(top.find("there are: count, election"), std::string::npos) << top;
  const std::string inner = answer({"election", "verify"});
  EXPECT_NE(inner.find("urna election: there is no command 'verify'"),
            std::string::npos)
      << inner;
  EXPECT_EQ(inner.find("did you mean"), std::string::npos) << inner;
}

TEST_F(Usage, AloneShowsTheHelpOfThePlace) {
  EXPECT_NE(answer({}).find("Add up"), std::string::npos);
  EXPECT_NE(answer({"election"}).find("Check one"), std::string::npos);
}

TEST_F(Usage, SaysWhichCommandLacksWhat) {
  const std::string text = answer({"election", "check"});
  EXPECT_NE(text.find("urna election check: DIR is required"), std::string::npos)
      << text;
  EXPECT_NE(text.find("urna election check --help explains it"), std::string::npos);
  const std::string option = answer({"election", "check", "x", "--colour"});
  EXPECT_NE(option.find("--colour"), std::string::npos) << option;
}

TEST_F(Usage, ListsShowTheFirstLineOfEachDescription) {
  const std::string help = app_.help();
  EXPECT_NE(help.find("  count       Add up\n"), std::string::npos) << help;
  const std::string inner = app_.get_subcommand("election")->help();
  EXPECT_NE(inner.find("Usage: urna election [OPTIONS] COMMAND"), std::string::npos)
      << inner;
  EXPECT_EQ(help.find("A longer explanation"), std::string::npos) << help;
}

}  // namespace
}  // namespace urna::cli
