// Points: group elements decoded into curve coordinates, for bulk work on PUBLIC data.
// Everything here takes variable time; secrets go through group/secret.hpp instead.
//
// Called by the batch verifier, the station sums and the benches. A Point stands for a
// Ristretto255 element: several coordinates mean the same element, so compare with
// equal_var or is_identity_var, never by bytes. Thread rule: plain values; functions
// keep no state. The vector path (AVX-512 IFMA) is chosen at run time
// (group/cpu_path.hpp) and gives the same elements as the portable one.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "group/edwards.hpp"
#include "group/element.hpp"
#include "group/scalar.hpp"

#include <cstdint>
#include <span>

namespace urna::group {

class Point {
 public:
  Point() = default;  // the identity
  explicit Point(const Extended& coordinates) : coordinates_(coordinates) {}

  [[nodiscard]] static Point generator();
  // What RFC 9496 section 4.3.1 accepts; otherwise errors::bad_element.
  [[nodiscard]] static Result<Point> decode_var(ByteView bytes);
  // The same without a failure: an Element is valid already.
  [[nodiscard]] static Point from_element_var(const Element& e);

  // RFC 9496 section 4.3.2. About the price of a decoding.
  [[nodiscard]] Element encode_var() const;

  [[nodiscard]] bool is_identity_var() const;
  [[nodiscard]] const Extended& coordinates() const { return coordinates_; }

 private:
  Extended coordinates_;
};

[[nodiscard]] Point add_var(const Point& a, const Point& b);
[[nodiscard]] Point sub_var(const Point& a, const Point& b);
[[nodiscard]] Point neg_var(const Point& a);
[[nodiscard]] Point mul_var(const Scalar& factor, const Point& p);
[[nodiscard]] bool equal_var(const Point& a, const Point& b);

// Decodes encodings[i] to points[i] with full RFC 9496 validity; valid[i] becomes 1 or
// 0, and points[i] the identity where the encoding is refused. All three spans have
// the same length. Returns whether all are valid. Cheapest in batches of 16 or more.
bool decode_batch_var(std::span<const ByteArray<32>> encodings, std::span<Point> points,
                      std::span<std::uint8_t> valid);

// sum of scalars[i] * points[i]; the spans have equal lengths, any length from 0.
[[nodiscard]] Point msm_var(std::span<const Scalar> scalars,
                            std::span<const Point> points);

// The same for 128-bit factors, at about half the price.
[[nodiscard]] Point msm128_var(std::span<const Scalar128> scalars,
                               std::span<const Point> points);

}  // namespace urna::group
