#include "ballot/joint_key.hpp"

#include "ballot/errors.hpp"

namespace urna::ballot {

Result<JointKey> JointKey::make(const group::Element& key) {
  if (key.is_identity()) {
    return fail(errors::bad_key, "the joint key is the identity",
                "take the key from the key ceremony's result");
  }
  return JointKey(key);
}

Result<JointKey> JointKey::decode(ByteView bytes) {
  URNA_TRY(const group::Element element, group::Element::decode(bytes));
  return make(element);
}

}  // namespace urna::ballot
