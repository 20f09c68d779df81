// Finger image records: what is read is written back to the same bytes, and every view
// decodes or is refused.
#include "finger/io/fir.hpp"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace urna::finger::io;
  const urna::ByteView bytes(data, size);
  const auto record = read_fir(bytes);
  if (!record) return 0;
  const auto again = write_fir(*record);
  if (!again || !urna::equal(*again, bytes)) std::abort();
  for (const FirView& view : record->views) (void)decode_view(view);
  return 0;
}
