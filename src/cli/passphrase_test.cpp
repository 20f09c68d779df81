// Typing passphrases, on a terminal of the test's own.
#include "cli/testing/program.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pty.h>
#include <termios.h>

namespace urna::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::Workplace;

class Terminal {
 public:
  explicit Terminal(const std::string& folder) {
    child_ = forkpty(&master_, nullptr, nullptr, nullptr);
    if (child_ == 0) {
      if (chdir(folder.c_str()) == 0) {
        execl(testing::kProgram.c_str(), "urna", "key", "new", "own.key", nullptr);
      }
      _exit(99);
    }
  }
  ~Terminal() { close(master_); }

  // Reads until `words` were shown, or the program ended.
  void wait_for(const std::string& words) {
    std::array<char, 256> some{};
    while (shown_.find(words) == std::string::npos) {
      const ssize_t got = read(master_, some.data(), some.size());
      if (got <= 0) break;
      shown_.append(some.data(), static_cast<std::size_t>(got));
    }
    EXPECT_THAT(shown_, HasSubstr(words));
    while (words.ends_with(": ") && echoes()) usleep(1000);  // the prompt comes first
  }
  void type(const std::string& text) {
    EXPECT_EQ(write(master_, text.data(), text.size()),
              static_cast<ssize_t>(text.size()));
    shown_.clear();
  }
  [[nodiscard]] bool echoes() const {
    termios now{};
    tcgetattr(master_, &now);
    return (now.c_lflag & ECHO) != 0;
  }
  [[nodiscard]] int end() const {
    int status = 0;
    waitpid(child_, &status, 0);
    return status;
  }
  [[nodiscard]] const std::string& shown() const { return shown_; }

 private:
  int master_ = -1;
  pid_t child_ = -1;
  std::string shown_;
};

TEST(TypedPassphrase, OfANewKeyIsAskedForTwiceAndNeverShown) {
  const Workplace place;
  Terminal terminal(place.path(""));
  terminal.wait_for("New passphrase: ");
  terminal.type("four words of mine\n");
  terminal.wait_for("The same again: ");
  EXPECT_THAT(terminal.shown(), Not(HasSubstr("mine")));
  terminal.type("four words of mind\n");
  terminal.wait_for("differ");
  EXPECT_EQ(WEXITSTATUS(terminal.end()), 2);
  EXPECT_FALSE(std::filesystem::exists(place.path("own.key")));
}

TEST(TypedPassphrase, CtrlCGivesTheTerminalItsEchoBack) {
  const Workplace place;
  Terminal terminal(place.path(""));
  terminal.wait_for("New passphrase: ");
  EXPECT_FALSE(terminal.echoes());
  terminal.type("four wor\x03");
  const int status = terminal.end();
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGINT);
  EXPECT_TRUE(terminal.echoes());
  EXPECT_FALSE(std::filesystem::exists(place.path("own.key")));
}

}  // namespace
}  // namespace urna::cli
