#include "center/testing/centre_world.hpp"

#include "base/encoding.hpp"
#include "base/errors.hpp"
#include "center/errors.hpp"
#include "crypto/sha256.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include <fmt/format.h>
#include <unistd.h>

namespace urna::center::testing {

namespace kinds = record::kinds;

record::testing::World& town() {
  static record::testing::World world(
      {.files = record::testing::example_files("examples/town")});
  return world;
}

record::testing::Documents morning(const record::testing::World& world) {
  record::testing::Documents out;
  for (const auto& one : world.documents()) {
    if (one.kind == kinds::definition || one.kind == kinds::ceremony ||
        one.kind == kinds::election_key) {
      out.push_back(one);
    }
  }
  return out;
}

Bytes document_of(const record::testing::World& world, std::string_view kind,
                  std::string_view name) {
  for (const auto& one : world.documents()) {
    if (one.kind == kind && one.name == name) return one.bytes;
  }
  std::fprintf(stderr, "the world has no %s %s\n", std::string(kind).c_str(),
               std::string(name).c_str());
  std::abort();
}

Client client_of(std::string_view common_name) {
  return {parse_identity(common_name).value(),
          base::to_hex(crypto::sha256(as_bytes(common_name)))};
}

Result<Item> send_all(Intake& intake, ByteView bytes, const Client& client,
                      std::size_t piece) {
  const Hash32 hash = crypto::sha256(bytes);
  URNA_TRY(Progress at, intake.where(hash, client));
  while (!at.item) {
    const auto from = static_cast<std::size_t>(at.offset);
    const std::size_t count = std::min(piece, bytes.size() - from);
    URNA_TRY(
        at, intake.put({hash, from, bytes.size(), bytes.subspan(from, count)}, client));
  }
  return *at.item;
}

TempFolder::TempFolder() {
  static int number = 0;
  path_ = (std::filesystem::temp_directory_path() /
           fmt::format("urna_center.{}.{}", getpid(), number++))
              .string();
  std::filesystem::create_directories(path_);
}

TempFolder::~TempFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string TempFolder::at(std::string_view name) const {
  return base::join_path(path_, name);
}

template <class Change>
auto ScriptedStore::change(Change run) -> decltype(run()) {
  // Any change of the disk will do as the moment of the commit.
  URNA_CHECK(disk_.sync_folder("."));
  auto result = run();
  if (!std::exchange(lose_next_answer, false)) return result;
  return fail(base::errors::file_access, "the answer of the database was lost");
}

Result<std::optional<Item>> ScriptedStore::find(const Hash32& hash) {
  return rows_.find(hash);
}
Result<bool> ScriptedStore::add(const Item& item) {
  return change([&] { return rows_.add(item); });
}
Result<void> ScriptedStore::move(const Hash32& hash, State from, State to,
                                 std::string_view reason, std::string_view verdict) {
  return change([&] { return rows_.move(hash, from, to, reason, verdict); });
}
Result<std::vector<Item>> ScriptedStore::in_state(State state, std::size_t limit) {
  return rows_.in_state(state, limit);
}
Result<std::vector<Item>> ScriptedStore::of_station(std::string_view station) {
  return rows_.of_station(station);
}
Result<std::vector<Item>> ScriptedStore::all() {
  return rows_.all();
}
Result<Tallies> ScriptedStore::tallies() {
  return rows_.tallies();
}
Result<bool> ScriptedStore::is_withdrawn(std::string_view certificate) {
  return rows_.is_withdrawn(certificate);
}
Result<void> ScriptedStore::withdraw(std::string_view certificate, std::string_view by,
                                     std::int64_t time) {
  return change([&] { return rows_.withdraw(certificate, by, time); });
}
Result<void> ScriptedStore::propose(const Proposal& proposal) {
  return change([&] { return rows_.propose(proposal); });
}
Result<std::vector<Proposal>> ScriptedStore::proposals(std::string_view station) {
  return rows_.proposals(station);
}
Result<void> ScriptedStore::clear_proposals(std::string_view station) {
  return change([&] { return rows_.clear_proposals(station); });
}

}  // namespace urna::center::testing
