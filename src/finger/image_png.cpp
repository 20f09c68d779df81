#include "finger/image_png.hpp"

#include "finger/errors.hpp"

#include <cstring>
#include <fstream>
#include <iterator>

#include <png.h>

namespace urna::finger {
namespace {

constexpr double kInchesPerMetre = 39.3700787402;

// libpng's simplified interface hides pHYs, so it is looked up by hand: chunks are
// length, type, data, checksum; pHYs holds pixels per metre and a unit byte.
int dpi_of(std::span<const std::uint8_t> bytes) {
  const auto word = [&](std::size_t at) {
    return (std::uint32_t{bytes[at]} << 24) | (std::uint32_t{bytes[at + 1]} << 16) |
           (std::uint32_t{bytes[at + 2]} << 8) | std::uint32_t{bytes[at + 3]};
  };
  std::size_t at = 8;
  while (at + 12 <= bytes.size()) {
    const std::size_t length = word(at);
    const auto* type = bytes.data() + at + 4;
    if (std::memcmp(type, "IDAT", 4) == 0 || length > bytes.size() - at - 12) return 0;
    if (std::memcmp(type, "pHYs", 4) == 0 && length == 9 && bytes[at + 16] == 1) {
      const double dpi = word(at + 8) / kInchesPerMetre;
      return dpi < 1e5 ? static_cast<int>(dpi + 0.5) : 0;
    }
    at += length + 12;
  }
  return 0;
}

}  // namespace

Result<Image> decode_png(std::span<const std::uint8_t> bytes) {
  png_image png{};
  png.version = PNG_IMAGE_VERSION;
  if (png_image_begin_read_from_memory(&png, bytes.data(), bytes.size()) == 0)
    return fail(errors::bad_png, std::string("the PNG cannot be read: ") + png.message,
                "check that the file is a PNG image and was copied completely");
  if (png.width > kMaxImageSide || png.height > kMaxImageSide) {
    png_image_free(&png);
    return fail(errors::input_too_large,
                "the PNG is " + std::to_string(png.width) + "x" +
                    std::to_string(png.height) + " pixels",
                "cut one finger out of it, at most " + std::to_string(kMaxImageSide) +
                    " pixels a side");
  }
  png.format = PNG_FORMAT_GRAY;
  Image image(static_cast<int>(png.width), static_cast<int>(png.height), dpi_of(bytes));
  const png_color white{255, 255, 255};
  if (png_image_finish_read(&png, &white, image.pixels.data(), 0, nullptr) == 0)
    return fail(errors::bad_png, std::string("the PNG is damaged: ") + png.message,
                "copy the file again from its source");
  return image;
}

Result<Image> read_png(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file)
    return fail(errors::bad_png, "the file cannot be opened", "check the path", path);
  const std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(file),
                                        std::istreambuf_iterator<char>()};
  auto image = decode_png(bytes);
  if (!image) return std::unexpected(std::move(image).error().at(path));
  return image;
}

Result<std::vector<std::uint8_t>> encode_png(const PngPixels& picture) {
  png_image png{};
  png.version = PNG_IMAGE_VERSION;
  png.width = static_cast<png_uint_32>(picture.width);
  png.height = static_cast<png_uint_32>(picture.height);
  png.format = picture.channels == 3 ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY;
  png_alloc_size_t size = 0;
  std::vector<std::uint8_t> bytes;
  if (png_image_write_get_memory_size(png, size, 0, picture.pixels.data(), 0,
                                      nullptr) == 0)
    return fail(errors::bad_png, std::string("PNG not written: ") + png.message);
  bytes.resize(size);
  if (png_image_write_to_memory(&png, bytes.data(), &size, 0, picture.pixels.data(), 0,
                                nullptr) == 0)
    return fail(errors::bad_png, std::string("PNG not written: ") + png.message);
  bytes.resize(size);
  if (picture.dpi <= 0) return bytes;

  // pHYs goes right after IHDR (8 signature + 25 bytes).
  std::vector<std::uint8_t> chunk = {'p', 'H', 'Y', 's'};
  const auto put = [&](std::uint32_t value) {
    for (int shift = 24; shift >= 0; shift -= 8)
      chunk.push_back(static_cast<std::uint8_t>(value >> shift));
  };
  const auto per_metre =
      static_cast<std::uint32_t>(picture.dpi * kInchesPerMetre + 0.5);
  put(per_metre);
  put(per_metre);
  chunk.push_back(1);
  const std::uint32_t crc = [&] {
    std::uint32_t value = 0xffffffffU;
    for (const std::uint8_t byte : chunk) {
      value ^= byte;
      for (int bit = 0; bit < 8; ++bit)
        value = (value >> 1) ^ ((value & 1U) != 0 ? 0xedb88320U : 0U);
    }
    return value ^ 0xffffffffU;
  }();
  put(crc);
  const std::uint8_t length[] = {0, 0, 0, 9};
  chunk.insert(chunk.begin(), std::begin(length), std::end(length));
  bytes.insert(bytes.begin() + 33, chunk.begin(), chunk.end());
  return bytes;
}

Result<void> write_png(const std::string& path, const PngPixels& picture) {
  URNA_TRY(const auto bytes, encode_png(picture));
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (!file)
    return fail(errors::bad_png, "the PNG cannot be written", "check the folder", path);
  return {};
}

}  // namespace urna::finger
