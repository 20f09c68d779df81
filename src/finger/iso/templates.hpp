// Templates to and from standard records: what the matcher, the registry and the
// tools use. Coordinates become 1/8 pixel at 500 dpi, angles 1/65536 turn, whatever
// the record's units; writing rounds to whole pixels at 197 per centimetre.
// Pure functions.
#pragma once

#include "finger/iso/record.hpp"

#include <optional>
#include <span>

namespace urna::finger::iso {

struct DecodeOptions {
  Strictness strictness = Strictness::strict;
  // Pixels per inch to believe instead of the record's resolution, which many
  // extractors write as 197 per centimetre whatever the scanner was.
  std::optional<double> dpi = {};
};

// Every view as a template. Errors: those of read_record; input_resolution outside 250
// to 2500 dpi.
[[nodiscard]] Result<std::vector<Template>> decode(ByteView bytes,
                                                   const DecodeOptions& options = {});

// One record with a view for each template, in order. At most 255 minutiae a view are
// kept: those of the highest quality, in their order. Errors: unencodable_template.
[[nodiscard]] Result<Bytes> encode(std::span<const Template> templates,
                                   Format format = Format::iso_2005);

}  // namespace urna::finger::iso
