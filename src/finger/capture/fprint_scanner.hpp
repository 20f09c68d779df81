// Fingerprint readers through libfprint 2 (Debian libfprint-2-2, LGPL, linked
// dynamically). Only readers that deliver pictures can be used (U.are.U 4000, UPEK,
// AuthenTec, Validity and others); match-on-chip readers give none, and national-ID
// readers need their vendor's program with FolderScanner.
//
// libfprint is used for pixels only; minutiae and matching are our own. It runs its own
// event loop inside capture(), so use one FprintScanner per process and thread.
#pragma once

#include "finger/capture/scanner.hpp"
#include "finger/io/normalise.hpp"

#include <memory>
#include <vector>

namespace urna::finger::capture {

struct FprintOptions {
  // The reader's resolution when libfprint does not know it (its virtual device, some
  // drivers).
  double assumed_dpi = 500;
  io::Polarity polarity = io::Polarity::detect;
};

class FprintScanner final : public Scanner {
 public:
  // Opens the first reader that delivers pictures. Errors: no_scanner, with the names
  // of readers that cannot be used; scanner_failed when it does not open.
  [[nodiscard]] static Result<std::unique_ptr<FprintScanner>> open(
      const FprintOptions& options = {});
  ~FprintScanner() override;

  [[nodiscard]] std::string name() const override;
  [[nodiscard]] Result<Image> capture(std::chrono::milliseconds timeout) override;

 private:
  struct Device;
  FprintScanner(std::unique_ptr<Device> device, const FprintOptions& options);

  std::unique_ptr<Device> device_;
  FprintOptions options_;
};

}  // namespace urna::finger::capture
