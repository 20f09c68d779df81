#include "finger/io/tiff_file.hpp"

#include "finger/io/grey.hpp"
#include "finger/io_errors.hpp"

#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <memory>

#include <fmt/format.h>
#include <tiffio.h>

namespace urna::finger::io {
namespace {

// A file in memory for libtiff's client interface, which wants C callbacks.
struct MemoryFile {
  Bytes bytes;  // written, or a copy of what is read
  std::uint64_t at = 0;
};

tsize_t on_read(thandle_t handle, void* out, tsize_t count) {
  auto* file = static_cast<MemoryFile*>(handle);
  if (count <= 0 || file->at >= file->bytes.size()) return 0;
  const std::size_t n = std::min<std::size_t>(static_cast<std::size_t>(count),
                                              file->bytes.size() - file->at);
  std::memcpy(out, file->bytes.data() + file->at, n);
  file->at += n;
  return static_cast<tsize_t>(n);
}

tsize_t on_write(thandle_t handle, void* in, tsize_t count) {
  auto* file = static_cast<MemoryFile*>(handle);
  const auto n = static_cast<std::size_t>(count);
  if (file->at + n > file->bytes.size()) file->bytes.resize(file->at + n);
  std::memcpy(file->bytes.data() + file->at, in, n);
  file->at += n;
  return count;
}

toff_t on_seek(thandle_t handle, toff_t offset, int whence) {
  auto* file = static_cast<MemoryFile*>(handle);
  if (whence == SEEK_SET) file->at = offset;
  if (whence == SEEK_CUR) file->at += offset;
  if (whence == SEEK_END) file->at = file->bytes.size() + offset;
  return file->at;
}

int on_close(thandle_t) {
  return 0;
}

toff_t on_size(thandle_t handle) {
  return static_cast<MemoryFile*>(handle)->bytes.size();
}

int on_map(thandle_t, void**, toff_t*) {
  return 0;
}
void on_unmap(thandle_t, void*, toff_t) {}

// libtiff's only hook for messages is global; ours is silent and keeps no state, so
// setting it twice from two threads is harmless.
void silence() {
  TIFFSetErrorHandler(nullptr);
  TIFFSetWarningHandler(nullptr);
}

using Handle = std::unique_ptr<TIFF, decltype(&TIFFClose)>;

Handle open(MemoryFile& file, const char* mode) {
  silence();
  return {TIFFClientOpen("memory", mode, &file, on_read, on_write, on_seek, on_close,
                         on_size, on_map, on_unmap),
          &TIFFClose};
}

std::unexpected<Error> damaged(std::string_view what) {
  return fail(errors::corrupt_image, fmt::format("TIFF: {}", what));
}

std::uint16_t field(TIFF* tiff, std::uint32_t tag) {
  std::uint16_t value = 0;
  TIFFGetFieldDefaulted(tiff, tag, &value);
  return value;
}

Result<void> read_grey_strips(TIFF* tiff, bool white_is_zero, Picture& picture) {
  if (TIFFScanlineSize64(tiff) != picture.width) return damaged("rows of odd size");
  for (std::uint32_t y = 0; y < picture.height; ++y) {
    std::uint8_t* row = picture.pixels.data() + std::size_t{y} * picture.width;
    if (TIFFReadScanline(tiff, row, y, 0) != 1) return damaged("a row is damaged");
  }
  if (white_is_zero) {
    for (std::uint8_t& pixel : picture.pixels) {
      pixel = static_cast<std::uint8_t>(255 - pixel);
    }
  }
  return {};
}

Result<void> read_any(TIFF* tiff, Picture& picture) {
  char why[1024] = "";
  if (TIFFRGBAImageOK(tiff, why) != 1) {
    return fail(errors::unsupported_image, fmt::format("TIFF: {}", why),
                "save it as 8-bit grey");
  }
  std::vector<std::uint32_t> rgba(picture.pixels.size());
  if (TIFFReadRGBAImageOriented(tiff, picture.width, picture.height, rgba.data(),
                                ORIENTATION_TOPLEFT, 1) != 1) {
    return damaged("pixels are damaged");
  }
  for (std::size_t i = 0; i < rgba.size(); ++i) {
    picture.pixels[i] = grey_of(static_cast<std::uint8_t>(TIFFGetR(rgba[i])),
                                static_cast<std::uint8_t>(TIFFGetG(rgba[i])),
                                static_cast<std::uint8_t>(TIFFGetB(rgba[i])));
  }
  return {};
}

void read_resolution(TIFF* tiff, Picture& picture) {
  float x = 0;
  float y = 0;
  if (TIFFGetField(tiff, TIFFTAG_XRESOLUTION, &x) != 1 ||
      TIFFGetField(tiff, TIFFTAG_YRESOLUTION, &y) != 1) {
    return;
  }
  const std::uint16_t unit = field(tiff, TIFFTAG_RESOLUTIONUNIT);
  if (unit != RESUNIT_INCH && unit != RESUNIT_CENTIMETER) return;
  const double scale = unit == RESUNIT_CENTIMETER ? 2.54 : 1.0;
  set_resolution(picture, double{x} * scale, double{y} * scale);
}

}  // namespace

bool is_tiff(ByteView file) {
  if (file.size() < 8) return false;
  const bool little = file[0] == 'I' && file[1] == 'I' && file[2] == 42 && file[3] == 0;
  const bool big = file[0] == 'M' && file[1] == 'M' && file[2] == 0 && file[3] == 42;
  return little || big;
}

Result<Picture> read_tiff(ByteView file) {
  if (!is_tiff(file)) return fail(errors::unknown_image_format, "not a TIFF file");
  MemoryFile memory{to_bytes(file), 0};
  const Handle tiff = open(memory, "r");
  if (!tiff) return damaged("no readable directory");
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  TIFFGetField(tiff.get(), TIFFTAG_IMAGEWIDTH, &width);
  TIFFGetField(tiff.get(), TIFFTAG_IMAGELENGTH, &height);
  URNA_CHECK(check_size(width, height));
  // A strip that claims more than the whole picture is an attack on memory.
  if (TIFFIsTiled(tiff.get()) == 0 &&
      TIFFStripSize64(tiff.get()) > std::uint64_t{width} * (height + 1U) * 16U) {
    return damaged("a strip larger than the picture");
  }
  if (TIFFIsTiled(tiff.get()) != 0 && TIFFTileSize64(tiff.get()) > kMaxPixels * 4U) {
    return damaged("a tile larger than any picture");
  }
  Picture picture = make_picture(width, height);
  const std::uint16_t photometric = field(tiff.get(), TIFFTAG_PHOTOMETRIC);
  const bool grey =
      photometric == PHOTOMETRIC_MINISBLACK || photometric == PHOTOMETRIC_MINISWHITE;
  if (grey && field(tiff.get(), TIFFTAG_BITSPERSAMPLE) == 8 &&
      field(tiff.get(), TIFFTAG_SAMPLESPERPIXEL) == 1 && TIFFIsTiled(tiff.get()) == 0 &&
      field(tiff.get(), TIFFTAG_ORIENTATION) == ORIENTATION_TOPLEFT) {
    URNA_CHECK(
        read_grey_strips(tiff.get(), photometric == PHOTOMETRIC_MINISWHITE, picture));
  } else {
    URNA_CHECK(read_any(tiff.get(), picture));
  }
  read_resolution(tiff.get(), picture);
  return picture;
}

Result<Bytes> write_tiff(const Picture& picture) {
  URNA_CHECK(check_size(picture.width, picture.height));
  MemoryFile memory;
  {
    const Handle tiff = open(memory, "wl");
    if (!tiff) return damaged("cannot be written");
    TIFFSetField(tiff.get(), TIFFTAG_IMAGEWIDTH, picture.width);
    TIFFSetField(tiff.get(), TIFFTAG_IMAGELENGTH, picture.height);
    TIFFSetField(tiff.get(), TIFFTAG_BITSPERSAMPLE, 8);
    TIFFSetField(tiff.get(), TIFFTAG_SAMPLESPERPIXEL, 1);
    TIFFSetField(tiff.get(), TIFFTAG_ROWSPERSTRIP, picture.height);
    TIFFSetField(tiff.get(), TIFFTAG_COMPRESSION, COMPRESSION_NONE);
    TIFFSetField(tiff.get(), TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
    TIFFSetField(tiff.get(), TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
    if (picture.dpi_x && picture.dpi_y) {
      TIFFSetField(tiff.get(), TIFFTAG_XRESOLUTION, *picture.dpi_x);
      TIFFSetField(tiff.get(), TIFFTAG_YRESOLUTION, *picture.dpi_y);
      TIFFSetField(tiff.get(), TIFFTAG_RESOLUTIONUNIT, RESUNIT_INCH);
    }
    for (std::uint32_t y = 0; y < picture.height; ++y) {
      auto* row = const_cast<std::uint8_t*>(picture.pixels.data() +
                                            std::size_t{y} * picture.width);
      if (TIFFWriteScanline(tiff.get(), row, y, 0) != 1) {
        return damaged("a row cannot be written");
      }
    }
  }
  return std::move(memory.bytes);
}

}  // namespace urna::finger::io
