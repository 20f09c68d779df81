#include "finger/read_print.hpp"

#include "base/file.hpp"
#include "finger/extract/extract.hpp"
#include "finger/io/read.hpp"
#include "finger/iso/templates.hpp"
#include "finger/match/codec.hpp"

namespace urna::finger {

Result<Template> print_from(ByteView file, const PrintOptions& options) {
  if (is_private_template(file)) return decode_template(file);
  if (iso::detect_record(file)) {
    iso::DecodeOptions decode;
    decode.strictness = iso::Strictness::lenient;
    if (options.dpi > 0) decode.dpi = options.dpi;
    URNA_TRY(auto views, iso::decode(file, decode));
    if (!views.empty()) return std::move(views.front());
  }
  io::ReadOptions read;
  if (options.dpi > 0) read.normalise.dpi = options.dpi;
  URNA_TRY(const Image image, io::read_image(file, read));
  return extract(image);
}

Result<Template> read_print(const std::string& path, const PrintOptions& options) {
  base::RealFiles files;
  URNA_TRY(const Bytes file, base::read_file(files, path, std::size_t{64} << 20));
  auto print = print_from(file, options);
  if (!print) return std::unexpected(std::move(print).error().at(path));
  return print;
}

}  // namespace urna::finger
