// The port to a fingerprint scanner. Check-in and enrolment ask it for one picture at
// a time; what comes back is normalised (500 dpi, ridges dark) and is not stored
// anywhere. Real ones: FprintScanner (capture/fprint_scanner.hpp, USB readers through
// libfprint), FolderScanner (files that another program writes). Tests and the
// simulator use FolderScanner or a scripted one of their own.
//
// Thread rule: one thread at a time.
#pragma once

#include "base/result.hpp"
#include "finger/image.hpp"

#include <chrono>
#include <string>

namespace urna::finger::capture {

class Scanner {
 public:
  virtual ~Scanner() = default;

  // For people: "DigitalPersona U.are.U 4000".
  [[nodiscard]] virtual std::string name() const = 0;

  // Whether it shows invented fingers: refused by every election but a demonstration.
  [[nodiscard]] virtual bool synthetic() const { return false; }

  // Waits for a finger and returns its picture. Errors: capture_timeout; scanner_retry
  // when the person should try again (too fast, off centre); no_scanner when it was
  // unplugged; scanner_failed; and everything normalisation refuses.
  [[nodiscard]] virtual Result<Image> capture(std::chrono::milliseconds timeout) = 0;
};

}  // namespace urna::finger::capture
