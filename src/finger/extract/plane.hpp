// A two-dimensional array, the working currency of the extractor. Not a public
// interface. Thread rule: a plain value.
#pragma once

#include <cstddef>
#include <vector>

namespace urna::finger {

template <class T>
struct Plane {
  int width = 0;
  int height = 0;
  std::vector<T> data;

  Plane() = default;
  Plane(int w, int h, T value = T{})
      : width(w),
        height(h),
        data(static_cast<std::size_t>(w) * static_cast<std::size_t>(h), value) {}

  [[nodiscard]] T* row(int y) {
    return data.data() + static_cast<std::ptrdiff_t>(y) * width;
  }
  [[nodiscard]] const T* row(int y) const {
    return data.data() + static_cast<std::ptrdiff_t>(y) * width;
  }
  [[nodiscard]] T& at(int x, int y) { return row(y)[x]; }
  [[nodiscard]] const T& at(int x, int y) const { return row(y)[x]; }
  [[nodiscard]] bool inside(int x, int y) const {
    return x >= 0 && y >= 0 && x < width && y < height;
  }
};

}  // namespace urna::finger
