// The printer behind CUPS, against a scripted queue that answers as lp, lpstat, cancel
// and cupsenable of CUPS 2.4 do.
#include "machine/cups.hpp"

#include "machine/errors.hpp"
#include "machine/testing/world.hpp"

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

namespace urna::machine {
namespace {

// One queue: jobs leave it after `slow` looks, unless an alert holds them.
struct Queue {
  std::string alerts = "none";
  bool disabled = false;
  bool remembers = false;  // PreserveJobHistory
  int slow = 1;
  std::string fails_with;  // the alert that the next job meets

  std::vector<Bytes> printed;
  std::vector<std::string> cancelled;
  std::size_t enabled = 0;

  Result<base::ProgramResult> run(const std::vector<std::string>& words,
                                  ByteView input) {
    EXPECT_EQ(words[0], "env");
    EXPECT_EQ(words[1], "LC_ALL=C");
    const std::vector<std::string> command(words.begin() + 2, words.end());
    if (command[0] == "lp") return accept(command, input);
    if (command[0] == "cancel") return cancel(command);
    if (command[0] == "cupsenable") return enable();
    EXPECT_EQ(command[0], "lpstat");
    return command[1] == "-W" ? jobs(command[2]) : state();
  }
  [[nodiscard]] RunProgram program() {
    return [this](const auto& words, ByteView input, std::chrono::milliseconds) {
      return run(words, input);
    };
  }

 private:
  static base::ProgramResult say(std::string_view text) {
    return {0, Bytes(text.begin(), text.end())};
  }
  Result<base::ProgramResult> accept(const std::vector<std::string>& words,
                                     ByteView input) {
    EXPECT_EQ(words, (std::vector<std::string>{"lp", "-d", "slips", "-o", "raw", "-t",
                                               "urna", "-"}));
    waiting_ = fmt::format("slips-{}", ++number_);
    bytes_.assign(input.begin(), input.end());
    looks_ = slow;
    if (!fails_with.empty()) {
      alerts = fails_with;
      disabled = true;
      fails_with.clear();
    }
    return say(fmt::format("request id is {} (0 file(s))\n", waiting_));
  }
  Result<base::ProgramResult> jobs(const std::string& which) {
    if (!waiting_.empty() && alerts == "none" && !disabled && looks_-- == 0) {
      printed.push_back(bytes_);
      if (remembers) done_ += waiting_ + "   root   1024   Sun May 10 2026\n";
      waiting_.clear();
    }
    if (which == "completed") return say(done_);
    return say(waiting_.empty() ? "" : waiting_ + "   root   1024   Sun May 10 2026\n");
  }
  Result<base::ProgramResult> state() {
    return say(
        fmt::format("printer slips {} since Sun May 10 06:00:00 2026\n"
                    "\tForm mounted:\n\tContent types: any\n\tDescription: r\n"
                    "\tAlerts: {}\n\tLocation: \n",
                    disabled ? "disabled" : "is idle.  enabled", alerts));
  }
  Result<base::ProgramResult> cancel(const std::vector<std::string>& words) {
    EXPECT_EQ(words[1], "-x");
    cancelled.push_back(words[2]);
    waiting_.clear();
    return say("");
  }
  Result<base::ProgramResult> enable() {
    ++enabled;
    disabled = false;
    return say("");
  }

  int number_ = 0;
  int looks_ = 0;
  std::string waiting_;
  std::string done_;
  Bytes bytes_;
};

constexpr std::chrono::milliseconds kNoWait{0};

std::unique_ptr<CupsPrinter> open(Queue& queue) {
  return CupsPrinter::open("slips", queue.program(), kNoWait).value();
}

TEST(Cups, SendsThePieceRawAndWaitsUntilItHasLeftTheQueue) {
  testing::World world;
  Queue queue;
  queue.slow = 5;
  const auto printer = open(queue);
  ASSERT_EQ(queue.printed.size(), 1u);
  EXPECT_EQ(queue.printed[0], (Bytes{0x1b, '@'})) << "opening prints no paper";
  EXPECT_EQ(printer->status(), PrinterFault::none);
  const auto document = world.slips.at("en").footer(Footer::cast);
  ASSERT_TRUE(printer->print(document, true));
  ASSERT_EQ(queue.printed.size(), 2u);
  EXPECT_EQ(queue.printed[1], sheet::piece_commands(document, true).value());
  EXPECT_TRUE(queue.cancelled.empty());
}

TEST(Cups, RefusesAQueueThatRemembersWhatItPrinted) {
  Queue queue;
  queue.remembers = true;
  EXPECT_EQ(CupsPrinter::open("slips", queue.program(), kNoWait).error().kind,
            errors::printer_keeps);
}

TEST(Cups, AJobThatDoesNotComeOutIsCancelledSoThatItNeverPrintsLater) {
  testing::World world;
  const auto document = world.slips.at("en").footer(Footer::cast);
  for (const auto& [alert, fault] :
       {std::pair{"media-empty-error", PrinterFault::paper_out},
        {"cover-open-error,media-low-warning", PrinterFault::cover_open},
        {"media-jam-error", PrinterFault::jam},
        {"offline-report", PrinterFault::offline}}) {
    Queue queue;
    const auto printer = open(queue);
    queue.fails_with = alert;
    EXPECT_EQ(printer->print(document, true).error().kind, errors::printer_failed);
    EXPECT_EQ(queue.cancelled, (std::vector<std::string>{"slips-2"})) << alert;
    EXPECT_EQ(printer->status(), fault) << alert;
    EXPECT_FALSE(printer->print(document, true)) << "nothing is sent to a bad printer";
    EXPECT_EQ(queue.cancelled.size(), 1u);
    // Mended: the queue, which CUPS had stopped, is enabled again.
    queue.alerts = "none";
    EXPECT_EQ(printer->status(), PrinterFault::none);
    EXPECT_EQ(queue.disabled, false);
    ASSERT_TRUE(printer->print(document, true));
    EXPECT_EQ(queue.printed.size(), 2u) << "the cancelled job did not come out";
  }
}

TEST(Cups, IsOfflineWhenThereIsNoSuchQueueOrNoServer) {
  const RunProgram none = [](const auto&, ByteView,
                             std::chrono::milliseconds) -> Result<base::ProgramResult> {
    return base::ProgramResult{1, {}};
  };
  EXPECT_EQ(CupsPrinter::open("slips", none, kNoWait).error().kind,
            errors::printer_failed);
  EXPECT_EQ(fault_in(""), PrinterFault::offline);
  EXPECT_EQ(fault_in("lpstat: Invalid destination name\n"), PrinterFault::offline);
  EXPECT_EQ(fault_in("printer slips is idle.\n\tAlerts: media-low-report\n"),
            PrinterFault::none);
}

// A network printer that takes everything: remembers how much each job had.
class PaperSink {
 public:
  PaperSink() : listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(listener_, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(::listen(listener_, 4), 0);
    EXPECT_EQ(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size),
              0);
    port = ntohs(address.sin_port);
    thread_ = std::jthread([this] { take(); });
  }
  PaperSink(const PaperSink&) = delete;
  PaperSink& operator=(const PaperSink&) = delete;
  ~PaperSink() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  std::uint16_t port = 0;
  std::atomic<std::size_t> jobs = 0;
  std::atomic<std::size_t> bytes = 0;

 private:
  void take() {
    for (;;) {
      const int job = ::accept(listener_, nullptr, nullptr);
      if (job < 0) return;
      char buffer[4096];
      for (ssize_t got = 1; got > 0;) {
        got = ::read(job, buffer, sizeof buffer);
        if (got > 0) bytes += static_cast<std::size_t>(got);
      }
      ::close(job);
      ++jobs;
    }
  }
  int listener_;
  std::jthread thread_;
};

// Debian's CUPS with the settings of tools/kiosk/cups, in a folder of its own.
class RealCups : public ::testing::Test {
 protected:
  void SetUp() override {
    if (::geteuid() != 0 || std::system("command -v cupsd lp >/dev/null") != 0) {
      GTEST_SKIP() << "needs root and cups";
    }
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_ + "/spool/tmp");
    std::filesystem::create_directories(folder_ + "/spool/cache");
    std::filesystem::create_directories(folder_ + "/run");
    settings("cupsd.conf", "/run/cups/cups.sock", folder_ + "/run/socket", "");
    settings("cups-files.conf", "/run/urna-print", folder_ + "/spool",
             fmt::format("ServerRoot {0}\nStateDir {0}/run\n", folder_));
    ::setenv("CUPS_SERVER", (folder_ + "/run/socket").c_str(), 1);
    ASSERT_EQ(run("cupsd -c {0}/cupsd.conf -s {0}/cups-files.conf"), 0);
    for (int tries = 0; tries < 50 && run("lpstat -r >/dev/null") != 0; ++tries) {
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
  }
  void TearDown() override {
    (void)run("kill $(cat {0}/run/cupsd.pid) 2>/dev/null");
    ::unsetenv("CUPS_SERVER");
    // The server may still be removing files of its own.
    std::error_code ignored;
    for (int tries = 0; tries < 50 && std::filesystem::exists(folder_); ++tries) {
      std::filesystem::remove_all(folder_, ignored);
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }
  int run(std::string_view command) {
    return std::system(
        fmt::format(fmt::runtime(std::string(command) + " 2>/dev/null"), folder_)
            .c_str());
  }
  void settings(const std::string& name, const std::string& from, const std::string& to,
                const std::string& more) {
    base::RealFiles files;
    std::string text =
        base::read_text(files, URNA_SOURCE_DIR "/tools/kiosk/cups/" + name).value();
    for (auto at = text.find(from); at != std::string::npos;
         at = text.find(from, at + to.size())) {
      text.replace(at, from.size(), to);
    }
    std::ofstream(folder_ + "/" + name) << text << more;
  }
  const std::string folder_ = fmt::format("/tmp/urna-cups-{}", ::getpid());
};

TEST_F(RealCups, PrintsAndKeepsNothing) {
  PaperSink sink;
  ASSERT_EQ(run(fmt::format("lpadmin -p slips -E -v socket://127.0.0.1:{} -m raw",
                            sink.port)),
            0);
  testing::World world;
  auto printer = CupsPrinter::open("slips");
  ASSERT_TRUE(printer) << printer.error().text();
  const auto document = world.slips.at("en").footer(Footer::cast);
  ASSERT_TRUE((*printer)->print(document, true));
  for (int tries = 0; tries < 50 && sink.jobs < 2; ++tries) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  EXPECT_EQ(sink.bytes, 2 + piece_commands(document, true).value().size());
  // Neither the job, nor its file, nor a line about it.
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_)) {
    if (!entry.is_regular_file()) continue;
    const std::string name = entry.path().filename();
    EXPECT_FALSE(name.starts_with("d00") || name.starts_with("c00")) << name;
    EXPECT_FALSE(name.ends_with("_log")) << name;
  }
}

TEST_F(RealCups, WithItsUsualSettingsIsRefused) {
  ASSERT_EQ(run("kill $(cat {0}/run/cupsd.pid)"), 0);
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  settings("cupsd.conf", "/run/cups/cups.sock", folder_ + "/run/socket",
           "PreserveJobHistory Yes\n");
  ASSERT_EQ(run("cupsd -c {0}/cupsd.conf -s {0}/cups-files.conf"), 0);
  for (int tries = 0; tries < 50 && run("lpstat -r >/dev/null") != 0; ++tries) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  PaperSink sink;
  ASSERT_EQ(run(fmt::format("lpadmin -p slips -E -v socket://127.0.0.1:{} -m raw",
                            sink.port)),
            0);
  EXPECT_EQ(CupsPrinter::open("slips").error().kind, errors::printer_keeps);
}

}  // namespace
}  // namespace urna::machine
