#include "results/site.hpp"

#include "ballot/package.hpp"
#include "count/data_report.hpp"
#include "count/err_report.hpp"
#include "results/pages.hpp"
#include "results/parallel.hpp"
#include "results/picture.hpp"
#include "sheet/chain.hpp"

#include <mutex>

#include <fmt/format.h>

namespace urna::results {
namespace {

using election::StationIndex;

class SiteWriter {
 public:
  SiteWriter(const Evidence& evidence, const SiteOptions& options, const FileSink& sink)
      : site_{evidence, options, {}}, sink_(sink) {
    site_.html.drill_down = true;
    site_.html.pictures = true;
    site_.html.evidence = [&evidence](StationIndex s) {
      return station_file(evidence, s);
    };
    site_.html.alerts = [this](election::AreaIndex area, count::Language language) {
      return area_alerts(site_, area, language);
    };
    site_.html.mark = [&evidence](StationIndex s, count::Language language) {
      return station_mark(evidence, s, language);
    };
    site_.html.links.push_back({"Resultados", "Results", "index.html"});
    if (options.app) {
      site_.html.links.push_back({"Buscar mi comprobante", "Find my receipt",
                                  "../app/index.html?lang={}#receipt"});
      site_.html.links.push_back(
          {"Conteo ciudadano", "Citizens' count", "../app/index.html?lang={}#count"});
    }
    site_.html.links.push_back(
        {"Registro y descargas", "Record and downloads", "record.html"});
  }

  Result<void> run();

 private:
  Result<void> data();
  Result<void> station(StationIndex station);
  Result<std::vector<CodePicture>> codes(StationIndex station);

  SitePages site_;
  const FileSink& sink_;
};

// The codes that stand on the printed sheet, as pictures.
Result<std::vector<CodePicture>> SiteWriter::codes(StationIndex station) {
  const std::string& code = site_.evidence.definition().stations()[station].code;
  std::vector<CodePicture> out;
  const auto& sheets = site_.evidence.stations[station].sheets;
  for (std::size_t i = 0; i < sheets.size(); ++i) {
    const auto sheet = sheet::parse_signed_sheet(sheets[i]);
    if (!sheet) continue;
    URNA_TRY(const auto texts, sheet::write_chain(*sheet));
    for (const std::string& text : texts) {
      URNA_TRY(const sheet::QrMatrix matrix, sheet::encode_qr(text));
      const std::string path = fmt::format("qr/{}-{}.png", code, out.size() + 1);
      const Bytes png = qr_png(matrix);
      URNA_CHECK(sink_(path, as_text(png)));
      out.push_back({path, text});
    }
  }
  return out;
}

Result<void> SiteWriter::station(StationIndex station) {
  const Evidence& evidence = site_.evidence;
  const std::string& code = evidence.definition().stations()[station].code;
  const StationEvidence& one = evidence.stations[station];
  URNA_TRY(const auto pictures, codes(station));
  for (const count::Language language : site_.html.languages)
    URNA_CHECK(sink_(fmt::format("{}/{}", count::language_tag(language),
                                 station_file(evidence, station)),
                     station_page(site_, station, pictures, language)));
  for (std::size_t i = 0; i < one.sheets.size(); ++i)
    URNA_CHECK(sink_(fmt::format("sheets/{}-{}.txt", code, i + 1), one.sheets[i]));
  URNA_CHECK(sink_(fmt::format("data/station-{}.json", code),
                   station_json(evidence, station).dump(0) + "\n"));
  if (!evidence.sealed || !one.package) return {};
  const auto bytes = record::read_blob(*evidence.frame->files, evidence.frame->folder,
                                       record::kinds::package, *one.package);
  if (!bytes) return {};
  const auto package = ballot::parse_package(*bytes);
  if (!package) return {};
  return sink_(fmt::format("codes/{}.txt", code), code_list(package->box));
}

Result<void> SiteWriter::data() {
  const count::Count& count = *site_.evidence.count;
  URNA_CHECK(sink_("data/results.json", count::json_report(count).dump(1) + "\n"));
  URNA_CHECK(sink_("data/results.csv", count::open_elections_csv(count)));
  // The day of the election, not the hour of this run: the same record, the same bytes.
  const std::string day = count.definition.model().day.date + "T00:00:00Z";
  URNA_CHECK(sink_(
      "data/results-cdf.json",
      count::err_report(count, {.generated = day, .stations = true}).dump(1) + "\n"));
  URNA_CHECK(sink_("data/site.json", site_json(site_).dump(1) + "\n"));
  std::string sheets;
  for (const StationEvidence& station : site_.evidence.stations)
    for (const std::string& text : station.sheets) sheets += text;
  return sink_("data/sheets.txt", sheets);
}

Result<void> SiteWriter::run() {
  URNA_CHECK(count::write_pages(*site_.evidence.count, site_.html, sink_));
  for (const count::Language language : site_.html.languages)
    URNA_CHECK(sink_(fmt::format("{}/record.html", count::language_tag(language)),
                     record_page(site_, language)));
  URNA_CHECK(data());
  std::mutex mutex;
  std::optional<Error> first;
  in_parallel(site_.evidence.stations.size(), site_.options.threads,
              [&](std::size_t s) {
                auto done = station(static_cast<StationIndex>(s));
                if (done) return;
                const std::lock_guard lock(mutex);
                if (!first) first = std::move(done).error();
              });
  if (first) return std::unexpected(std::move(*first));
  return {};
}

}  // namespace

Result<void> write_site(const Evidence& evidence, const SiteOptions& options,
                        const FileSink& sink) {
  return SiteWriter(evidence, options, sink).run();
}

std::string content_policy(std::string_view path) {
  if (path.starts_with("app/"))
    return "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src "
           "'self'; "
           "img-src 'self' blob:; font-src 'self'; connect-src 'self'; worker-src "
           "'self'; "
           "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
  return fmt::format(
      "default-src 'none'; style-src '{}'; img-src 'self'; base-uri 'none'; "
      "form-action "
      "'none'; frame-ancestors 'none'",
      count::style_hash());
}

}  // namespace urna::results
