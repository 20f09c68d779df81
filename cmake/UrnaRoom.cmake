# urna_room(), urna_test(), urna_program(): one way to declare each thing.
#
#   urna_room(NAME seats SOURCES a.cpp b.cpp DEPENDS base LIBS fmt::fmt)
#     a static library urna_seats (alias urna::seats). DEPENDS names rooms and
#     must point to lower floors; LIBS names outside libraries.
#   urna_test(seats SOURCES a_test.cpp [LIBS x] [LABELS slow])
#     one GoogleTest program seats_test per room, labelled with the room.
#   urna_program(NAME urna SOURCES main.cpp DEPENDS cli LIBS x)

# Which floor each room stands on; docs/architecture.md has the picture.
set(URNA_FLOOR_base 1)
set(URNA_FLOOR_group 2)
set(URNA_FLOOR_store 2)
set(URNA_FLOOR_http 2)
set(URNA_FLOOR_crypto 3)
set(URNA_FLOOR_log 4)
set(URNA_FLOOR_election 4)
set(URNA_FLOOR_seats 4)
set(URNA_FLOOR_finger 4)
set(URNA_FLOOR_ballot 5)
set(URNA_FLOOR_sheet 5)
set(URNA_FLOOR_people 5)
set(URNA_FLOOR_sheet_paper 6)
set(URNA_FLOOR_trustees 6)
set(URNA_FLOOR_count 6)
set(URNA_FLOOR_audit 7)
set(URNA_FLOOR_record 7)
set(URNA_FLOOR_cli 9)
set(URNA_FLOOR_machine 8)
set(URNA_FLOOR_checkin 8)
set(URNA_FLOOR_center 8)
set(URNA_FLOOR_rehearse 8)
set(URNA_FLOOR_results 8)
set(URNA_FLOOR_simulate 9)

function(urna_room)
  cmake_parse_arguments(ARG "" "NAME" "SOURCES;DEPENDS;LIBS;PRIVATE_LIBS" ${ARGN})
  if(NOT DEFINED URNA_FLOOR_${ARG_NAME})
    message(FATAL_ERROR "room '${ARG_NAME}' has no floor in UrnaRoom.cmake")
  endif()
  foreach(dep IN LISTS ARG_DEPENDS)
    if(NOT URNA_FLOOR_${dep} LESS URNA_FLOOR_${ARG_NAME})
      message(FATAL_ERROR "room '${ARG_NAME}' (floor ${URNA_FLOOR_${ARG_NAME}}) "
                          "may not depend on '${dep}' (floor ${URNA_FLOOR_${dep}})")
    endif()
  endforeach()
  list(TRANSFORM ARG_DEPENDS PREPEND urna::)
  add_library(urna_${ARG_NAME} STATIC ${ARG_SOURCES})
  add_library(urna::${ARG_NAME} ALIAS urna_${ARG_NAME})
  target_include_directories(urna_${ARG_NAME} PUBLIC "${PROJECT_SOURCE_DIR}/src")
  target_link_libraries(urna_${ARG_NAME}
    PUBLIC ${ARG_DEPENDS} ${ARG_LIBS}
    PRIVATE urna_warnings ${ARG_PRIVATE_LIBS})
endfunction()

function(urna_test room)
  cmake_parse_arguments(ARG "" "NAME;TIMEOUT" "SOURCES;LIBS;LABELS" ${ARGN})
  if(NOT ARG_NAME)
    set(ARG_NAME ${room}_test)
  endif()
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 600)
  endif()
  add_executable(${ARG_NAME} ${ARG_SOURCES})
  target_link_libraries(${ARG_NAME} PRIVATE urna::${room} urna_warnings
    GTest::gtest GTest::gmock GTest::gtest_main ${ARG_LIBS})
  target_compile_definitions(${ARG_NAME} PRIVATE
    URNA_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
    URNA_BINARY_DIR="${CMAKE_BINARY_DIR}")
  add_test(NAME ${ARG_NAME} COMMAND ${ARG_NAME}
           WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}")
  set_tests_properties(${ARG_NAME} PROPERTIES
    LABELS "${room};${ARG_LABELS}" TIMEOUT ${ARG_TIMEOUT}
    ENVIRONMENT "UBSAN_OPTIONS=print_stacktrace=1")
endfunction()

function(urna_program)
  cmake_parse_arguments(ARG "" "NAME" "SOURCES;DEPENDS;LIBS" ${ARGN})
  list(TRANSFORM ARG_DEPENDS PREPEND urna::)
  add_executable(${ARG_NAME} ${ARG_SOURCES})
  target_link_libraries(${ARG_NAME} PRIVATE ${ARG_DEPENDS} ${ARG_LIBS}
                        urna_warnings)
endfunction()

# A libFuzzer target, built only by the `fuzz` preset.
function(urna_fuzz name)
  if(NOT URNA_FUZZ)
    return()
  endif()
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS;LIBS" ${ARGN})
  list(TRANSFORM ARG_DEPENDS PREPEND urna::)
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_DEPENDS} ${ARG_LIBS} urna_warnings)
  target_link_options(${name} PRIVATE -fsanitize=fuzzer)
endfunction()

# A Google Benchmark program, run by ./bench.
function(urna_bench name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS;LIBS" ${ARGN})
  list(TRANSFORM ARG_DEPENDS PREPEND urna::)
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_DEPENDS} ${ARG_LIBS}
                        benchmark::benchmark urna_warnings)
endfunction()

# A program that marks its secrets undefined, run under valgrind twice: once as it is,
# when it must be clean, and once with --leak, when valgrind must catch it. Valgrind
# knows no AVX-512 and no sanitizers.
function(urna_constant_time_test room program)
  find_program(VALGRIND valgrind REQUIRED)
  set(run ${VALGRIND} --quiet --error-exitcode=9
      --suppressions=${PROJECT_SOURCE_DIR}/tools/valgrind.supp)
  add_test(NAME ${program} COMMAND ${run} $<TARGET_FILE:${program}>)
  add_test(NAME ${program}_leak COMMAND ${run} $<TARGET_FILE:${program}> --leak)
  set_tests_properties(${program}_leak PROPERTIES WILL_FAIL TRUE)
  set_tests_properties(${program} ${program}_leak PROPERTIES
    LABELS "${room};no_asan" TIMEOUT 300 ENVIRONMENT "URNA_FORCE_PORTABLE=1")
endfunction()
