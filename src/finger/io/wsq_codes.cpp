#include "finger/io/wsq_codes.hpp"

#include "finger/io_errors.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace urna::finger::io::wsq {
namespace {

// Reads bits from the left, dropping the zero byte stuffed after each 0xFF.
class BitReader {
 public:
  explicit BitReader(ByteView data) {
    bytes_.reserve(data.size());
    for (std::size_t i = 0; i < data.size(); ++i) {
      bytes_.push_back(data[i]);
      if (data[i] == 0xFF && i + 1 < data.size() && data[i + 1] == 0) ++i;
    }
  }

  // The next bit, or -1 at the end.
  int bit() {
    if (at_ >= bytes_.size() * 8) return -1;
    const int value = (bytes_[at_ / 8] >> (7 - at_ % 8)) & 1;
    ++at_;
    return value;
  }

  // True when nothing but padding is left: fewer than eight bits, all ones.
  [[nodiscard]] bool only_padding() const {
    const std::size_t left = bytes_.size() * 8 - at_;
    if (left == 0) return true;
    if (left >= 8) return false;
    const unsigned mask = (1U << left) - 1U;
    return (bytes_.back() & mask) == mask;
  }

 private:
  Bytes bytes_;
  std::size_t at_ = 0;
};

std::unexpected<Error> bad(std::string what) {
  return fail(errors::bad_wsq, std::move(what));
}

void push_run(std::vector<Symbol>& out, std::size_t run) {
  while (run > 0) {
    const std::size_t part = std::min<std::size_t>(run, 65535);
    if (part <= kLongestPlainRun) {
      out.push_back({static_cast<std::uint8_t>(part), 0});
    } else {
      out.push_back({static_cast<std::uint8_t>(part < 256 ? kRun8 : kRun16),
                     static_cast<std::uint16_t>(part)});
    }
    run -= part;
  }
}

void push_value(std::vector<Symbol>& out, std::int32_t value) {
  if (value >= kSmallestValue && value <= kLargestValue) {
    out.push_back({static_cast<std::uint8_t>(value + kValueZero), 0});
    return;
  }
  const auto size = static_cast<std::uint16_t>(value < 0 ? -value : value);
  const int code = size < 256 ? (value > 0 ? kPositive8 : kNegative8)
                              : (value > 0 ? kPositive16 : kNegative16);
  out.push_back({static_cast<std::uint8_t>(code), size});
}

// Code lengths of an unrestricted Huffman code (T.81 figure K.1). Entry 256 is a
// pretend symbol that takes, and so keeps free, the all-ones code.
std::array<int, 257> huffman_lengths(const std::array<std::uint64_t, 256>& counts) {
  std::array<std::uint64_t, 257> weight{};
  std::ranges::copy(counts, weight.begin());
  weight[256] = 1;
  std::array<int, 257> length{};
  std::array<int, 257> next{};
  next.fill(-1);
  while (true) {
    int least = -1;
    int second = -1;
    for (int i = 0; i <= 256; ++i) {
      const auto w = weight[static_cast<std::size_t>(i)];
      if (w == 0) continue;
      if (least < 0 || w <= weight[static_cast<std::size_t>(least)]) {
        second = least;
        least = i;
      } else if (second < 0 || w <= weight[static_cast<std::size_t>(second)]) {
        second = i;
      }
    }
    if (second < 0) break;
    weight[static_cast<std::size_t>(least)] += weight[static_cast<std::size_t>(second)];
    weight[static_cast<std::size_t>(second)] = 0;
    int tail = least;
    while (true) {
      ++length[static_cast<std::size_t>(tail)];
      if (next[static_cast<std::size_t>(tail)] < 0) break;
      tail = next[static_cast<std::size_t>(tail)];
    }
    next[static_cast<std::size_t>(tail)] = second;
    for (int i = second; i >= 0; i = next[static_cast<std::size_t>(i)]) {
      ++length[static_cast<std::size_t>(i)];
    }
  }
  return length;
}

}  // namespace

int extra_bits(int symbol) {
  switch (symbol) {
    case kPositive8:
    case kNegative8:
    case kRun8:
      return 8;
    case kPositive16:
    case kNegative16:
    case kRun16:
      return 16;
    default:
      return 0;
  }
}

Result<HuffmanDecoder> HuffmanDecoder::make(const HuffmanSpec& spec) {
  HuffmanDecoder out;
  std::int32_t code = 0;
  std::int32_t index = 0;
  for (std::size_t length = 1; length <= 16; ++length) {
    const std::int32_t count = spec.counts[length - 1];
    code <<= 1;
    out.first_code_[length] = code;
    out.first_index_[length] = index;
    out.last_code_[length] = count == 0 ? -1 : code + count - 1;
    code += count;
    index += count;
    if (code > (1 << length) - 1) {
      return bad(fmt::format("Huffman table has too many codes of {} bits", length));
    }
  }
  if (index == 0 || spec.symbols.size() != static_cast<std::size_t>(index)) {
    return bad("Huffman table without the symbols it announces");
  }
  for (const std::uint8_t symbol : spec.symbols) {
    if (symbol == 0 || symbol == 255 || symbol == kValueZero) {
      return bad(fmt::format("Huffman symbol {} means nothing", symbol));
    }
  }
  out.symbols_ = spec.symbols;
  return out;
}

Result<void> HuffmanDecoder::decode(ByteView data, std::size_t limit,
                                    std::vector<std::int32_t>& out) const {
  BitReader in(data);
  std::size_t room = limit;
  while (!in.only_padding()) {
    std::int32_t code = 0;
    std::size_t length = 1;
    for (; length <= 16; ++length) {
      const int bit = in.bit();
      if (bit < 0) return bad("the block ends inside a code");
      code = (code << 1) | bit;
      if (last_code_[length] >= 0 && code <= last_code_[length] &&
          code >= first_code_[length]) {
        break;
      }
    }
    if (length > 16) return bad("a code that the Huffman table does not have");
    const int symbol = symbols_[static_cast<std::size_t>(first_index_[length] + code -
                                                         first_code_[length])];
    std::int32_t extra = 0;
    for (int i = extra_bits(symbol); i > 0; --i) {
      const int bit = in.bit();
      if (bit < 0) return bad("the block ends inside a value");
      extra = (extra << 1) | bit;
    }
    const bool is_run =
        symbol <= kLongestPlainRun || symbol == kRun8 || symbol == kRun16;
    const std::size_t count =
        !is_run ? 1 : static_cast<std::size_t>(symbol > 100 ? extra : symbol);
    if (count > room) return bad("more coefficients than the picture has");
    room -= count;
    if (is_run) {
      out.insert(out.end(), count, 0);
    } else if (symbol > kRun16) {
      out.push_back(symbol - kValueZero);
    } else {
      out.push_back(symbol == kNegative8 || symbol == kNegative16 ? -extra : extra);
    }
  }
  return {};
}

std::vector<Symbol> to_symbols(const std::vector<std::int32_t>& values) {
  std::vector<Symbol> out;
  std::size_t run = 0;
  for (const std::int32_t value : values) {
    if (value == 0) {
      ++run;
      continue;
    }
    push_run(out, run);
    run = 0;
    push_value(out, value);
  }
  push_run(out, run);
  return out;
}

HuffmanSpec make_table(const std::array<std::uint64_t, 256>& counts) {
  const std::array<int, 257> length = huffman_lengths(counts);
  std::array<int, 258> of_length{};
  for (const int n : length) {
    if (n > 0) ++of_length[static_cast<std::size_t>(n)];
  }
  // Codes beyond 16 bits are shortened in pairs (T.81 figure K.3).
  for (std::size_t i = 257; i > 16; --i) {
    while (of_length[i] > 0) {
      std::size_t j = i - 2;
      while (of_length[j] == 0) --j;
      of_length[i] -= 2;
      of_length[i - 1] += 1;
      of_length[j + 1] += 2;
      of_length[j] -= 1;
    }
  }
  std::size_t longest = 16;
  while (of_length[longest] == 0) --longest;
  --of_length[longest];  // the pretend symbol
  HuffmanSpec spec;
  for (std::size_t i = 0; i < 16; ++i) {
    spec.counts[i] = static_cast<std::uint8_t>(of_length[i + 1]);
  }
  for (int n = 1; n <= 257; ++n) {
    for (std::size_t symbol = 0; symbol < 256; ++symbol) {
      if (length[symbol] == n)
        spec.symbols.push_back(static_cast<std::uint8_t>(symbol));
    }
  }
  return spec;
}

Bytes encode_symbols(const std::vector<Symbol>& symbols, const HuffmanSpec& spec) {
  std::array<std::uint32_t, 256> code_of{};
  std::array<int, 256> length_of{};
  std::uint32_t code = 0;
  std::size_t index = 0;
  for (int length = 1; length <= 16; ++length) {
    code <<= 1;
    for (int i = 0; i < spec.counts[static_cast<std::size_t>(length - 1)]; ++i) {
      code_of[spec.symbols[index]] = code++;
      length_of[spec.symbols[index++]] = length;
    }
  }
  Bytes out;
  std::uint64_t bits = 0;
  int held = 0;
  const auto put = [&](std::uint32_t value, int count) {
    bits = (bits << count) | value;
    held += count;
    while (held >= 8) {
      const auto byte = static_cast<std::uint8_t>(bits >> (held - 8));
      out.push_back(byte);
      if (byte == 0xFF) out.push_back(0);
      held -= 8;
      bits &= (std::uint64_t{1} << held) - 1;
    }
  };
  for (const Symbol& symbol : symbols) {
    put(code_of[symbol.code], length_of[symbol.code]);
    const int extra = extra_bits(symbol.code);
    if (extra > 0) put(symbol.extra, extra);
  }
  if (held > 0) put((1U << (8 - held)) - 1U, 8 - held);
  return out;
}

}  // namespace urna::finger::io::wsq
