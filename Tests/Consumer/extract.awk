# Writes the Swift blocks of a Markdown section to files, word for word.
#
#   awk -v section="# As a library" -v folder=DIR -v tests=DIR -f extract.awk docs/library.md
#
# Statements become the body of a function, since an executable has one main file only; declarations of tests
# stay as they are. A block that imports nothing is no program. `runExamples` calls all in their order.
function close_block(   name, file, is_async, i) {
  if (imports == "") { return }
  if (is_test) {
    file = tests "/Example" count ".swift"
    printf "%s\n%s", imports, body > file
    close(file)
    return
  }
  name = "example" (++count)
  file = folder "/Example" count ".swift"
  is_async = body ~ /await /
  printf "%s\nfunc %s() %sthrows {\n%s}\n", imports, name, is_async ? "async " : "", body > file
  close(file)
  calls = calls "  try " (is_async ? "await " : "") name "()\n"
}
/^##? / { inside = ($0 == section) }
!inside { next }
/^```swift$/ { block = 1; imports = body = ""; is_test = 0; next }
/^```$/ { if (block) close_block(); block = 0; next }
block && /^import / { imports = imports $0 "\n"; next }
block { body = body $0 "\n"; if ($0 ~ /^@Test/) is_test = 1 }
END {
  if (calls == "") { print "no code in the section" > "/dev/stderr"; exit 1 }
  printf "func runExamples() async throws {\n%s}\n", calls > (folder "/Examples.swift")
}
