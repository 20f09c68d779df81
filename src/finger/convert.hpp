// Converting fingerprint files: picture to picture and template record to template
// record. What `urna finger convert` does, without the command line.
#pragma once

#include "finger/io/fir.hpp"
#include "finger/io/read.hpp"
#include "finger/iso/card.hpp"
#include "finger/iso/templates.hpp"

#include <string_view>

namespace urna::finger {

struct ImageConversion {
  io::ReadOptions read;
  io::Format to = io::Format::png;
  io::FirVersion fir_version = io::FirVersion::iso2011;  // to an image record
  io::FirCompression fir_compression = io::FirCompression::png;
  FingerPosition position = FingerPosition::unknown;
  double bit_rate = 0.75;  // to WSQ
  bool normalise = false;  // to 500 dpi with dark ridges; else pixels stay as they are
};

[[nodiscard]] Result<Bytes> convert_image(ByteView file,
                                          const ImageConversion& options);

// The formats a template file can have, by the names the command line uses.
enum class TemplateFormat : std::uint8_t {
  iso_2005,
  iso_2011,
  ansi_2004,
  ansi_2009,
  card_normal,
  card_compact,
};

// "iso2005", "iso2011", "ansi2004", "ansi2009", "card-normal", "card-compact".
[[nodiscard]] std::optional<TemplateFormat> template_format(std::string_view name);

struct TemplateConversion {
  iso::DecodeOptions read;
  std::optional<iso::CardSize> from_card = {};  // given: the file has no header
  TemplateFormat to = TemplateFormat::iso_2011;
  iso::CardOptions card = {};  // to a card: order and limit
};

// All views go along; a card takes the first.
[[nodiscard]] Result<Bytes> convert_template(ByteView file,
                                             const TemplateConversion& options);

}  // namespace urna::finger
