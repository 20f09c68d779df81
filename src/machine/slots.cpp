#include "machine/slots.hpp"

#include "base/binary.hpp"
#include "crypto/secret_box.hpp"
#include "machine/errors.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace urna::machine {
namespace {

constexpr std::uint8_t kBodyPart = 2;
// In front of a cell's content: state, step, length of the content.
constexpr std::size_t kCellHead = 1 + 1 + 4;
constexpr std::size_t kFillChunk = std::size_t{1} << 20;

std::size_t to_sectors(std::size_t size) {
  return (size + kSector - 1) / kSector * kSector;
}

Result<void> fill_random(base::File& file, base::Random& random, std::uint64_t offset,
                         std::uint64_t size) {
  Bytes chunk;
  while (size > 0) {
    chunk.resize(static_cast<std::size_t>(std::min<std::uint64_t>(size, kFillChunk)));
    URNA_CHECK(random.fill(chunk));
    URNA_CHECK(file.write_at(offset, chunk));
    offset += chunk.size();
    size -= chunk.size();
  }
  return {};
}

std::uint64_t file_size(const SlotShape& shape) {
  return std::uint64_t{shape.count} * shape.slot_size();
}

}  // namespace

std::size_t SlotShape::cell_size() const {
  return to_sectors(kCellHead + content + crypto::kSecretBoxOverhead);
}

std::size_t SlotShape::body_size() const {
  return body == 0 ? 0 : to_sectors(4 + body + crypto::kSecretBoxOverhead);
}

Result<void> SlotArray::create(base::FileSystem& files, base::Random& random,
                               const std::string& path, const SlotShape& shape) {
  URNA_TRY(const auto file, files.open(path, base::OpenMode::create_new));
  URNA_CHECK(fill_random(*file, random, 0, file_size(shape)));
  URNA_CHECK(file->sync());
  return files.sync_folder(base::parent_folder(path));
}

SlotArray::SlotArray(base::Random& random, std::unique_ptr<base::File> file, Bytes name,
                     const SlotShape& shape, SlotKey key)
    : random_(&random),
      file_(std::move(file)),
      name_(std::move(name)),
      shape_(shape),
      key_(std::move(key)),
      steps_(shape.count) {}

Result<SlotArray> SlotArray::open(base::FileSystem& files, base::Random& random,
                                  const std::string& path, Bytes name,
                                  const SlotShape& shape, SlotKey key) {
  URNA_TRY(auto file, files.open(path, base::OpenMode::update));
  // A run that was killed may have left writes that only the system's memory holds:
  // what is believed now must not be undone by a power cut later.
  URNA_CHECK(file->sync());
  URNA_TRY(const std::uint64_t size, file->size());
  if (size != file_size(shape)) {
    return fail(
        errors::store_damaged,
        fmt::format("'{}' has {} bytes where {} belong", path, size, file_size(shape)),
        "take the machine out of service and keep it as evidence");
  }
  SlotArray array(random, std::move(file), std::move(name), shape, std::move(key));
  const std::size_t cell = shape.cell_size();
  for (std::uint32_t slot = 0; slot < shape.count; ++slot) {
    URNA_TRY(const Bytes both, array.file_->read_at(array.offset(slot, 0), 2 * cell));
    for (std::uint8_t at = 0; at < 2; ++at) {
      const auto message =
          array.open_cell(slot, at, ByteView(both).subspan(at * cell, cell));
      if (!message) continue;
      const Step found{(*message)[0], (*message)[1], at};
      Step& known = array.steps_[slot];
      if (known.state == 0) ++array.used_;
      if (known.state == 0 || found.step > known.step) known = found;
    }
  }
  return array;
}

std::uint32_t SlotArray::count(std::uint8_t state) const {
  return static_cast<std::uint32_t>(std::ranges::count(steps_, state, &Step::state));
}

std::vector<std::uint32_t> SlotArray::in_state(std::uint8_t state) const {
  std::vector<std::uint32_t> found;
  for (std::uint32_t slot = 0; slot < shape_.count; ++slot) {
    if (steps_[slot].state == state) found.push_back(slot);
  }
  return found;
}

Result<std::uint32_t> SlotArray::random_free() {
  if (used_ == shape_.count) {
    return fail(errors::store_full,
                fmt::format("all {} slots of the store are used", shape_.count),
                "close this machine and open a spare one as the next segment");
  }
  URNA_TRY(std::uint64_t skip, random_->below(shape_.count - used_));
  for (std::uint32_t slot = 0;; ++slot) {
    if (steps_[slot].state != 0) continue;
    if (skip == 0) return slot;
    --skip;
  }
}

Bytes SlotArray::context(std::uint32_t slot, std::uint8_t part) const {
  base::Writer w;
  w.text("urna-slot-1");
  w.var_bytes(name_);
  w.u32(slot);
  w.u8(part);
  return std::move(w).take();
}

std::uint64_t SlotArray::offset(std::uint32_t slot, std::uint8_t part) const {
  return std::uint64_t{slot} * shape_.slot_size() + part * shape_.cell_size();
}

std::optional<Bytes> SlotArray::open_cell(std::uint32_t slot, std::uint8_t cell,
                                          ByteView sealed) const {
  return crypto::open_secret_box(key_->expose().first<32>(), context(slot, cell),
                                 sealed);
}

Result<void> SlotArray::write_cell(std::uint32_t slot, const Step& step,
                                   ByteView content) {
  base::Writer w;
  w.u8(step.state);
  w.u8(step.step);
  w.var_bytes(content);
  Bytes message = std::move(w).take();
  message.resize(shape_.cell_size() - crypto::kSecretBoxOverhead);
  URNA_TRY(const Bytes sealed,
           crypto::seal_secret_box(*random_, key_->expose().first<32>(),
                                   context(slot, step.cell), message));
  return file_->write_at(offset(slot, step.cell), sealed);
}

Result<void> SlotArray::put(std::uint32_t slot, std::uint8_t state, ByteView content,
                            ByteView body) {
  if (slot >= shape_.count || steps_[slot].state != 0 || state == 0 ||
      content.size() > shape_.content || body.size() > shape_.body) {
    return fail(errors::wrong_moment, "an entry that this slot cannot take");
  }
  if (shape_.body != 0) {
    base::Writer w;
    w.var_bytes(body);
    Bytes message = std::move(w).take();
    message.resize(shape_.body_size() - crypto::kSecretBoxOverhead);
    URNA_TRY(const Bytes sealed,
             crypto::seal_secret_box(*random_, key_->expose().first<32>(),
                                     context(slot, kBodyPart), message));
    URNA_CHECK(file_->write_at(offset(slot, kBodyPart), sealed));
  }
  const Step step{state, 1, 0};
  URNA_CHECK(write_cell(slot, step, content));
  URNA_CHECK(file_->sync());
  steps_[slot] = step;
  ++used_;
  return {};
}

Result<void> SlotArray::change(std::uint32_t slot, std::uint8_t state,
                               ByteView content) {
  if (slot >= shape_.count || steps_[slot].state == 0 || state == 0 ||
      content.size() > shape_.content || steps_[slot].step == 255) {
    return fail(errors::wrong_moment, "a change that this slot cannot take");
  }
  const Step step{state, static_cast<std::uint8_t>(steps_[slot].step + 1),
                  static_cast<std::uint8_t>(1 - steps_[slot].cell)};
  URNA_CHECK(write_cell(slot, step, content));
  URNA_CHECK(file_->sync());
  steps_[slot] = step;
  return {};
}

Result<void> SlotArray::wipe(std::uint32_t slot) {
  URNA_CHECK(fill_random(*file_, *random_, offset(slot, 0), shape_.slot_size()));
  URNA_CHECK(file_->sync());
  if (steps_[slot].state != 0) --used_;
  steps_[slot] = {};
  return {};
}

Result<void> SlotArray::wipe_all() {
  URNA_CHECK(fill_random(*file_, *random_, 0, file_size(shape_)));
  URNA_CHECK(file_->sync());
  std::ranges::fill(steps_, Step{});
  used_ = 0;
  return {};
}

Result<SlotValue> SlotArray::read(std::uint32_t slot) {
  const Step& step = steps_[slot];
  URNA_TRY(const Bytes sealed,
           file_->read_at(offset(slot, step.cell), shape_.cell_size()));
  const auto message = open_cell(slot, step.cell, sealed);
  if (!message || step.state == 0) {
    return fail(errors::store_damaged, "a slot of the store no longer opens",
                "take the machine out of service and keep it as evidence");
  }
  base::Reader r(*message);
  URNA_TRY(const std::uint8_t state, r.u8());
  URNA_CHECK(r.u8());
  URNA_TRY(const ByteView content, r.var_bytes(shape_.content));
  return SlotValue{state, to_bytes(content)};
}

Result<std::optional<Bytes>> SlotArray::read_body(std::uint32_t slot) {
  URNA_TRY(const Bytes sealed,
           file_->read_at(offset(slot, kBodyPart), shape_.body_size()));
  const auto message = open_cell(slot, kBodyPart, sealed);
  if (!message) return std::optional<Bytes>();
  base::Reader r(*message);
  URNA_TRY(const ByteView body, r.var_bytes(shape_.body));
  return std::optional<Bytes>(to_bytes(body));
}

}  // namespace urna::machine
