# Language level, warnings, sanitizers and the compiler cache: what every
# target of the project shares. Used only by the top CMakeLists.txt.

option(URNA_WERROR "Treat warnings as errors" OFF)
option(URNA_SANITIZE "Build with AddressSanitizer and UBSan" OFF)
option(URNA_FUZZ "Build the libFuzzer targets (clang only)" OFF)

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")

# Assertions stay on in release builds (style.md, rule 6), so no -DNDEBUG.
set(CMAKE_CXX_FLAGS_RELEASE "-O2")
set(CMAKE_C_FLAGS_RELEASE "-O2")
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O1 -g1 -fno-omit-frame-pointer")
set(CMAKE_C_FLAGS_RELWITHDEBINFO "-O1 -g1 -fno-omit-frame-pointer")
set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g1")

find_program(CCACHE ccache)
if(CCACHE)
  # Paths relative to the project, so that another clone finds the same results.
  set(launcher "${CMAKE_COMMAND}" -E env "CCACHE_BASEDIR=${PROJECT_SOURCE_DIR}"
      CCACHE_NOHASHDIR=1 "${CCACHE}")
  set(CMAKE_CXX_COMPILER_LAUNCHER "${launcher}")
  set(CMAKE_C_COMPILER_LAUNCHER "${launcher}")
endif()
if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
  add_link_options(-fuse-ld=lld-19)
endif()

# One answer on every machine: no fused multiply-add behind our back.
add_compile_options(-ffp-contract=off)

if(URNA_SANITIZE)
  add_compile_definitions(URNA_SANITIZED=1)
  add_compile_options(-fsanitize=address,undefined
                      -fno-sanitize-recover=undefined)
  add_link_options(-fsanitize=address,undefined)
endif()
if(URNA_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

# Applied to our own targets only, never to what we include.
add_library(urna_warnings INTERFACE)
target_compile_options(
  urna_warnings
  INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion
            -Wnon-virtual-dtor -Woverloaded-virtual
            # gcc 12 sees these two in inlined optionals and vectors where they are not.
            $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>
            $<$<CXX_COMPILER_ID:GNU>:-Wno-stringop-overflow>
            $<$<BOOL:${URNA_WERROR}>:-Werror>)
