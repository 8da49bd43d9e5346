# One static library a folder, and one test binary a folder of tests.

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
endfunction()

# daybook_tests(folder LABEL label LIBRARIES target...): every .cc below tests/<folder> in one binary, each TEST a ctest test.
function(daybook_tests folder)
  cmake_parse_arguments(ARG "" "LABEL" "LIBRARIES" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/${folder}/*.cc)
  if(NOT sources)
    return()
  endif()
  add_executable(tests_${folder} ${sources})
  target_link_libraries(tests_${folder} PRIVATE ${ARG_LIBRARIES} daybook_warnings GTest::gmock GTest::gtest_main)
  gtest_discover_tests(tests_${folder} TEST_PREFIX ${folder}. DISCOVERY_TIMEOUT 60
    PROPERTIES LABELS ${ARG_LABEL} TIMEOUT 120)
endfunction()
