# How every translation unit of the project is compiled and linked.
set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

# The time goes into RocksDB, syncs and protobuf; a third level of our own code buys nothing and costs a third of the build.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")

option(DAYBOOK_WERROR "Treat warnings as errors" ON)
set(DAYBOOK_SANITIZE "" CACHE STRING "Sanitizers for every target: 'address,undefined' or 'thread'")

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # What ccache needs to look through precompiled headers (its manual, "Precompiled headers"). Paths count from the tree,
  # so that a copy of it finds the same objects (tests/system/model_patches_test.py).
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros
    CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} ${CCACHE_PROGRAM})
  add_compile_options(-fpch-preprocess)
endif()

# Warnings belong to our own code only: generated protobuf files do not link this target. GCC 12 sees overlapping copies in
# every optimised `"text" + string` (GCC bug 105651), hence -Wno-restrict.
add_library(daybook_warnings INTERFACE)
target_compile_options(daybook_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-restrict $<$<BOOL:${DAYBOOK_WERROR}>:-Werror>)

add_compile_definitions($<$<CONFIG:Debug>:_GLIBCXX_ASSERTIONS>)
if(DAYBOOK_SANITIZE)
  add_compile_options(-fsanitize=${DAYBOOK_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${DAYBOOK_SANITIZE})
else()
  add_compile_definitions(_GLIBCXX_ASSERTIONS)
  add_compile_options(-fstack-protector-strong $<$<CONFIG:Release,RelWithDebInfo>:-D_FORTIFY_SOURCE=2>)
  add_link_options(-pie -Wl,-z,relro,-z,now)
endif()

find_program(MOLD_PROGRAM mold)
if(MOLD_PROGRAM)
  add_link_options(-fuse-ld=mold)
endif()
