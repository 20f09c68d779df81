#include "finger/io/jpeg_file.hpp"

#include "finger/io_errors.hpp"

#include <cmath>
#include <csetjmp>
#include <cstdio>
#include <cstdlib>

#include <fmt/format.h>
#include <jpeglib.h>

namespace urna::finger::io {
namespace {

// libjpeg reports errors through this struct; longjmp leaves the function that
// called setjmp, which owns nothing.
struct Failure {
  jpeg_error_mgr manager;  // must come first: libjpeg only knows this part
  std::jmp_buf jump;
  char text[JMSG_LENGTH_MAX] = "";
};

void on_error(j_common_ptr codec) {
  auto* failure = reinterpret_cast<Failure*>(codec->err);
  codec->err->format_message(codec, failure->text);
  std::longjmp(failure->jump, 1);
}

// A warning means damaged entropy-coded data that libjpeg papers over. Invented
// ridges are worse than no picture, so it is an error here.
void on_message(j_common_ptr codec, int level) {
  if (level < 0) on_error(codec);
}

struct ReadState {
  Failure failure;
  jpeg_decompress_struct codec{};

  ReadState() {
    codec.err = jpeg_std_error(&failure.manager);
    failure.manager.error_exit = on_error;
    failure.manager.emit_message = on_message;
    jpeg_create_decompress(&codec);
  }
  ReadState(const ReadState&) = delete;
  ReadState& operator=(const ReadState&) = delete;
  ~ReadState() { jpeg_destroy_decompress(&codec); }
};

bool read_header(ReadState& s, ByteView file) {
  if (setjmp(s.failure.jump) != 0) return false;
  jpeg_mem_src(&s.codec, file.data(), file.size());
  jpeg_read_header(&s.codec, TRUE);
  return true;
}

bool read_pixels(ReadState& s, std::uint8_t* pixels) {
  if (setjmp(s.failure.jump) != 0) return false;
  s.codec.out_color_space = JCS_GRAYSCALE;
  s.codec.dct_method = JDCT_ISLOW;  // the integer transform: same everywhere
  jpeg_start_decompress(&s.codec);
  while (s.codec.output_scanline < s.codec.output_height) {
    JSAMPROW row = pixels + std::size_t{s.codec.output_scanline} * s.codec.output_width;
    jpeg_read_scanlines(&s.codec, &row, 1);
  }
  jpeg_finish_decompress(&s.codec);
  return true;
}

struct WriteState {
  Failure failure;
  jpeg_compress_struct codec{};
  unsigned char* out = nullptr;
  unsigned long size = 0;

  WriteState() {
    codec.err = jpeg_std_error(&failure.manager);
    failure.manager.error_exit = on_error;
    failure.manager.emit_message = on_message;
    jpeg_create_compress(&codec);
  }
  WriteState(const WriteState&) = delete;
  WriteState& operator=(const WriteState&) = delete;
  ~WriteState() {
    jpeg_destroy_compress(&codec);
    std::free(out);  // libjpeg allocated it with malloc
  }
};

bool write_all(WriteState& s, const Picture& picture, int quality) {
  if (setjmp(s.failure.jump) != 0) return false;
  jpeg_mem_dest(&s.codec, &s.out, &s.size);
  s.codec.image_width = picture.width;
  s.codec.image_height = picture.height;
  s.codec.input_components = 1;
  s.codec.in_color_space = JCS_GRAYSCALE;
  jpeg_set_defaults(&s.codec);
  jpeg_set_quality(&s.codec, quality, TRUE);
  if (picture.dpi_x && picture.dpi_y) {
    s.codec.density_unit = 1;
    s.codec.X_density = static_cast<UINT16>(std::lround(*picture.dpi_x));
    s.codec.Y_density = static_cast<UINT16>(std::lround(*picture.dpi_y));
  }
  jpeg_start_compress(&s.codec, TRUE);
  while (s.codec.next_scanline < s.codec.image_height) {
    auto* row = const_cast<JSAMPROW>(
        picture.pixels.data() + std::size_t{s.codec.next_scanline} * picture.width);
    jpeg_write_scanlines(&s.codec, &row, 1);
  }
  jpeg_finish_compress(&s.codec);
  return true;
}

Error damaged(const Failure& failure) {
  return Error{errors::corrupt_image, fmt::format("JPEG: {}", failure.text), {}, {}};
}

}  // namespace

bool is_jpeg(ByteView file) {
  return file.size() >= 3 && file[0] == 0xFF && file[1] == 0xD8 && file[2] == 0xFF;
}

Result<Picture> read_jpeg(ByteView file) {
  if (!is_jpeg(file)) return fail(errors::unknown_image_format, "not a JPEG file");
  ReadState s;
  if (!read_header(s, file)) return std::unexpected(damaged(s.failure));
  URNA_CHECK(check_size(s.codec.image_width, s.codec.image_height));
  if (s.codec.jpeg_color_space != JCS_GRAYSCALE &&
      s.codec.jpeg_color_space != JCS_YCbCr && s.codec.jpeg_color_space != JCS_RGB) {
    return fail(errors::unsupported_image, "JPEG: colours for print (CMYK)",
                "save it as grey or RGB");
  }
  Picture picture = make_picture(s.codec.image_width, s.codec.image_height);
  if (!read_pixels(s, picture.pixels.data())) {
    return std::unexpected(damaged(s.failure));
  }
  const double unit = s.codec.density_unit == 1 ? 1.0 : 2.54;
  if (s.codec.saw_JFIF_marker && s.codec.density_unit != 0) {
    set_resolution(picture, s.codec.X_density * unit, s.codec.Y_density * unit);
  }
  return picture;
}

Result<Bytes> write_jpeg(const Picture& picture, int quality) {
  URNA_CHECK(check_size(picture.width, picture.height));
  WriteState s;
  if (!write_all(s, picture, quality)) return std::unexpected(damaged(s.failure));
  return to_bytes(ByteView(s.out, s.size));
}

}  // namespace urna::finger::io
