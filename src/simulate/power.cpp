#include "simulate/power.hpp"

#include "base/errors.hpp"

namespace urna::simulate {

namespace {
// A step of a program makes up to a few dozen changes of the disk.
constexpr std::uint32_t kFarthest = 40;
}  // namespace

class PoweredFile final : public base::File {
 public:
  PoweredFile(Power& power, std::unique_ptr<base::File> file)
      : power_(power), file_(std::move(file)) {}

  Result<Bytes> read_at(std::uint64_t offset, std::size_t count) override {
    URNA_CHECK(power_.alive());
    return file_->read_at(offset, count);
  }
  Result<void> write_at(std::uint64_t offset, ByteView bytes) override {
    URNA_CHECK(power_.change());
    return file_->write_at(offset, bytes);
  }
  Result<std::uint64_t> size() override {
    URNA_CHECK(power_.alive());
    return file_->size();
  }
  Result<void> sync() override {
    URNA_CHECK(power_.change());
    return file_->sync();
  }

 private:
  Power& power_;
  std::unique_ptr<base::File> file_;
};

void Power::worry() {
  if (dead_ || planned_ != Fault::none || !dice_.once_in(risk_)) return;
  planned_ = static_cast<Fault>(1 + dice_.below(3));
  changes_left_ = 1 + dice_.below(kFarthest);
}

void Power::strike() {
  if (dead_) return;
  power_lost_ = dice_.once_in(2);
  dead_ = true;
  ++faults_;
  diary_.write("{}: {}", device_, power_lost_ ? "power cut" : "killed");
}

Result<void> Power::alive() const {
  if (!dead_) return {};
  return fail(base::errors::file_access, "the program has ended");
}

Result<void> Power::change() {
  URNA_CHECK(alive());
  if (planned_ == Fault::none || --changes_left_ > 0) return {};
  const Fault fault = std::exchange(planned_, Fault::none);
  ++faults_;
  if (fault == Fault::disk_full) {
    diary_.write("{}: disk full", device_);
    return fail(base::errors::disk_full, "no space left");
  }
  dead_ = true;
  power_lost_ = fault == Fault::power_cut;
  diary_.write("{}: {} at a change of the disk", device_,
               power_lost_ ? "power cut" : "killed");
  return alive();
}

void Power::start_again() {
  if (power_lost_) {
    disk_.power_on([this](std::size_t) { return dice_.once_in(2); });
  }
  dead_ = false;
  power_lost_ = false;
  planned_ = Fault::none;
}

Result<std::unique_ptr<base::File>> Power::open(const std::string& path,
                                                base::OpenMode mode) {
  if (mode == base::OpenMode::create_new) {
    URNA_CHECK(change());
  } else {
    URNA_CHECK(alive());
  }
  URNA_TRY(auto file, disk_.open(path, mode));
  return std::make_unique<PoweredFile>(*this, std::move(file));
}

Result<void> Power::rename(const std::string& from, const std::string& to) {
  URNA_CHECK(change());
  return disk_.rename(from, to);
}

Result<void> Power::remove(const std::string& path) {
  URNA_CHECK(change());
  return disk_.remove(path);
}

Result<void> Power::sync_folder(const std::string& path) {
  URNA_CHECK(change());
  return disk_.sync_folder(path);
}

Result<void> Power::make_folder(const std::string& path) {
  URNA_CHECK(change());
  return disk_.make_folder(path);
}

Result<std::vector<std::string>> Power::list(const std::string& path) {
  URNA_CHECK(alive());
  return disk_.list(path);
}

base::FileKind Power::kind(const std::string& path) {
  return dead_ ? base::FileKind::missing : disk_.kind(path);
}

}  // namespace urna::simulate
