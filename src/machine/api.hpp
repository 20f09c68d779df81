// The machine's service: JSON over HTTP on this machine's loopback address, for the
// kiosk page that only shows what the service says. docs/machine-api.md lists every
// request. The server (src/http) refuses requests of other sites; no answer contains a
// choice once the ballot is sealed, except of a ballot that was opened as a test.
//
// Thread rule: the handlers take a lock; the machine behind them sees one thread.
#pragma once

#include "http/router.hpp"
#include "machine/machine.hpp"

#include <functional>
#include <mutex>
#include <string>

namespace urna::machine {

// What only a demonstration has: a paper tray on the screen, a drawer of tokens,
// check-in's slip, and buttons that break the printer.
struct Demo {
  FolderPrinter* printer = nullptr;
  std::string tray;                         // the printer's folder
  std::function<std::string()> next_token;  // empty text: none left
  std::function<Result<std::string>()> check_in_slip;
  std::vector<Credential> officials;  // the sticks and their PINs, to try with
};

class Api {
 public:
  Api(Machine& machine, base::FileSystem& files, std::string web_folder,
      std::optional<Demo> demo);

  [[nodiscard]] http::Router router();
  // About once a second, from any thread: time-outs.
  void tick();

 private:
  using Step = std::function<Result<void>(const base::Json& body)>;
  [[nodiscard]] http::Response answer(const http::Request& request, const Step& step);
  [[nodiscard]] base::Json state();
  [[nodiscard]] base::Json session_view();
  [[nodiscard]] base::Json machine_view() const;
  [[nodiscard]] Result<void> event(const std::string& name, const base::Json& body);
  [[nodiscard]] Result<void> official_step(const std::string& name,
                                           const base::Json& body);
  void add_voter_routes(http::Router& router);
  void add_official_routes(http::Router& router);
  void add_voice_routes(http::Router& router);
  void add_demo_routes(http::Router& router);

  Machine& machine_;
  base::FileSystem& files_;
  std::string web_;
  std::optional<Demo> demo_;
  std::mutex mutex_;
};

}  // namespace urna::machine
