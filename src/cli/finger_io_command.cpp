// `urna finger convert` and `urna finger synth`.
#include "base/clock.hpp"
#include "base/file.hpp"
#include "base/progress.hpp"
#include "cli/commands.hpp"
#include "finger/convert.hpp"
#include "finger/io_errors.hpp"
#include "finger/synth/set.hpp"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <thread>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>
#include <fmt/format.h>

namespace urna::cli {
namespace {

using namespace finger;

struct ConvertOptions {
  std::string in;
  std::string out;
  std::string to;
  std::string from;
  std::string raw;
  double dpi = 0;
  std::size_t view = 1;
  int position = 0;
  double bit_rate = 0.75;
  bool normalise = false;
  bool lenient = false;
  std::string order = "any";
  std::size_t most = 60;
};

std::string extension_of(const std::string& path) {
  const std::size_t dot = path.rfind('.');
  std::string out = dot == std::string::npos ? "" : path.substr(dot + 1);
  std::ranges::transform(out, out.begin(), [](unsigned char c) {
    return static_cast<char>(std::tolower(c));
  });
  return out;
}

// What --to or else the name of the output says, when it is a picture.
std::optional<ImageConversion> picture_target(const std::string& name) {
  ImageConversion out;
  if (name == "png") return out;
  out.to = io::Format::tiff;
  if (name == "tif" || name == "tiff") return out;
  out.to = io::Format::jpeg;
  if (name == "jpg" || name == "jpeg") return out;
  out.to = io::Format::bmp;
  if (name == "bmp") return out;
  out.to = io::Format::pgm;
  if (name == "pgm") return out;
  out.to = io::Format::wsq;
  if (name == "wsq") return out;
  out.to = io::Format::raw;
  if (name == "raw") return out;
  out.to = io::Format::fir;
  if (name == "fir" || name == "fir2011") return out;
  out.fir_version = io::FirVersion::iso2005;
  if (name == "fir2005") return out;
  return std::nullopt;
}

std::unexpected<Error> unknown_target(const std::string& name) {
  return fail(
      errors::unknown_image_format, fmt::format("no format is called '{}'", name),
      "--to png|tiff|jpeg|bmp|pgm|wsq|raw|fir2005|fir2011 for pictures, "
      "iso2005|iso2011|ansi2004|ansi2009|card-normal|card-compact for templates");
}

Result<std::optional<io::RawSize>> raw_size(const std::string& text) {
  if (text.empty()) return std::optional<io::RawSize>();
  io::RawSize size;
  int used = 0;
  if (std::sscanf(text.c_str(), "%ux%u%n", &size.width, &size.height, &used) != 2 ||
      static_cast<std::size_t>(used) != text.size()) {
    return fail(errors::bad_raw_size, fmt::format("'{}' is no size", text),
                "write it as WIDTHxHEIGHT, for example 388x374");
  }
  return std::optional(size);
}

Result<Bytes> convert_picture(ByteView file, const ConvertOptions& options,
                              const std::string& target) {
  const auto known = picture_target(target);
  if (!known) return unknown_target(target);
  ImageConversion conversion = *known;
  URNA_TRY(conversion.read.raw, raw_size(options.raw));
  if (options.dpi > 0) conversion.read.normalise.dpi = options.dpi;
  conversion.read.view = options.view - 1;
  conversion.position = static_cast<FingerPosition>(options.position);
  conversion.bit_rate = options.bit_rate;
  conversion.normalise = options.normalise;
  return convert_image(file, conversion);
}

Result<Bytes> convert_record(ByteView file, const ConvertOptions& options,
                             const std::string& target) {
  const auto known = template_format(target);
  if (!known) return unknown_target(target);
  TemplateConversion conversion;
  conversion.to = *known;
  if (options.from == "card-normal") conversion.from_card = iso::CardSize::normal;
  if (options.from == "card-compact") conversion.from_card = iso::CardSize::compact;
  if (options.lenient) conversion.read.strictness = iso::Strictness::lenient;
  if (options.dpi > 0) conversion.read.dpi = options.dpi;
  conversion.card.most = options.most;
  conversion.card.order = options.order == "x"       ? iso::CardOrder::ascending_x
                          : options.order == "y"     ? iso::CardOrder::ascending_y
                          : options.order == "polar" ? iso::CardOrder::polar
                                                     : iso::CardOrder::any;
  return convert_template(file, conversion);
}

Result<std::size_t> convert(const ConvertOptions& options) {
  base::RealFiles files;
  URNA_TRY(const Bytes file, base::read_file(files, options.in, std::size_t{64} << 20));
  const std::string target =
      options.to.empty() ? extension_of(options.out) : options.to;
  const bool record = !options.from.empty() || iso::detect_record(file).has_value();
  auto out = record ? convert_record(file, options, target)
                    : convert_picture(file, options, target);
  if (!out) return std::unexpected(std::move(out).error().at(options.in));
  URNA_CHECK(base::write_durable(files, options.out, *out));
  return out->size();
}

void add_convert(CLI::App& group, Outcome& outcome) {
  auto options = std::make_shared<ConvertOptions>();
  CLI::App* sub = group.add_subcommand(
      "convert", "Convert a fingerprint picture or template to another format");
  sub->add_option(
         "IN", options->in,
         "PNG, TIFF, JPEG, BMP, PGM, WSQ, ISO 19794-4, ISO 19794-2 or ANSI 378")
      ->required();
  sub->add_option("OUT", options->out, "file to write")->required();
  sub->add_option(
      "--to", options->to,
      "format, where the name of OUT does not tell: png tiff jpeg bmp pgm wsq "
      "raw fir2005 fir2011; iso2005 iso2011 ansi2004 ansi2009 card-normal "
      "card-compact");
  sub->add_option("--from", options->from, "for card templates, which have no header")
      ->check(CLI::IsMember({"card-normal", "card-compact"}));
  sub->add_option("--raw", options->raw, "IN is raw pixels of WIDTHxHEIGHT");
  sub->add_option("--dpi", options->dpi, "true resolution, whatever IN says")
      ->check(CLI::Range(90.0, 2500.0));
  sub->add_option("--view", options->view, "which view of an image record")
      ->check(CLI::Range(1, 65535));
  sub->add_option("--position", options->position, "finger 0 to 10 for an image record")
      ->check(CLI::Range(0, 10));
  sub->add_option("--bit-rate", options->bit_rate, "bits per pixel of WSQ")
      ->check(CLI::Range(0.1, 8.0));
  sub->add_flag("--normalise", options->normalise,
                "scale to 500 dpi, make ridges dark");
  sub->add_flag("--lenient", options->lenient,
                "forgive known quirks of template files");
  sub->add_option("--order", options->order, "order of minutiae on a card")
      ->check(CLI::IsMember({"any", "x", "y", "polar"}));
  sub->add_option("--most", options->most, "most minutiae on a card")
      ->check(CLI::Range(1, 255));
  sub->callback([options, &outcome] {
    const auto done = convert(*options);
    if (!done) return report_error(outcome, done.error());
    fmt::print("wrote {} ({} bytes)\n", options->out, *done);
  });
}

struct SynthOptions {
  std::string folder;
  std::string conditions = "normal";
  std::string sensor = "optical";
  int fingers = 100;
  int impressions = 8;
  std::uint64_t seed = 1;
};

Result<void> synthesise(const SynthOptions& options) {
  synth::SetOptions set;
  set.conditions = synth::usual_conditions();
  set.fingers = options.fingers;
  set.impressions = options.impressions;
  set.seed = options.seed;
  if (options.conditions == "clean") set.conditions = synth::clean_conditions();
  if (options.conditions == "hard") set.conditions = synth::hard_conditions();
  if (options.sensor == "capacitive") {
    set.conditions.sensor = synth::Sensor::capacitive;
    set.conditions.width = 300;
    set.conditions.height = 300;
  }
  set.threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  base::RealFiles files;
  base::SystemClock clock;
  base::Progress progress(clock, "Making prints", "prints",
                          static_cast<std::uint64_t>(options.fingers) *
                              static_cast<std::uint64_t>(options.impressions));
  return synth::write_set(files, options.folder, set, &progress);
}

void add_synth(CLI::App& group, Outcome& outcome) {
  auto options = std::make_shared<SynthOptions>();
  CLI::App* sub = group.add_subcommand(
      "synth", "Make synthetic prints with exactly known minutiae (PNG and truth.csv)");
  sub->add_option("DIR", options->folder, "folder for the set")->required();
  sub->add_option("--fingers", options->fingers, "how many fingers");
  sub->add_option("--impressions", options->impressions, "how many prints of each");
  sub->add_option("--seed", options->seed, "the same seed gives the same set");
  sub->add_option("--conditions", options->conditions, "clean, normal or hard")
      ->check(CLI::IsMember({"clean", "normal", "hard"}));
  sub->add_option("--sensor", options->sensor, "optical or capacitive")
      ->check(CLI::IsMember({"optical", "capacitive"}));
  sub->callback([options, &outcome] {
    const auto done = synthesise(*options);
    if (!done) return report_error(outcome, done.error());
    fmt::print("{} fingers x {} prints in {}\n", options->fingers, options->impressions,
               options->folder);
  });
}

}  // namespace

void add_finger_io_commands(CLI::App& app, Outcome& outcome) {
  const auto found = app.get_subcommands(
      [](const CLI::App* sub) { return sub->get_name() == "finger"; });
  CLI::App* group = found.empty() ? nullptr : found.front();
  if (group == nullptr) {
    group = app.add_subcommand("finger", "Fingerprints: images, templates, matching");
    group->require_subcommand(1);
  }
  add_convert(*group, outcome);
  add_synth(*group, outcome);
}

}  // namespace urna::cli
