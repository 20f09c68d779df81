// Work on a list with several threads: private to the room.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <functional>
#include <thread>
#include <vector>

namespace urna::results {

// Calls `each` once for every index below `count`, from several threads, in no order.
inline void in_parallel(std::size_t count, unsigned threads,
                        const std::function<void(std::size_t)>& each) {
  if (threads == 0) threads = std::max(1U, std::thread::hardware_concurrency());
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < count; i = next++) each(i);
  };
  std::vector<std::jthread> helpers;
  for (unsigned t = 1; t < threads && t < count; ++t) helpers.emplace_back(work);
  work();
}

}  // namespace urna::results
