#include "center/testing/small_centre.hpp"

#include <cstdio>
#include <cstdlib>

namespace urna::center::testing {
namespace {

template <class T>
T must(Result<T> result) {
  if (result) return std::move(*result);
  std::fprintf(stderr, "%s\n", result.error().text().c_str());
  std::abort();
}
void must(const Result<void>& result) {
  if (result) return;
  std::fprintf(stderr, "%s\n", result.error().text().c_str());
  std::abort();
}

log::NoteSigner log_signer() {
  return must(log::NoteSigner::make(std::string(record::testing::kOrigin),
                                    log::KeyType::ed25519,
                                    record::testing::known_key("log")));
}

}  // namespace

SmallCentre::SmallCentre(record::testing::World& world, IntakeLimits limits)
    : world_(world), limits_(limits) {
  limits_.spare_bytes = std::min<std::uint64_t>(limits_.spare_bytes, 1 << 20);
  const std::string state = record() + ".state";
  must(base::make_folder_durable(files_, record()));
  must(base::make_folder_durable(files_, state));
  const auto lock = must(log::open_sqlite_lock(base::join_path(state, "lock.sqlite")));
  auto recorder = must(
      record::Recorder::create(files_, {record(), state}, *lock, clock_, log_signer()));
  (void)must(recorder.add(morning(world)));
  restart();
}

void SmallCentre::restart() {
  running_.reset();
  CentrePlan plan;
  plan.folder = temp_.at("centre");
  plan.places = {record(), record() + ".state", side()};
  plan.limits = limits_;
  plan.publish_every = std::chrono::milliseconds(50);
  plan.side_every = std::chrono::seconds(1);
  must(base::make_folder_durable(files_, plan.folder));
  running_ = must(RunningCentre::open(files_, clock_, plan,
                                      record::testing::known_key("centre"),
                                      record::testing::known_key("log")));
}

Item SmallCentre::send(std::string_view kind, std::string_view name,
                       std::string_view who) {
  return send(document_of(world_, kind, name), who);
}

Item SmallCentre::send(ByteView bytes, std::string_view who) {
  return must(send_all((*this)->intake, bytes, client_of(who), std::size_t{1} << 20));
}

void SmallCentre::verify() {
  Judge::Bench bench = (*this)->queue.bench();
  while (must((*this)->queue.step(bench))) {
  }
}

void SmallCentre::publish() {
  (void)must((*this)->publisher.publish());
  must((*this)->publisher.write_side());
}

Item SmallCentre::now(const Hash32& hash) {
  return must((*this)->store.find(hash)).value();
}

record::Frame SmallCentre::frame() {
  return must(record::read_frame(files_, record(), {}));
}

crypto::PublicKey SmallCentre::receipt_key() const {
  return record::testing::known_key("centre").public_key();
}

}  // namespace urna::center::testing
