// K, the key to which ballots are encrypted: any group element but the identity, under
// which every vote would lie open. Thread rule: plain value. Public.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "group/element.hpp"

namespace urna::ballot {

class JointKey {
 public:
  [[nodiscard]] static Result<JointKey> make(const group::Element& key);
  [[nodiscard]] static Result<JointKey> decode(ByteView bytes);

  [[nodiscard]] const group::Element& element() const { return element_; }

 private:
  explicit JointKey(const group::Element& element) : element_(element) {}
  group::Element element_;
};

}  // namespace urna::ballot
