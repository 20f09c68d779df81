// Check-in's service: JSON over HTTP on this machine's loopback address, for the page
// that poll workers use. docs/check-in-api.md lists every request. Answers name voters
// of this station; no answer ever holds a token.
//
// Thread rule: the handlers take a lock; the station behind them sees one thread. Only
// the scanner waits outside of it: a finger takes seconds, and the page goes on.
#pragma once

#include "checkin/demo_roll.hpp"
#include "checkin/station.hpp"
#include "http/router.hpp"

#include <atomic>
#include <functional>
#include <mutex>

namespace urna::checkin {

// What only a demonstration has.
struct Demo {
  std::string tray;                   // the printer's folder
  std::vector<Credential> officials;  // the sticks and their PINs, to try with
  // Puts a finger of a synthetic voter on the reader.
  std::function<Result<void>(const std::string& id, finger::FingerPosition, Placing)>
      put_finger;
  std::vector<std::string> with_prints;  // ID numbers whose fingers there are
};

class Api {
 public:
  Api(Station& station, base::FileSystem& files, std::string web_folder,
      std::optional<Demo> demo);

  [[nodiscard]] http::Router router();

 private:
  // Does something and says what happened, beside the state.
  using Step = std::function<Result<base::Json>(const base::Json& body)>;
  [[nodiscard]] http::Response answer(const http::Request& request, const Step& step);
  [[nodiscard]] http::Response answer_locked(const http::Request& request,
                                             const Step& step);
  [[nodiscard]] Result<base::Json> find(const std::string& text);
  [[nodiscard]] base::Json demo_people();
  [[nodiscard]] http::Response capture(const http::Request& request);
  [[nodiscard]] Result<finger::Image> wait_for_finger(std::uint64_t round);
  void post(http::Router& router, std::string_view path, Step step);
  void add_voter_routes(http::Router& router);
  void add_official_routes(http::Router& router);
  void add_log_routes(http::Router& router);
  void add_demo_routes(http::Router& router);

  Station& station_;
  base::FileSystem& files_;
  std::string web_;
  std::optional<Demo> demo_;
  std::mutex mutex_;
  std::mutex scanner_mutex_;
  // Grows whenever a finger is no longer waited for: a new voter, another capture.
  std::atomic<std::uint64_t> round_ = 0;
};

}  // namespace urna::checkin
