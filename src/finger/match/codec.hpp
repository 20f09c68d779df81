// The private template format: everything our matcher uses, flat, versioned, at most
// 1024 bytes, readable in place from a memory-mapped file. docs/formats/
// finger-template.md is its page. Called by the tools, the gallery and the people
// registry; records for others are written by src/finger/iso.
//
// Thread rule: pure functions. Bytes are biometric personal data.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "finger/template.hpp"

namespace urna::finger {

inline constexpr std::size_t kMostTemplateBytes = 1024;

// Precision of the format. The extractor rounds to it, so that a template compares
// the same before and after it was stored.
inline constexpr unsigned kAngleUnit = 32;       // 2048 directions
inline constexpr unsigned kOrientationUnit = 4;  // 64 orientations
inline constexpr unsigned kPeriodUnit = 2;       // 1/4 pixel

[[nodiscard]] std::size_t encoded_size(const Template& print);

// Rounds to the format's precision. Errors: bad_template when the template does not
// fit (more than 1024 bytes, coordinates outside the image or beyond 2047 pixels).
[[nodiscard]] Result<Bytes> encode_template(const Template& print);

// Exactly one template, nothing after it. Error: bad_template.
[[nodiscard]] Result<Template> decode_template(ByteView bytes);

// Whether the bytes start like a private template of any version.
[[nodiscard]] bool is_private_template(ByteView bytes);

}  // namespace urna::finger
