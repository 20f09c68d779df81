#include "finger/convert.hpp"

#include "finger/io/bmp.hpp"
#include "finger/io/jpeg_file.hpp"
#include "finger/io/pgm.hpp"
#include "finger/io/png_file.hpp"
#include "finger/io/tiff_file.hpp"
#include "finger/io/wsq.hpp"
#include "finger/io_errors.hpp"

#include <array>

namespace urna::finger {
namespace {

Result<Bytes> write_record(const io::Picture& picture, const ImageConversion& options) {
  URNA_TRY(io::FirView view, io::make_view(picture, options.fir_compression));
  view.position = options.position;
  io::FirRecord record;
  record.version = options.fir_version;
  record.views = {std::move(view)};
  return io::write_fir(record);
}

Result<io::Picture> read(ByteView file, const ImageConversion& options) {
  URNA_TRY(io::Picture picture, io::read_picture(file, options.read));
  if (options.normalise) {
    URNA_TRY(Image image, io::normalise(picture, options.read.normalise));
    picture.width = static_cast<std::uint32_t>(image.width);
    picture.height = static_cast<std::uint32_t>(image.height);
    picture.pixels = std::move(image.pixels);
    picture.dpi_x = picture.dpi_y = image.dpi;
  } else if (options.read.normalise.dpi) {
    picture.dpi_x = picture.dpi_y = options.read.normalise.dpi;
  }
  return picture;
}

}  // namespace

Result<Bytes> convert_image(ByteView file, const ImageConversion& options) {
  URNA_TRY(const io::Picture picture, read(file, options));
  switch (options.to) {
    case io::Format::png:
      return io::write_png(picture);
    case io::Format::tiff:
      return io::write_tiff(picture);
    case io::Format::jpeg:
      return io::write_jpeg(picture);
    case io::Format::bmp:
      return io::write_bmp(picture);
    case io::Format::pgm:
      return io::write_pgm(picture);
    case io::Format::wsq:
      return io::write_wsq(picture, options.bit_rate);
    case io::Format::raw:
      return picture.pixels;
    case io::Format::fir:
      break;
  }
  return write_record(picture, options);
}

std::optional<TemplateFormat> template_format(std::string_view name) {
  constexpr std::array<std::string_view, 6> kNames{
      "iso2005", "iso2011", "ansi2004", "ansi2009", "card-normal", "card-compact"};
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (name == kNames[i]) return static_cast<TemplateFormat>(i);
  }
  return std::nullopt;
}

Result<Bytes> convert_template(ByteView file, const TemplateConversion& options) {
  std::vector<Template> templates;
  if (options.from_card) {
    URNA_TRY(Template one, iso::decode_card(file, *options.from_card));
    templates.push_back(std::move(one));
  } else {
    URNA_TRY(templates, iso::decode(file, options.read));
  }
  if (templates.empty()) {
    return fail(errors::bad_minutiae_record, "the record holds no finger");
  }
  if (options.to == TemplateFormat::card_normal ||
      options.to == TemplateFormat::card_compact) {
    iso::CardOptions card = options.card;
    card.size = options.to == TemplateFormat::card_normal ? iso::CardSize::normal
                                                          : iso::CardSize::compact;
    return iso::encode_card(templates.front(), card);
  }
  return iso::encode(templates, static_cast<iso::Format>(options.to));
}

}  // namespace urna::finger
