# Reads the names of Swift files; see lint-traps.sh.

# The list: a file's name at the margin, then its entries. An entry is the line of code, indented by
# two, and below it, indented by four, why no file and no option reaches it.
function readList(    line, file, code) {
  while ((getline line < list) > 0) {
    if (line ~ /^#/ || line ~ /^[ \t]*$/) continue
    if (line ~ /^    /) { sub(/^ +/, "", line); reason[code] = reason[code] " " line; continue }
    if (line ~ /^  /) { sub(/^ +/, "", line); code = file "\n" line; listed[code] = 1; continue }
    file = line
  }
  close(list)
}

# The code of a line, with comments and the text of strings blanked. What goes on in the next line
# stays in `depth` (nested comments) and in the stack of open strings: `kind` is "s" for a string,
# "c" for code interpolated in one; `hashes` and `quotes` end a string, `open` counts parentheses.
function code(line,    out, i, n, c, rest, h, q) {
  out = ""; n = length(line)
  for (i = 1; i <= n; i++) {
    c = substr(line, i, 1); rest = substr(line, i)
    if (depth > 0) {
      if (rest ~ /^\*\//) { depth--; i++ } else if (rest ~ /^\/\*/) { depth++; i++ }
      out = out " "
      continue
    }
    if (top > 0 && kind[top] == "s") {
      h = hashes[top]
      if (c == "\\" && substr(rest, 2, length(h) + 1) == h "(") {
        i += length(h) + 1; top++; kind[top] = "c"; open[top] = 1; out = out "("
      } else if (c == "\\" && h == "") { i++; out = out "  "
      } else if (substr(rest, 1, length(quotes[top] h)) == quotes[top] h) {
        i += length(quotes[top] h) - 1; top--; out = out "\""
      } else out = out " "
      continue
    }
    if (rest ~ /^\/\//) break
    if (rest ~ /^\/\*/) { depth = 1; i++; out = out " "; continue }
    if (match(rest, /^#*"/)) {
      h = substr(rest, 1, RLENGTH - 1)
      q = substr(rest, RLENGTH, 3) == "\"\"\"" ? "\"\"\"" : "\""
      top++; kind[top] = "s"; hashes[top] = h; quotes[top] = q
      i += length(h) + length(q) - 1; out = out "\""
      continue
    }
    if (top > 0 && c == "(") open[top]++
    if (top > 0 && c == ")" && --open[top] == 0) top--
    out = out c
  }
  # Only a string of three quotes goes on in the next line.
  while (top > 0 && kind[top] == "s" && quotes[top] == "\"") top--
  return out
}

# What in a line of code may trap; empty where nothing does.
function trapIn(text) {
  if (text ~ /(^|[^A-Za-z0-9_])(try|as)!/) return "try! or as!"
  if (text ~ /(^|[^A-Za-z0-9_.])unowned([ \t]*\((un)?safe\)|[ \t]+(let|var|self)([^A-Za-z0-9_]|$))/)
    return "an unowned reference"
  if (text ~ /\.unsafelyUnwrapped/) return "a forced unwrap"
  if (text ~ /(^|[^A-Za-z0-9_.]|Swift\.)(fatalError|precondition|preconditionFailure|assert|assertionFailure)[ \t]*\(/)
    return "a check that traps"
  # After a value or a type, where an operator would have spaces about it. `!==` and `!=` compare.
  if ((text " ") ~ /[A-Za-z0-9_)\]}>"`?]!([^=]|=[^= ])/) return "a forced unwrap"
  return ""
}

BEGIN { readList(); failures = 0 }

{
  file = $0; number = 0; depth = 0; top = 0; more = ""
  while ((getline line < file) > 0) {
    number++
    what = trapIn(code(line))
    if (what == "") continue
    sub(/^[ \t]+/, "", line)
    # What is checked may stand in the next line.
    if (line ~ /\($/ && (getline more < file) > 0) {
      code(more)
      sub(/^[ \t]+/, "", more)
      line = line more
    }
    key = file "\n" line
    at = number
    if (more != "") number++
    more = ""
    if (key in listed) { used[key] = 1; continue }
    printf "%s:%d: %s: %s\n", file, at, what, line
    failures++
  }
  close(file)
}

END {
  for (key in listed) {
    split(key, parts, "\n")
    if (!(key in used)) {
      printf "%s: listed in %s, but not there any more: %s\n", parts[1], list, parts[2]; failures++
    } else if (reason[key] == "") {
      printf "%s: listed in %s without a reason: %s\n", parts[1], list, parts[2]; failures++
    }
  }
  if (failures > 0) {
    print "Throw a typed error, or make it impossible by design; else state in " list \
      " why no file and no option reaches it."
    exit 1
  }
}
