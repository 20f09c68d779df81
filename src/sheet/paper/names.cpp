#include "sheet/paper/names.hpp"

#include "sheet/paper/words.hpp"

#include <fmt/format.h>

namespace urna::sheet {

std::vector<std::string> usual_signers(std::string_view language) {
  const Words& w = words_of(language);
  return {std::string(w.president), std::string(w.secretary), std::string(w.member_a),
          std::string(w.witness_a), std::string(w.witness_b), std::string(w.operator_)};
}

SheetNames names_from_codes(const SheetFields& fields, std::string_view language) {
  SheetNames out;
  out.election = fmt::format("{} {}", words_of(language).election_hash,
                             short_digest(fields.election));
  for (const ContestResult& contest : fields.contests) {
    ContestNames names;
    names.title = contest.code;
    for (const OptionVotes& option : contest.options)
      names.options.push_back(option.code);
    out.contests.push_back(std::move(names));
  }
  out.signers = usual_signers(language);
  return out;
}

}  // namespace urna::sheet
