#include "finger/io/read.hpp"

#include "base/file.hpp"
#include "finger/io/bmp.hpp"
#include "finger/io/fir.hpp"
#include "finger/io/jpeg_file.hpp"
#include "finger/io/pgm.hpp"
#include "finger/io/png_file.hpp"
#include "finger/io/tiff_file.hpp"
#include "finger/io/wsq.hpp"
#include "finger/io_errors.hpp"

#include <fmt/format.h>

namespace urna::finger::io {
namespace {

constexpr std::size_t kMostFileBytes = std::size_t{64} << 20;

Result<Picture> read_record_view(ByteView file, std::size_t index) {
  URNA_TRY(const FirRecord record, read_fir(file));
  if (index >= record.views.size()) {
    return fail(errors::bad_image_record,
                fmt::format("view {} wanted, the record has {}", index + 1,
                            record.views.size()));
  }
  return decode_view(record.views[index]);
}

}  // namespace

std::string_view name_of(Format format) {
  switch (format) {
    case Format::png:
      return "PNG";
    case Format::tiff:
      return "TIFF";
    case Format::jpeg:
      return "JPEG";
    case Format::bmp:
      return "BMP";
    case Format::pgm:
      return "PGM";
    case Format::wsq:
      return "WSQ";
    case Format::fir:
      return "ISO/IEC 19794-4";
    case Format::raw:
      return "raw pixels";
  }
  return "?";
}

std::optional<Format> detect_format(ByteView file) {
  if (is_png(file)) return Format::png;
  if (is_tiff(file)) return Format::tiff;
  if (is_jpeg(file)) return Format::jpeg;
  if (is_bmp(file)) return Format::bmp;
  if (is_pgm(file)) return Format::pgm;
  if (is_wsq(file)) return Format::wsq;
  if (is_fir(file)) return Format::fir;
  return std::nullopt;
}

Result<Picture> read_picture(ByteView file, const ReadOptions& options) {
  if (options.raw) return read_raw(file, options.raw->width, options.raw->height);
  const std::optional<Format> format = detect_format(file);
  if (!format) {
    return fail(errors::unknown_image_format,
                "the first bytes belong to no known image format",
                "use PNG, TIFF, JPEG, BMP, PGM, WSQ or ISO 19794-4, or give the size "
                "of raw pixels");
  }
  switch (*format) {
    case Format::png:
      return read_png(file);
    case Format::tiff:
      return read_tiff(file);
    case Format::jpeg:
      return read_jpeg(file);
    case Format::bmp:
      return read_bmp(file);
    case Format::pgm:
      return read_pgm(file);
    case Format::wsq:
      return read_wsq(file);
    case Format::fir:
    case Format::raw:
      break;
  }
  return read_record_view(file, options.view);
}

Result<Image> read_image(ByteView file, const ReadOptions& options) {
  URNA_TRY(const Picture picture, read_picture(file, options));
  return normalise(picture, options.normalise);
}

Result<Image> read_image_file(const std::string& path, const ReadOptions& options) {
  base::RealFiles disk;
  URNA_TRY(const Bytes file, base::read_file(disk, path, kMostFileBytes));
  Result<Image> image = read_image(file, options);
  if (!image) return std::unexpected(std::move(image).error().at(path));
  return image;
}

}  // namespace urna::finger::io
