// Runs the `urna` program as a person would, in a folder of its own, and keeps what it
// printed. Tests only.
#pragma once

#include <array>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

namespace urna::cli::testing {

inline const std::string kProgram = URNA_BINARY_DIR "/bin/urna";

struct Ran {
  int status = -1;
  std::string out;
  std::string err;
};

// A folder that is gone when the test ends.
class Workplace {
 public:
  Workplace() {
    std::string name =
        (std::filesystem::temp_directory_path() / "urna-XXXXXX").string();
    folder_ = mkdtemp(name.data());
  }
  ~Workplace() { std::filesystem::remove_all(folder_); }
  Workplace(const Workplace&) = delete;
  Workplace& operator=(const Workplace&) = delete;

  [[nodiscard]] std::string path(const std::string& name) const {
    return folder_ + "/" + name;
  }
  void write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories(
        std::filesystem::path(path(name)).parent_path());
    std::ofstream(path(name), std::ios::binary) << text;
  }
  [[nodiscard]] std::string read(const std::string& name) const {
    std::ostringstream text;
    text << std::ifstream(path(name), std::ios::binary).rdbuf();
    return text.str();
  }

  // The words after `urna`, separated by spaces; file names are relative to the folder.
  [[nodiscard]] Ran run(const std::string& words) const {
    static std::atomic<int> counter = 0;
    const std::string log = "log-" + std::to_string(++counter);
    const std::string command = "cd '" + folder_ + "' && '" + kProgram + "' " + words +
                                " >" + log + ".out 2>" + log + ".err </dev/null";
    const int status = std::system(command.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read(log + ".out"),
            read(log + ".err")};
  }
  // Two at a time; the answers in the order of the commands.
  [[nodiscard]] std::vector<Ran> run_all(
      const std::vector<std::string>& commands) const {
    std::vector<Ran> ran(commands.size());
    std::atomic<std::size_t> next = 0;
    std::array<std::jthread, 2> workers;
    for (std::jthread& worker : workers) {
      worker = std::jthread([&] {
        for (std::size_t i = next++; i < commands.size(); i = next++) {
          ran[i] = run(commands[i]);
        }
      });
    }
    for (std::jthread& worker : workers) worker.join();
    return ran;
  }

 private:
  std::string folder_;
};

}  // namespace urna::cli::testing
