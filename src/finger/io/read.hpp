// Any image file a fingerprint may come in, told apart by its first bytes: PNG,
// TIFF, JPEG, BMP, PGM, WSQ and ISO/IEC 19794-4 records; raw pixels when the caller
// gives their size. What `urna finger` and capture use.
#pragma once

#include "finger/io/normalise.hpp"

#include <string>
#include <string_view>

namespace urna::finger::io {

enum class Format : std::uint8_t { png, tiff, jpeg, bmp, pgm, wsq, fir, raw };

[[nodiscard]] std::string_view name_of(Format format);

// Nothing when the first bytes belong to no known format.
[[nodiscard]] std::optional<Format> detect_format(ByteView file);

struct RawSize {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
};

struct ReadOptions {
  NormaliseOptions normalise = {};
  std::optional<RawSize> raw = {};  // given: the file is headerless pixels of this size
  std::size_t view = 0;             // which view of an ISO record
};

// The picture as the file holds it. Errors name what is wrong with the file.
[[nodiscard]] Result<Picture> read_picture(ByteView file,
                                           const ReadOptions& options = {});

// The same, normalised.
[[nodiscard]] Result<Image> read_image(ByteView file, const ReadOptions& options = {});

// The same from disk; refuses files above 64 MiB before reading them.
[[nodiscard]] Result<Image> read_image_file(const std::string& path,
                                            const ReadOptions& options = {});

}  // namespace urna::finger::io
