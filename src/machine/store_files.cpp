#include "machine/store_files.hpp"

#include "base/binary.hpp"
#include "machine/errors.hpp"

#include <fmt/format.h>

namespace urna::machine {
namespace {

using base::join_path;

constexpr std::string_view kMagic = "urna-votes-1";
constexpr std::string_view kHeader = "header";
constexpr std::string_view kSealedKey = "sealed.key";
constexpr std::string_view kRecordKey = "records.key";
constexpr std::size_t kKeySize = 32;

struct ArrayPlan {
  std::string_view name;
  SlotShape shape;
};

std::array<ArrayPlan, 5> plan(const StoreShape& s) {
  return {{{"sealed", {s.ballots, s.opening_size, s.ballot_size}},
           {"records", {s.sessions, s.record_size, 0}},
           {"tokens", {s.tokens, 0, 0}},
           {"activations", {s.sessions, 0, 0}},
           {"ended", {s.sessions, 0, 0}}}};
}

std::unexpected<Error> damaged(std::string what) {
  return fail(errors::store_damaged, std::move(what),
              "take the machine out of service and keep it as evidence");
}

Bytes header_bytes(const StoreShape& s, const Hash32& id) {
  base::Writer w;
  w.fixed(as_bytes(kMagic));
  w.fixed(id);
  for (const std::uint32_t number : {s.ballots, s.sessions, s.tokens, s.ballot_size,
                                     s.opening_size, s.record_size}) {
    w.u32(number);
  }
  return std::move(w).take();
}

Result<std::pair<StoreShape, Hash32>> parse_header(ByteView bytes) {
  base::Reader r(bytes);
  URNA_TRY(const ByteView magic, r.fixed(kMagic.size()));
  if (as_text(magic) != kMagic) return damaged("the header is not a vote store's");
  URNA_TRY(const Hash32 id, r.array<32>());
  StoreShape s;
  for (std::uint32_t* number : {&s.ballots, &s.sessions, &s.tokens, &s.ballot_size,
                                &s.opening_size, &s.record_size}) {
    URNA_TRY(*number, r.u32());
  }
  URNA_CHECK(r.finish());
  return std::pair{s, id};
}

Result<void> write_key(base::FileSystem& files, base::Random& random,
                       const std::string& path) {
  crypto::SecretBytes key(kKeySize);
  URNA_CHECK(random.fill(key.writable()));
  return base::write_durable(files, path, key.expose());
}

Result<SlotKey> read_key(base::FileSystem& files, const std::string& path) {
  URNA_TRY(Bytes bytes, base::read_file(files, path, kKeySize));
  if (bytes.size() != kKeySize) return damaged("a key of the store is damaged");
  auto key =
      std::make_shared<const crypto::SecretBytes>(crypto::SecretBytes::copy_of(bytes));
  crypto::wipe(bytes);
  return SlotKey(std::move(key));
}

}  // namespace

Result<void> create_store_files(base::FileSystem& files, base::Random& random,
                                const std::string& folder, const StoreShape& shape) {
  URNA_CHECK(base::make_folder_durable(files, folder));
  const std::string header = join_path(folder, kHeader);
  if (files.kind(header) != base::FileKind::missing) {
    return fail(errors::store_not_empty,
                fmt::format("there is a vote store in '{}' already", folder),
                "a store is never made over another one");
  }
  URNA_TRY(const auto left_over, files.list(folder));
  for (const std::string& name : left_over) {
    URNA_CHECK(files.remove(join_path(folder, name)));
  }
  URNA_CHECK(write_key(files, random, join_path(folder, kSealedKey)));
  URNA_CHECK(write_key(files, random, join_path(folder, kRecordKey)));
  for (const ArrayPlan& array : plan(shape)) {
    URNA_CHECK(
        SlotArray::create(files, random, join_path(folder, array.name), array.shape));
  }
  Hash32 id;
  URNA_CHECK(random.fill(id));
  return base::write_durable(files, header, header_bytes(shape, id));
}

Result<StoreFiles> open_store_files(base::FileSystem& files, base::Random& random,
                                    const std::string& folder) {
  // As in SlotArray::open: creations and removals that a killed run did not sync.
  URNA_CHECK(files.sync_folder(folder));
  URNA_TRY(const Bytes header,
           base::read_file(files, join_path(folder, kHeader), 4096));
  URNA_TRY(const auto parsed, parse_header(header));
  const auto& [shape, id] = parsed;
  const auto arrays = plan(shape);
  const auto open = [&](const ArrayPlan& array, SlotKey key) -> Result<SlotArray> {
    base::Writer name;
    name.fixed(id);
    name.text(array.name);
    return SlotArray::open(files, random, join_path(folder, array.name),
                           std::move(name).take(), array.shape, std::move(key));
  };
  URNA_TRY(const SlotKey key, read_key(files, join_path(folder, kSealedKey)));
  URNA_TRY(auto sealed, open(arrays[0], key));
  std::optional<SlotArray> records;
  if (files.kind(join_path(folder, kRecordKey)) != base::FileKind::missing) {
    URNA_TRY(SlotKey record_key, read_key(files, join_path(folder, kRecordKey)));
    URNA_TRY(records, open(arrays[1], std::move(record_key)));
  }
  URNA_TRY(auto tokens, open(arrays[2], key));
  URNA_TRY(auto activations, open(arrays[3], key));
  URNA_TRY(auto ended, open(arrays[4], key));
  return StoreFiles{shape,
                    id,
                    std::move(sealed),
                    std::move(records),
                    std::move(tokens),
                    std::move(activations),
                    std::move(ended)};
}

Result<void> destroy_record_key(base::FileSystem& files, const std::string& folder) {
  const std::string path = join_path(folder, kRecordKey);
  if (files.kind(path) == base::FileKind::missing) return {};
  // Overwritten in place before it is unlinked: a journal or a spare block of the disk
  // may still keep it, which docs/threats.md says.
  {
    URNA_TRY(const auto file, files.open(path, base::OpenMode::update));
    URNA_CHECK(file->write_at(0, Bytes(kKeySize)));
    URNA_CHECK(file->sync());
  }
  URNA_CHECK(files.remove(path));
  return files.sync_folder(folder);
}

}  // namespace urna::machine
