// Certificates for tests, made on the spot: a root, and leaves it signs for servers and
// clients, also expired ones. Never linked into a program.
//
// Thread rule: plain values.
#pragma once

#include <memory>
#include <string>

namespace urna::http::testing {

struct Pem {
  std::string certificate;
  std::string key;
};

class TestRoot {
 public:
  explicit TestRoot(const std::string& name);
  ~TestRoot();
  [[nodiscard]] const std::string& certificate() const;
  // For the host names and addresses in `alternatives`, such as "IP:127.0.0.1" or
  // "DNS:a.example"; valid until `days_left` from now (negative: expired).
  [[nodiscard]] Pem issue(const std::string& common_name,
                          const std::string& alternatives, int days_left = 1) const;

 private:
  struct Keys;
  std::unique_ptr<Keys> keys_;
};

}  // namespace urna::http::testing
