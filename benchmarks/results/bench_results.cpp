// The results site of a nation: a record of 30,000 stations on the disk, whose packages
// hold signed sheets and no ballots, read, its signatures checked, added up, seats
// awarded, and every page, code and data file written to the disk. Set
// URNA_BENCH_STATIONS for another number, URNA_BENCH_ASSEMBLY for the sheets and seats
// of a 277-seat assembly instead of a president's.
#include "../timing.hpp"
#include "base/binary.hpp"
#include "base/memory.hpp"
#include "count/testing/nation.hpp"
#include "record/testing/world.hpp"
#include "results/folder.hpp"
#include "results/site.hpp"
#include "sheet/testing/samples.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include <fmt/format.h>
#include <unistd.h>

namespace {

using namespace urna;

// The disk without waiting for it: the record is made only to be read.
class Unsynced final : public base::FileSystem {
 public:
  Result<std::unique_ptr<base::File>> open(const std::string& path,
                                           base::OpenMode mode) override {
    auto file = files_.open(path, mode);
    if (!file) return std::unexpected(std::move(file).error());
    return std::make_unique<OpenFile>(*std::move(file));
  }
  Result<void> rename(const std::string& from, const std::string& to) override {
    return files_.rename(from, to);
  }
  Result<void> remove(const std::string& path) override { return files_.remove(path); }
  Result<void> sync_folder(const std::string&) override { return {}; }
  Result<void> make_folder(const std::string& path) override {
    return files_.make_folder(path);
  }
  Result<std::vector<std::string>> list(const std::string& path) override {
    return files_.list(path);
  }
  base::FileKind kind(const std::string& path) override { return files_.kind(path); }

 private:
  class OpenFile final : public base::File {
   public:
    explicit OpenFile(std::unique_ptr<base::File> file) : file_(std::move(file)) {}
    Result<Bytes> read_at(std::uint64_t offset, std::size_t count) override {
      return file_->read_at(offset, count);
    }
    Result<void> write_at(std::uint64_t offset, ByteView bytes) override {
      return file_->write_at(offset, bytes);
    }
    Result<std::uint64_t> size() override { return file_->size(); }
    Result<void> sync() override { return {}; }

   private:
    std::unique_ptr<base::File> file_;
  };
  base::RealFiles files_;
};

// A package with a sheet and nothing else in it; its box is a stand-in that nobody
// reads when only the sheets are asked for.
Bytes package_with(const std::string& sheet) {
  base::Writer out;
  out.text("urna-station-package-1");
  out.var_bytes(Bytes(1000, 0));
  out.fixed(Bytes(96, 0));
  out.u32(1);
  out.text(sheet);
  out.text("");
  out.text("");
  out.text("");
  out.fixed(Bytes(64, 0));
  return std::move(out).take();
}

void write_record(const std::string& folder, std::size_t stations, bool assembly) {
  const auto authority = sheet::testing::authority_key().public_key().bytes();
  Hash32 key{};
  std::ranges::copy(authority, key.begin());
  const count::testing::NationOptions options{.assembly = assembly,
                                              .device_authorities = {key}};
  const auto rows = count::testing::synthetic_nation(stations, 7).stations;
  const auto files = count::testing::nation_files(rows, options);
  const auto definition = count::testing::nation(rows, options);
  std::vector<record::NewDocument> documents;
  for (const auto& [name, text] : files.files)
    documents.push_back({"definition", name, to_bytes(as_bytes(text))});
  for (election::StationIndex s = 0; s < definition.stations().size(); ++s) {
    const auto sheet =
        count::testing::sign(count::testing::sheet_fields(definition, s, s));
    documents.push_back({"package", definition.stations()[s].code,
                         package_with(sheet::to_file_text(sheet))});
  }
  Unsynced disk;
  const auto done = record::testing::write_record(disk, folder, documents);
  if (!done) {
    fmt::print(stderr, "{}\n", done.error().text());
    std::exit(1);
  }
}

void row(std::string_view what, double value, std::string_view unit,
         std::string_view goal = "") {
  fmt::print("{:<58} {:>10.2f} {:<12} {}\n", what, value, unit, goal);
  std::fflush(stdout);
}

}  // namespace

int main() {
  base::keep_freed_memory();
  const char* given = std::getenv("URNA_BENCH_STATIONS");
  const std::size_t stations =
      given != nullptr ? std::strtoul(given, nullptr, 10) : 30'000;
  const bool assembly = std::getenv("URNA_BENCH_ASSEMBLY") != nullptr;
  const auto folder = std::filesystem::temp_directory_path() /
                      fmt::format("urna-bench-results-{}", getpid());
  std::filesystem::create_directories(folder);
  const std::string record = (folder / "record").string();
  const std::string site = (folder / "site").string();
  row("Making a record to read",
      bench::seconds([&] { write_record(record, stations, assembly); },
                     bench::Timer::wall),
      "s");

  base::RealFiles files;
  results::GatherOptions options;
  options.sealed = false;
  double reading = 0, writing = 0;
  std::size_t made = 0;
  {
    std::optional<Result<results::Evidence>> evidence;
    reading =
        bench::seconds([&] { evidence = results::gather(files, record, options); },
                       bench::Timer::wall);
    if (!*evidence) {
      fmt::print(stderr, "{}\n", evidence->error().text());
      return 1;
    }
    const auto counted = (**evidence).count->in_state(count::StationState::counted);
    if (counted != stations) {
      fmt::print(stderr, "only {} of {} stations are counted\n", counted, stations);
      return 1;
    }
    writing = bench::seconds(
        [&] {
          auto out = results::SiteFolder::begin(site);
          const auto done =
              results::write_site(**evidence, {.app = true},
                                  [&](const std::string& path, std::string_view bytes) {
                                    return out->write(path, bytes);
                                  });
          if (!done || !out->finish()) std::exit(1);
          made = out->files();
        },
        bench::Timer::wall);
  }
  fmt::print("{} stations, {}\n", stations,
             assembly ? "277 seats in 4 awards" : "one contest of 10 candidates");
  row("Sheets read, two signatures each checked, added up", reading, "s");
  row("Site written", writing, "s");
  row("Together", reading + writing, "s", "below 60 for 30,000 stations");
  row("Files", static_cast<double>(made), "files");
  row("Most memory held", bench::peak_megabytes(), "MB");
  row("A second core gives two loops of arithmetic", bench::two_loops_gain(), "times");
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
  return 0;
}
