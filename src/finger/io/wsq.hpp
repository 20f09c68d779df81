// WSQ, the FBI's Wavelet Scalar Quantization of grey fingerprint images
// (IAFIS-IC-0110, "WSQ Gray-Scale Fingerprint Image Compression Specification",
// version 3.1): decoder and encoder, our own code. docs/formats/wsq.md has the map.
//
// The decoder takes any conforming stream, whatever its filters, tables and blocks.
// The encoder writes the 9/7 filter pair, tables made for the picture, and a
// NIST_COM comment with size and resolution. It is not FBI-certified.
//
// Pure functions; variable time; decoding is the same bytes on every machine.
#pragma once

#include "finger/io/picture.hpp"

namespace urna::finger::io {

[[nodiscard]] bool is_wsq(ByteView file);

// Resolution from a NIST_COM comment with PPI, where there is one.
[[nodiscard]] Result<Picture> read_wsq(ByteView file);

// `bit_rate` in bits per pixel aimed at: 0.75 (about 15:1, what law enforcement
// uses) to 2.25 (about 5:1). Pictures below 32 pixels a side are refused: the
// lowest subbands would be empty.
[[nodiscard]] Result<Bytes> write_wsq(const Picture& picture, double bit_rate = 0.75);

}  // namespace urna::finger::io
