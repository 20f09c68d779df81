#include "election/demo_definition.hpp"

#include "base/encoding.hpp"

namespace urna::election {

Result<DefinitionFiles> read_demo_definition(base::FileSystem& disk,
                                             const std::string& folder,
                                             const crypto::PublicKey& authority,
                                             const ErrorKind& refusal) {
  base::Report report;
  auto definition = read_definition_files(disk, folder, report);
  if (!definition) return std::unexpected(report.first_problem());
  for (auto& [name, bytes] : definition->files) {
    if (name != "election.json") continue;
    const std::size_t brace = bytes.find('{');
    if (brace == std::string::npos || bytes.find("\"demo\"") == std::string::npos) {
      return fail(refusal, "a demonstration needs a definition of mode demo");
    }
    bytes.insert(brace + 1, "\"device_authorities\": [\"" +
                                base::to_hex(authority.bytes()) + "\"],");
  }
  return *std::move(definition);
}

}  // namespace urna::election
