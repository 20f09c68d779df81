// urna-verify: the verifier alone. What an outsider compiles, reads and runs to check
// an election; it needs no network, no database and no key.
#include "base/memory.hpp"
#include "record/verify_app.hpp"

#include <cstdio>
#include <exception>

#include <CLI/CLI.hpp>

int main(int argc, char** argv) {
  urna::base::keep_freed_memory();
  CLI::App app{
      "Checks the public record of an election, from the first byte of the log "
      "to the last seat."};
  app.name("urna-verify");
  int status = 0;
  urna::record::add_verify_options(app, status);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return 2;
  }
  return status;
}
