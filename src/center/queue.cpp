#include "center/queue.hpp"

#include "base/encoding.hpp"
#include "center/errors.hpp"

#include <chrono>

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace urna::center {
namespace {

namespace kinds = record::kinds;

// Documents that one look into the store brings.
constexpr std::size_t kLook = 64;
constexpr int kNice = 10;

bool stands_beside_a_sheet(const Item& item) {
  return item.kind == kinds::box_count || item.kind == kinds::signatures;
}

std::string brief(const Item& item) {
  return fmt::format("{} {} {}", item.kind, item.name,
                     base::to_hex(ByteView(item.hash)).substr(0, 16));
}

bool holds(const std::vector<SheetName>& sheets, const SheetName& sheet) {
  return std::ranges::find(sheets, sheet) != sheets.end();
}

// Whether a lone sheet says something else than the package of its station.
bool differs(const Item& package, const Item& sheet) {
  const auto in_package = parse_sheets_text(package.sheets);
  return std::ranges::any_of(
      parse_sheets_text(sheet.sheets),
      [&](const SheetName& one) { return !holds(in_package, one); });
}

// Whether two lone sheets are different sheets of one machine.
bool same_segment_differs(const Item& a, const Item& b) {
  const auto ours = parse_sheets_text(a.sheets);
  const auto theirs = parse_sheets_text(b.sheets);
  return ours.size() == 1 && theirs.size() == 1 &&
         ours.front().segment == theirs.front().segment &&
         ours.front().digest != theirs.front().digest;
}

bool contradicts(const Item& item, const Item& other) {
  if (item.hash == other.hash || !is_standing(other.state)) return false;
  if (family_of(item.kind) != family_of(other.kind)) return false;
  if (item.kind == kSheetKind && other.kind == kSheetKind) {
    return same_segment_differs(item, other);
  }
  if (item.kind == kSheetKind) return differs(other, item);
  if (other.kind == kSheetKind) return differs(item, other);
  return item.name == other.name;
}

}  // namespace

std::string_view family_of(std::string_view kind) {
  return kind == kSheetKind ? kinds::package : kind;
}

bool is_standing(State state) {
  return state == State::verified || state == State::published ||
         state == State::conflict;
}

Result<void> Queue::recover() {
  constexpr std::size_t kAll = 1'000'000;
  // Those in the record are known already; these are on their way there.
  URNA_TRY(const auto verified, store_.in_state(State::verified, kAll));
  for (const Item& item : verified) {
    if (item.kind != kinds::certificate) continue;
    URNA_TRY(const Bytes bytes, shelf_.read(item.hash));
    judge_.learn(as_text(bytes));
  }
  return look_again("");
}

void Queue::start(unsigned workers) {
  for (unsigned i = 0; i < workers; ++i) {
    workers_.emplace_back([this](const std::stop_token& stop) { work(stop); });
  }
}

void Queue::stop() {
  for (std::jthread& worker : workers_) worker.request_stop();
  workers_.clear();
}

void Queue::wake() {
  const std::lock_guard lock(mutex_);
  ++news_;
  change_.notify_all();
}

std::string Queue::trouble() const {
  const std::lock_guard lock(mutex_);
  return trouble_;
}

void Queue::work(const std::stop_token& stop) {
  // Of this thread alone, as Linux counts them; without it the work goes on anyhow.
  (void)setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), kNice);
  Judge::Bench bench(judge_);
  while (!stop.stop_requested()) {
    std::uint64_t seen = 0;
    {
      const std::lock_guard lock(mutex_);
      seen = news_;
    }
    const auto found = step(bench);
    {
      const std::lock_guard lock(mutex_);
      trouble_ = found ? std::string() : found.error().text();
    }
    if (found && *found) continue;
    std::unique_lock lock(mutex_);
    change_.wait_for(lock, stop, std::chrono::seconds(2),
                     [&] { return news_ != seen; });
  }
}

Result<std::optional<Item>> Queue::claim() {
  const std::lock_guard lock(mutex_);
  // Those that are being judged stand among the first.
  URNA_TRY(const auto waiting,
           store_.in_state(State::received, kLook + claimed_.size() + failed_.size()));
  for (const Item& item : waiting) {
    if (failed_.contains(item.hash)) continue;
    if (claimed_.insert(item.hash).second) return item;
  }
  failed_.clear();
  return std::nullopt;
}

void Queue::release(const Hash32& hash, bool done) {
  const std::lock_guard lock(mutex_);
  claimed_.erase(hash);
  if (!done) failed_.insert(hash);
}

Result<bool> Queue::step(Judge::Bench& bench) {
  URNA_TRY(const auto item, claim());
  if (!item) return false;
  const auto done = judge_and_settle(bench, *item);
  release(item->hash, done.has_value());
  if (!done) return std::unexpected(done.error());
  return true;
}

// The package that a box count or signatures stand beside, when just one is good.
Result<LastSheet> Queue::last_sheet(const Item& item) {
  if (!stands_beside_a_sheet(item)) return std::nullopt;
  URNA_TRY(const auto all, store_.of_station(item.station));
  for (const Item& other : all) {
    const bool good = other.state == State::verified || other.state == State::published;
    if (other.kind != kinds::package || !good) continue;
    URNA_TRY(const Bytes bytes, shelf_.read(other.hash));
    return last_sheet_of(bytes);
  }
  return std::nullopt;
}

Result<void> Queue::judge_and_settle(Judge::Bench& bench, const Item& item) {
  URNA_TRY(const Bytes bytes, shelf_.read(item.hash));
  // A package does not need the others while it is judged; those that do are short.
  auto lock = settling();
  const bool alone = !stands_beside_a_sheet(item);
  if (alone) lock.unlock();
  URNA_TRY(const LastSheet last, last_sheet(item));
  URNA_TRY(const Judged judged, bench.judge(item, bytes, last));
  if (alone) lock.lock();
  if (judged.judgement != Judgement::good) return settle(item, judged);
  return accept(item, bytes);
}

Result<void> Queue::settle(const Item& item, const Judged& judged) {
  if (judged.judgement == Judgement::not_yet) {
    return store_.move(item.hash, State::received, State::waiting, judged.reason, "");
  }
  return store_.move(item.hash, State::received, State::refused, judged.reason,
                     intake_.sign(Said::refused, item, judged.reason));
}

Result<void> Queue::accept(const Item& item, ByteView bytes) {
  URNA_TRY(const std::string against, contradiction(item));
  if (!against.empty()) {
    return store_.move(item.hash, State::received, State::conflict, against,
                       intake_.sign(Said::conflict, item, against));
  }
  // A lone sheet has no place in the record: it is shown beside it.
  const bool lone = item.kind == kSheetKind;
  URNA_CHECK(store_.move(item.hash, State::received,
                         lone ? State::published : State::verified, "",
                         intake_.sign(Said::verified, item, "")));
  if (item.kind == kinds::package) return look_again(item.station);
  if (item.kind != kinds::certificate) return {};
  judge_.learn(as_text(bytes));
  return look_again(item.station);
}

Result<std::string> Queue::contradiction(const Item& item) {
  URNA_TRY(const auto all, store_.of_station(item.station));
  for (const Item& other : all) {
    if (contradicts(item, other)) {
      return fmt::format("it contradicts {}, which arrived {}", brief(other),
                         base::utc_text(other.time));
    }
  }
  return std::string();
}

// What waited may be good now; without a station, of all stations.
Result<void> Queue::look_again(std::string_view station) {
  constexpr std::size_t kAll = 1'000'000;
  URNA_TRY(const auto waiting, station.empty() ? store_.in_state(State::waiting, kAll)
                                               : store_.of_station(station));
  for (const Item& item : waiting) {
    if (item.state != State::waiting) continue;
    URNA_CHECK(store_.move(item.hash, State::waiting, State::received, "", ""));
  }
  wake();
  return {};
}

}  // namespace urna::center
