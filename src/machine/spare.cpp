// A spare machine: opening it, and what it keeps of the machine before it.
#include "machine/errors.hpp"
#include "machine/machine.hpp"

namespace urna::machine {
namespace {

constexpr std::size_t kMaxUsed = std::size_t{1} << 20;

}  // namespace

Result<void> Machine::take_over(const std::vector<Credential>& officials,
                                const std::string& folder) {
  URNA_CHECK(may_open());
  if (setup_->segment == 1) {
    return fail(errors::not_now, "this is the station's first machine: open the polls");
  }
  const std::string name = base::join_path(folder, setup_->station.code());
  const auto bring = [&](const std::string& ending, std::size_t most) -> Result<Bytes> {
    if (ports_.files.kind(name + ending) == base::FileKind::file) {
      return base::read_file(ports_.files, name + ending, most);
    }
    return fail(errors::handover, "the first machine's export is not on this stick",
                "export there again, or declare that machine lost");
  };
  URNA_TRY(const Bytes package, bring(".package", ballot::kMaxPackage));
  URNA_TRY(const Bytes used, bring(".used", kMaxUsed));
  URNA_TRY(auto predecessor, read_predecessor(*setup_, package, used));
  URNA_CHECK(two(officials));
  URNA_CHECK(forget("lost"));
  URNA_CHECK(base::write_durable(ports_.files, path("before.used"), used));
  URNA_CHECK(base::write_durable(ports_.files, path("before"), package));
  std::string device = predecessor.sheet.sheet.fields().device;
  spent_ = predecessor.used;
  predecessor_ = std::move(predecessor);
  return begin_poll(officials, "TOOK-OVER", std::move(device));
}

Result<void> Machine::declare_lost(const std::vector<Credential>& officials) {
  URNA_CHECK(may_open());
  if (setup_->segment == 1) {
    return fail(errors::not_now, "this is the station's first machine: open the polls");
  }
  URNA_TRY(const auto present, two(officials));
  const Bytes declaration = make_declaration(*setup_, present);
  URNA_CHECK(check_declaration(*setup_, declaration));
  // Whatever an interrupted taking over left.
  URNA_CHECK(forget("before"));
  URNA_CHECK(base::write_durable(ports_.files, path("lost"), declaration));
  return begin_poll(officials, "TOOK-OVER", "LOST");
}

Result<void> Machine::forget(std::string_view name) {
  if (ports_.files.kind(path(name)) == base::FileKind::missing) return {};
  URNA_CHECK(ports_.files.remove(path(name)));
  return ports_.files.sync_folder(place_.folder);
}

Result<void> Machine::load_predecessor() {
  if (setup_->segment == 1 ||
      ports_.files.kind(path("before")) == base::FileKind::missing) {
    return {};
  }
  URNA_TRY(const Bytes package,
           base::read_file(ports_.files, path("before"), ballot::kMaxPackage));
  URNA_TRY(const Bytes used,
           base::read_file(ports_.files, path("before.used"), kMaxUsed));
  URNA_TRY(predecessor_, read_predecessor(*setup_, package, used));
  spent_ = predecessor_->used;
  return {};
}

}  // namespace urna::machine
