// The entropy-coding layer of WSQ: markers, scaled decimal numbers, canonical
// Huffman tables and the symbols they carry (specification annex B). Used by
// wsq_read.cpp and wsq_write.cpp only.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace urna::finger::io::wsq {

enum Marker : std::uint16_t {
  kStartOfImage = 0xFFA0,
  kEndOfImage = 0xFFA1,
  kStartOfFrame = 0xFFA2,
  kStartOfBlock = 0xFFA3,
  kTransformTable = 0xFFA4,
  kQuantisationTable = 0xFFA5,
  kHuffmanTable = 0xFFA6,
  kRestartInterval = 0xFFA7,
  kComment = 0xFFA8,
};

// The subbands of each entropy-coded block: [0, 19), [19, 52), [52, 64).
inline constexpr std::array<std::size_t, 4> kBlockStart{0, 19, 52, 64};

// Symbols: 1-100 a run of zeros, 101-104 an escaped value, 105-106 an escaped run,
// 107-254 the values -73 to 74.
inline constexpr int kLongestPlainRun = 100;
inline constexpr int kPositive8 = 101;
inline constexpr int kNegative8 = 102;
inline constexpr int kPositive16 = 103;
inline constexpr int kNegative16 = 104;
inline constexpr int kRun8 = 105;
inline constexpr int kRun16 = 106;
inline constexpr int kValueZero = 180;  // symbol s above 106 is the value s - 180
inline constexpr int kSmallestValue = 107 - kValueZero;
inline constexpr int kLargestValue = 254 - kValueZero;

// How many extra bits follow a symbol.
[[nodiscard]] int extra_bits(int symbol);

// A Huffman table as the stream carries it: how many codes of each length 1 to 16,
// and the symbols in order of their codes.
struct HuffmanSpec {
  std::array<std::uint8_t, 16> counts{};
  std::vector<std::uint8_t> symbols;
};

// Decoding tables by code length (as in JPEG, T.81 annex F.2.2.3).
class HuffmanDecoder {
 public:
  HuffmanDecoder() = default;

  // Refuses tables whose codes overflow or use the all-ones code, which the
  // specification keeps free so that padding can be told from data.
  [[nodiscard]] static Result<HuffmanDecoder> make(const HuffmanSpec& spec);

  [[nodiscard]] bool empty() const { return symbols_.empty(); }

  // Appends the quantised values of one block: `data` still holds its stuffed zero
  // bytes. Never more than `limit` values.
  [[nodiscard]] Result<void> decode(ByteView data, std::size_t limit,
                                    std::vector<std::int32_t>& out) const;

 private:
  std::array<std::int32_t, 17> first_code_{};  // of each length
  std::array<std::int32_t, 17> last_code_{};   // -1 when the length has none
  std::array<std::int32_t, 17> first_index_{};
  std::vector<std::uint8_t> symbols_;
};

// One symbol with its extra bits, ready to be written.
struct Symbol {
  std::uint8_t code = 0;
  std::uint16_t extra = 0;
};

// The shortest run of symbols for these values. Values beyond 16 bits are a caller
// error: the encoder clamps before.
[[nodiscard]] std::vector<Symbol> to_symbols(const std::vector<std::int32_t>& values);

// An optimal table with codes up to 16 bits for these symbol counts, built as in
// T.81 annex K.2; the all-ones code stays free.
[[nodiscard]] HuffmanSpec make_table(const std::array<std::uint64_t, 256>& counts);

// The entropy-coded bytes, stuffed, padded with ones.
[[nodiscard]] Bytes encode_symbols(const std::vector<Symbol>& symbols,
                                   const HuffmanSpec& spec);

}  // namespace urna::finger::io::wsq
