#include "sheet/paper/qr.hpp"

#include "sheet/errors.hpp"
#include "sheet/fields.hpp"

#include <fmt/format.h>
#include <qrencode.h>

// Text as UTF-8 strings, the form that later releases keep.
#define ZX_USE_UTF8 1
#include <algorithm>
#include <memory>

#include <ZXing/ReadBarcode.h>

namespace urna::sheet {
namespace {

struct FreeInput {
  void operator()(QRinput* input) const { QRinput_free(input); }
};
struct FreeCode {
  void operator()(QRcode* code) const { QRcode_free(code); }
};

class Finder {
 public:
  Finder(const std::function<bool(const std::vector<std::string>&)>& enough)
      : enough_(enough) {}

  // True when the caller has enough.
  bool look(const GrayImage& image, ZXing::Binarizer binarizer) {
    ZXing::DecodeHints hints;
    hints.setFormats(ZXing::BarcodeFormat::QRCode)
        .setBinarizer(binarizer)
        .setTryHarder(true)
        .setTryRotate(false)  // finder patterns are found at any angle
        .setTryDownscale(false);
    const ZXing::ImageView view(image.pixels.data(), image.width, image.height,
                                ZXing::ImageFormat::Lum);
    for (const ZXing::Result& result : ZXing::ReadBarcodes(view, hints)) {
      if (!result.isValid()) continue;
      const auto& bytes = result.bytes();
      std::string text(bytes.begin(), bytes.end());
      if (std::ranges::find(texts_, text) == texts_.end()) {
        texts_.push_back(std::move(text));
      }
    }
    return enough_ && enough_(texts_);
  }

  // Overlapping tiles: a picture of many codes confuses the search for the three
  // corners that belong together.
  bool look_in_tiles(const GrayImage& image, int tile, ZXing::Binarizer binarizer) {
    if (tile >= image.width && tile >= image.height) return false;
    const int step = std::max(1, tile / 2);
    for (int top = 0; top == 0 || top + step < image.height; top += step) {
      for (int left = 0; left == 0 || left + step < image.width; left += step) {
        if (look(crop(image, left, top, tile, tile), binarizer)) return true;
      }
    }
    return false;
  }

  [[nodiscard]] std::vector<std::string> take() && { return std::move(texts_); }

 private:
  const std::function<bool(const std::vector<std::string>&)>& enough_;
  std::vector<std::string> texts_;
};

}  // namespace

Result<QrMatrix> encode_qr(std::string_view text) {
  const bool alphanumeric = check_characters(text).has_value();
  const std::unique_ptr<QRinput, FreeInput> input(QRinput_new2(0, QR_ECLEVEL_M));
  const int added =
      input == nullptr
          ? -1
          : QRinput_append(input.get(), alphanumeric ? QR_MODE_AN : QR_MODE_8,
                           static_cast<int>(text.size()),
                           reinterpret_cast<const unsigned char*>(text.data()));
  const std::unique_ptr<QRcode, FreeCode> code(
      added == 0 ? QRcode_encodeInput(input.get()) : nullptr);
  if (code == nullptr) {
    return fail(errors::cannot_encode,
                fmt::format("{} characters do not fit in a QR code", text.size()));
  }
  QrMatrix out;
  out.size = code->width;
  out.dark.reserve(static_cast<std::size_t>(out.size) *
                   static_cast<std::size_t>(out.size));
  for (int i = 0; i < out.size * out.size; ++i) {
    out.dark.push_back((code->data[i] & 1) != 0);
  }
  return out;
}

std::vector<std::string> read_qr(
    const GrayImage& image,
    const std::function<bool(const std::vector<std::string>&)>& enough) {
  using ZXing::Binarizer;
  Finder finder(enough);
  const auto search = [&] {
    if (finder.look(image, Binarizer::LocalAverage)) return;
    if (finder.look(image, Binarizer::GlobalHistogram)) return;
    const int side = std::max(image.width, image.height);
    const GrayImage half = side > 1200 ? shrink(image, 2) : GrayImage{};
    if (half.width > 0 && finder.look(half, Binarizer::LocalAverage)) return;
    for (const int parts : {2, 3, 4}) {
      const int tile = std::max(400, side / parts);
      if (finder.look_in_tiles(image, tile, Binarizer::LocalAverage)) return;
      if (half.width > 0 && finder.look_in_tiles(half, std::max(300, tile / 2),
                                                 Binarizer::LocalAverage)) {
        return;
      }
    }
    const int tile = std::max(400, side / 3);
    finder.look_in_tiles(image, tile, Binarizer::GlobalHistogram);
  };
  search();
  return std::move(finder).take();
}

}  // namespace urna::sheet
