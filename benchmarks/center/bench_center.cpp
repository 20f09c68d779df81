// A centre with packages of 600 ballots (52 options in 8 contests): full verification
// on both paths of the processor, the front over HTTPS with certificates of both sides
// (stored durably, receipt signed, verification queued), tally sheets alone, and a
// flood of ten times what the centre works on at a time. A table for people, then one
// line of JSON. Set URNA_BENCH_BALLOTS for packages of another size.
#include "../timing.hpp"
#include "base/encoding.hpp"
#include "base/json.hpp"
#include "base/memory.hpp"
#include "center/sender.hpp"
#include "center/testing/small_centre.hpp"
#include "crypto/sha256.hpp"
#include "group/cpu_path.hpp"
#include "http/server.hpp"
#include "http/testing/certificates.hpp"

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include <fmt/format.h>

namespace {

using namespace urna;
using namespace urna::center;
using bench::Timer;
using group::CpuPath;

constexpr std::size_t kPackages = 8;
constexpr std::array<std::size_t, 8> kOptions{8, 8, 6, 6, 6, 6, 6, 6};

base::Json g_json = base::Json::object();

void row(std::string_view what, std::string_view key, double value,
         std::string_view unit, std::string_view goal = "") {
  fmt::print("{:<64} {:>9.2f} {:<12} {}\n", what, value, unit, goal);
  std::fflush(stdout);
  g_json.set(key, value);
}

void put(std::string& text, std::string_view old, std::string_view now) {
  const std::size_t at = text.find(old);
  if (at != std::string::npos) text.replace(at, old.size(), now);
}

// The town with the reference ballot instead of its own.
election::DefinitionFiles reference_files() {
  auto out = record::testing::example_files("examples/town");
  std::string contests =
      "code,kind,area,title:es,title:en,text:es,text:en,limit,seats,awards,order\n";
  std::string candidates = "contest,list,position,code,name,name:es,name:en,cards\n";
  for (std::size_t c = 0; c < kOptions.size(); ++c) {
    contests +=
        fmt::format("C{0},plurality,VS,Cargo {0},Office {0},,,1,1,PERSONS,\n", c);
    for (std::size_t o = 0; o < kOptions[c]; ++o) {
      candidates += fmt::format("C{0},,,P{0}{1},Persona {0}.{1},,,\n", c, o);
    }
  }
  std::erase_if(out.files, [](const auto& file) {
    return file.first == "lists.csv" || file.first == "alliances.csv" ||
           file.first == "parties.csv";
  });
  for (auto& [name, text] : out.files) {
    if (name == "contests.csv") text = contests;
    if (name == "candidates.csv") text = candidates;
    if (name == "areas.csv") {
      put(text, ",1270,6", ",1270,8");
      put(text, ",800,2", ",800,0");
    }
    if (name != "election.json") continue;
    const std::size_t lists = text.find("\"code\": \"LISTS\"");
    const std::size_t from = text.rfind(',', lists);
    text.erase(from, text.find(']', lists) - from);
    put(text, "\"house_seats\": 6", "\"house_seats\": 8");
    put(text, "\"seats\": 3", "\"seats\": 8");
  }
  return out;
}

// Different packages at the price of one: each tells of one more printed sheet.
std::vector<Bytes> packages_of(const record::testing::World& world) {
  std::vector<Bytes> out;
  record::testing::WorldStation station = world.stations()[0];
  for (std::size_t i = 0; i < kPackages; ++i) {
    out.push_back(world.package(station));
    station.content.events +=
        fmt::format("20261206T1905{:02}-0400 SHEET-PRINTED 2\n", i);
  }
  return out;
}

std::vector<std::string> sheets_of(const record::testing::World& world,
                                   std::size_t count) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < count; ++i) {
    sheet::SheetFields fields = world.stations()[0].sheet;
    fields.software = fmt::format("R{}", i);
    out.push_back(sheet::to_file_text(world.sign_sheet(fields, "UM-000001")));
  }
  return out;
}

// The workers alone, on `threads` threads.
struct Rate {
  double packages_a_second = 0;
  double processor_seconds = 0;  // a package, whatever else the machine does
};
Rate verification(testing::SmallCentre& centre, const std::vector<Bytes>& packages,
                  unsigned threads) {
  const auto items = centre->store.in_state(State::received, kPackages).value();
  std::atomic<std::size_t> next = 0;
  std::atomic<std::size_t> bad = 0;
  const double processor = bench::now(Timer::process);
  const double seconds = bench::seconds(
      [&] {
        std::vector<std::jthread> workers;
        for (unsigned t = 0; t < threads; ++t) {
          workers.emplace_back([&] {
            Judge::Bench bench = centre->queue.bench();
            for (std::size_t i = next++; i < items.size(); i = next++) {
              const auto judged =
                  bench.judge(items[i], centre->shelf.read(items[i].hash).value(), {})
                      .value();
              bad += std::size_t{judged.judgement != Judgement::good};
            }
          });
        }
      },
      Timer::wall);
  if (bad > 0 || items.size() != packages.size()) {
    fmt::print(stderr, "the honest packages do not verify\n");
    std::exit(1);
  }
  const auto count = static_cast<double>(items.size());
  return {count / seconds, (bench::now(Timer::process) - processor) / count};
}

// A centre behind a server.
class Front {
 public:
  Front(record::testing::World& world, IntakeLimits limits, unsigned threads)
      : centre_(world, limits), pem_(root_.issue("centre", "IP:127.0.0.1")) {
    http::ServerOptions options;
    options.threads = threads;
    options.tls = http::ServerTls{pem_.certificate, pem_.key, root_.certificate()};
    options.on_answer = [this](const http::Request&, unsigned status) {
      shed_ += std::size_t{status == 429};
    };
    server_ = http::Server::start(centre_router(*centre_), std::move(options)).value();
  }
  testing::SmallCentre& centre() { return centre_; }
  [[nodiscard]] std::size_t shed() const { return shed_; }
  [[nodiscard]] SenderOptions client(std::size_t number) const {
    const auto pem =
        root_.issue(fmt::format("point P{}", number), "DNS:client.example");
    SenderOptions out;
    out.url = server_->url();
    out.client.tls = {root_.certificate(), pem.certificate, pem.key};
    return out;
  }
  // Documents a second that `clients` clients together get receipts for.
  double send(std::size_t clients, const std::vector<ByteView>& documents) {
    std::vector<SenderOptions> options;
    for (std::size_t c = 0; c < clients; ++c) options.push_back(client(c));
    std::atomic<std::size_t> next = 0;
    std::atomic<std::size_t> lost = 0;
    const double seconds = bench::seconds(
        [&] {
          std::vector<std::jthread> threads;
          for (std::size_t c = 0; c < clients; ++c) {
            threads.emplace_back([&, c] {
              Sender to(options[c]);
              for (std::size_t i = next++; i < documents.size(); i = next++) {
                const auto sent = to.send(documents[i]);
                lost += std::size_t{!sent || sent->received.hash !=
                                                 crypto::sha256(documents[i])};
              }
            });
          }
        },
        Timer::wall);
    if (lost > 0 || centre_->store.all()->size() < documents.size()) {
      fmt::print(stderr, "{} documents were lost\n", lost.load());
      std::exit(1);
    }
    return static_cast<double>(documents.size()) / seconds;
  }

 private:
  http::testing::TestRoot root_{"Bench CA"};
  testing::SmallCentre centre_;
  http::testing::Pem pem_;
  std::atomic<std::size_t> shed_ = 0;
  std::unique_ptr<http::Server> server_;
};

std::vector<ByteView> views_of(const auto& documents) {
  std::vector<ByteView> out;
  for (const auto& one : documents) {
    if constexpr (std::is_same_v<std::decay_t<decltype(one)>, Bytes>) {
      out.emplace_back(one);
    } else {
      out.push_back(as_bytes(one));
    }
  }
  return out;
}

void measure_verification(record::testing::World& world,
                          const std::vector<Bytes>& packages) {
  testing::SmallCentre centre(world);
  for (const Bytes& package : packages) (void)centre.send(package);
  const CpuPath here = group::cpu_path();
  g_json.set("cpu_path", group::cpu_path_name());
  const auto measure = [&](CpuPath path, unsigned threads, std::string_view goal) {
    group::testing::use_cpu_path(path);
    const Rate rate = verification(centre, packages, threads);
    const std::string key =
        fmt::format("verify_{}_{}", group::cpu_path_name(), threads);
    const std::string what = fmt::format("full verification, {}, {} thread(s)",
                                         group::cpu_path_name(), threads);
    row(what, key, rate.packages_a_second, "packages/s", goal);
    row("  processor time", key + "_cpu", rate.processor_seconds, "s/package");
  };
  if (here == CpuPath::avx512_ifma) {
    measure(here, 2, "(goal: >= 2)");
    measure(here, 1, "");
  } else {
    fmt::print("this processor has no AVX-512 IFMA: the portable path alone\n");
  }
  measure(CpuPath::portable, 2, "(goal: >= 1)");
  group::testing::use_cpu_path(here);
}

void measure_front(record::testing::World& world, const std::vector<Bytes>& packages,
                   const std::vector<std::string>& sheets) {
  {
    Front front(world, {}, 8);
    row("front: packages, 4 clients, verification queued", "front_packages",
        front.send(4, views_of(packages)), "packages/s", "(goal: >= 5)");
    row("front: tally sheets, 8 clients", "front_sheets",
        front.send(8, views_of(sheets)), "sheets/s", "(goal: >= 100)");
  }
  {
    Front front(world, {}, 8);
    front.centre().running().start();
    row("front: packages while two workers verify them", "front_packages_busy",
        front.send(4, views_of(packages)), "packages/s");
    row("front: tally sheets while two workers verify", "front_sheets_busy",
        front.send(8, views_of(sheets)), "sheets/s");
    front.centre().running().stop();
  }
}

void measure_flood(record::testing::World& world,
                   const std::vector<std::string>& sheets) {
  IntakeLimits limits;
  limits.active = 4;
  Front front(world, limits, 64);
  row("flood: 40 clients, 4 places; sheets accepted", "flood_sheets",
      front.send(40, views_of(sheets)), "sheets/s");
  row("flood: turned away with 429, all came back and none was lost", "flood_shed",
      static_cast<double>(front.shed()), "requests", "(goal: > 0)");
}

}  // namespace

int main() {
  base::keep_freed_memory();
  const char* given = std::getenv("URNA_BENCH_BALLOTS");
  record::testing::WorldOptions options;
  options.files = reference_files();
  options.cast = given != nullptr ? std::strtoul(given, nullptr, 10) : 600;
  options.challenged = 0;
  options.voided = 0;
  options.stations = 1;
  fmt::print("sealing {} ballots ...\n", options.cast);
  std::fflush(stdout);
  record::testing::World world(options);
  const auto packages = packages_of(world);
  const auto sheets = sheets_of(world, 600);
  fmt::print("packages of {} ballots, 52 options in 8 contests, {:.1f} MB; {} cores\n",
             options.cast, static_cast<double>(packages[0].size()) / 1e6,
             std::thread::hardware_concurrency());
  g_json.set("ballots", options.cast);
  g_json.set("package_bytes", packages[0].size());
  g_json.set("cores", std::thread::hardware_concurrency());
  row("gain of two cores for loops that share nothing", "two_loops",
      bench::two_loops_gain(), "x");
  measure_verification(world, packages);
  measure_front(world, packages, sheets);
  measure_flood(world, sheets);
  row("peak memory, eight packages of the bench included", "peak_mb",
      bench::peak_megabytes(), "MB");
  fmt::print("{}\n", g_json.dump(0));
  return 0;
}
