// A template from whatever a file holds: a private template, an ISO or ANSI minutiae
// record, or an image to extract from. What the tools and the registry call.
//
// Thread rule: free functions. Templates are biometric personal data.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "finger/template.hpp"

#include <string>

namespace urna::finger {

struct PrintOptions {
  int dpi = 0;  // true resolution of an image, whatever the file says; 0: believe it
};

// The first view of a record with several.
[[nodiscard]] Result<Template> print_from(ByteView file, const PrintOptions& options);
[[nodiscard]] Result<Template> read_print(const std::string& path,
                                          const PrintOptions& options = {});

}  // namespace urna::finger
