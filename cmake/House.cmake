# One static library a folder, and one test binary a folder of tests.

# Headers that nearly every file reads, compiled once a target: most of the time to compile a file of ours is spent in them.
# Each file still includes what it uses; clang-tidy reads the files without this (tests/house/tidy_test.py).
set(DAYBOOK_COMMON_HEADERS <algorithm> <array> <chrono> <cstdint> <deque> <expected> <functional> <map> <memory> <mutex>
  <optional> <set> <span> <stdexcept> <string> <string_view> <thread> <unordered_map> <utility> <variant> <vector>
  <google/protobuf/extension_set.h> <google/protobuf/generated_message_reflection.h> <google/protobuf/message.h>
  <google/protobuf/repeated_field.h> <google/protobuf/unknown_field_set.h>)

# daybook_library(name [PUBLIC target...] [PRIVATE target...]): every .cc below the folder `name`.
function(daybook_library name)
  cmake_parse_arguments(ARG "" "" "PUBLIC;PRIVATE" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${name}/*.cc)
  if(NOT sources)
    add_library(daybook_${name} INTERFACE)
    return()
  endif()
  add_library(daybook_${name} STATIC ${sources})
  target_include_directories(daybook_${name} PUBLIC ${CMAKE_SOURCE_DIR})
  target_link_libraries(daybook_${name} PUBLIC ${ARG_PUBLIC} PRIVATE daybook_warnings ${ARG_PRIVATE} Threads::Threads)
  target_precompile_headers(daybook_${name} PRIVATE ${DAYBOOK_COMMON_HEADERS})
endfunction()

# daybook_tests(folder LABEL label LIBRARIES target... [WITHOUT subfolder] [SOURCES file...] [PROPERTIES name value...]): every .cc
# below tests/<folder> in one binary, each TEST a ctest test. A subfolder that is left out has a binary of its own.
function(daybook_tests path)
  cmake_parse_arguments(ARG "" "LABEL;WITHOUT" "LIBRARIES;SOURCES;PROPERTIES" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/${path}/*.cc)
  if(ARG_WITHOUT)
    list(FILTER sources EXCLUDE REGEX "/tests/${path}/${ARG_WITHOUT}/")
  endif()
  if(NOT sources)
    return()
  endif()
  string(REPLACE "/" "_" folder ${path})
  add_executable(tests_${folder} ${sources} ${ARG_SOURCES})
  # Tests are built more often than they are run. At -O1 GCC 12 sees overruns in every `"text" + string` (GCC bug 105329).
  target_compile_options(tests_${folder} PRIVATE $<$<CONFIG:Release>:-O1 -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread>)
  target_link_libraries(tests_${folder} PRIVATE ${ARG_LIBRARIES} daybook_warnings GTest::gmock GTest::gtest_main)
  target_precompile_headers(tests_${folder} PRIVATE ${DAYBOOK_COMMON_HEADERS} <gmock/gmock.h> <gtest/gtest.h>)
  gtest_discover_tests(tests_${folder} TEST_PREFIX ${folder}. DISCOVERY_TIMEOUT 60
    PROPERTIES LABELS ${ARG_LABEL} TIMEOUT 120 ${ARG_PROPERTIES})
endfunction()
