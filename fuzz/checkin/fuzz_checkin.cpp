// Every reader of check-in's foreign files on any bytes: it refuses, or what it read
// is written back as those bytes. The first byte picks the reader.
#include "base/binary.hpp"
#include "checkin/device.hpp"
#include "checkin/log_exchange.hpp"
#include "checkin/package.hpp"
#include "checkin/words.hpp"

#include <cstdlib>

using namespace urna;

namespace {

void must(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const ByteView bytes(data + 1, size - 1);
  switch (data[0] % 5) {
    case 0:
      if (const auto roll = checkin::decode_roll(bytes)) {
        must(equal(checkin::encode_roll(*roll), bytes));
      }
      break;
    case 1:
      if (const auto directory = checkin::Directory::decode(bytes)) {
        must(equal(directory->encode(), bytes));
      }
      break;
    case 2:
      if (const auto device = checkin::DevicePublic::parse(as_text(bytes))) {
        must(equal(as_bytes(device->text()), bytes));
      }
      break;
    case 3: {
      const auto key = crypto::SigningKey::from_seed(ByteArray<32>{1}).public_key();
      (void)checkin::import_log(bytes, Hash32{}, "N01", std::span(&key, 1));
      (void)checkin::split_package(bytes, key);
      (void)checkin::read_log(bytes, Hash32{}, ByteArray<32>{});
      break;
    }
    default: {
      const std::string id = checkin::id_number(as_text(bytes));
      must(checkin::id_number(id) == id);
      if (!base::is_utf8(as_text(bytes))) break;
      const std::string once = checkin::folded(as_text(bytes));
      must(checkin::folded(once) == once);
    }
  }
  return 0;
}
