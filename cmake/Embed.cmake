# Text files that the binary carries.
#
# daybook_embed(target [symbol file]...) makes each file of the tree a `std::string_view daybook::api::<symbol>` of the
# target; api/embedded.h declares them. daybook_embed_protos(target) makes all files of proto/ the table of
# cli/proto_texts.h.
#
# A file becomes a raw string literal in a generated .cc, made again when the file changes. The suffix sv takes its size
# from the literal; counting it would reach the compiler's limit for loops.
if(CMAKE_SCRIPT_MODE_FILE)
  if(PROTOS)
    set(rows)
    foreach(name ${PROTOS})
      file(READ ${DIRECTORY}/${name} text)
      string(APPEND rows "    {\"${name}\", R\"~~~(${text})~~~\"sv},\n")
    endforeach()
    file(WRITE ${OUTPUT}
      "#include \"cli/proto_texts.h\"\n\nnamespace daybook::cli {\nusing namespace std::string_view_literals;\nnamespace {\nconstexpr ProtoText kAll[] = {\n${rows}};\n}\nconstinit const std::span<const ProtoText> kProtoTexts = kAll;\n}\n")
    return()
  endif()
  file(READ ${INPUT} text)
  file(WRITE ${OUTPUT}
    "#include \"api/embedded.h\"\n\nnamespace daybook::api {\nusing namespace std::string_view_literals;\nconstinit const std::string_view ${SYMBOL} = R\"~~~(${text})~~~\"sv;\n}\n")
  return()
endif()

set(DAYBOOK_EMBED_SCRIPT ${CMAKE_CURRENT_LIST_FILE})
function(daybook_embed target)
  while(ARGN)
    list(POP_FRONT ARGN symbol file)
    set(source ${CMAKE_BINARY_DIR}/embedded/${symbol}.cc)
    add_custom_command(OUTPUT ${source}
      COMMAND ${CMAKE_COMMAND} -DINPUT=${CMAKE_SOURCE_DIR}/${file} -DOUTPUT=${source} -DSYMBOL=${symbol}
              -P ${DAYBOOK_EMBED_SCRIPT}
      DEPENDS ${CMAKE_SOURCE_DIR}/${file} ${DAYBOOK_EMBED_SCRIPT} VERBATIM)
    target_sources(${target} PRIVATE ${source})
  endwhile()
endfunction()

function(daybook_embed_protos target)
  set(directory ${CMAKE_SOURCE_DIR}/proto)
  file(GLOB_RECURSE names CONFIGURE_DEPENDS RELATIVE ${directory} ${directory}/*.proto)
  list(TRANSFORM names PREPEND ${directory}/ OUTPUT_VARIABLE files)
  set(source ${CMAKE_BINARY_DIR}/embedded/proto_texts.cc)
  add_custom_command(OUTPUT ${source}
    COMMAND ${CMAKE_COMMAND} "-DPROTOS=${names}" -DDIRECTORY=${directory} -DOUTPUT=${source} -P ${DAYBOOK_EMBED_SCRIPT}
    DEPENDS ${files} ${DAYBOOK_EMBED_SCRIPT} VERBATIM)
  target_sources(${target} PRIVATE ${source})
endfunction()
