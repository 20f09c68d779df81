// The fixture of tests that must hold on every implementation of the bulk arithmetic:
// each TEST_P runs once a path and says so when it skips one this CPU lacks. Tests
// only.
#pragma once

#include "group/cpu_path.hpp"

#include <gtest/gtest.h>

namespace urna::group::testing {

class BothPaths : public ::testing::TestWithParam<CpuPath> {
 protected:
  void SetUp() override {
    before_ = cpu_path();
    use_cpu_path(GetParam());
    if (cpu_path() != GetParam()) GTEST_SKIP() << "this CPU lacks the path";
  }
  void TearDown() override { use_cpu_path(before_); }

 private:
  CpuPath before_ = CpuPath::portable;
};

[[nodiscard]] inline std::string path_name(
    const ::testing::TestParamInfo<CpuPath>& info) {
  return info.param == CpuPath::portable ? "portable" : "ifma";
}

}  // namespace urna::group::testing
