#!/bin/sh
# What lint-traps.sh finds and what it lets pass, on a few lines of Swift.
set -eu
cd "$(dirname "$0")/.."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/code"

# Each line that ends with "// found" must be found, and no other.
cat >"$scratch/code/A.swift" <<'SWIFT'
let a = try! f() // found
let b = x as! Int // found
let c = list.first! // found
let d = f()![0] // found
let e = list[0]!.name // found
let f: Int! // found
let g = "text \(list.last!) text" // found
let h = #"text! \(x!) \#(x!) "#// found
unowned(unsafe) let i = x // found
run { [unowned self] in } // found
fatalError("no") // found
Swift.precondition(true) // found
precondition (x > 0) // found
assert(x) // found
default: preconditionFailure() // found
let j = x!==y
let k = x.unsafelyUnwrapped // found
let l = !a && !(b != c) || d !== e
let m = "stop! as! try! \"x!\" fatalError()"
let n = #"x! " y!"# + ##"x! "# y!"##
/* x! /* y! */ z! */ let o = 1
/*
 x! fatalError()
*/
let p = """
  x! "as!" \
  y!
  """
let q = """
  \(x!) y! // found
  """
// precondition(x)
func check(precondition: Bool) { myAssert(x); self.assertion(y) }
throw unowned(shard, 1)
let r = try? f() as? Int
let s = a != b, t = a !== b
SWIFT

: >"$scratch/list"
found=$(sh Scripts/lint-traps.sh "$scratch/code" "$scratch/list" | sed -n 's/^.*A\.swift:\([0-9]*\):.*/\1/p')
wanted=$(grep -n '// found$' "$scratch/code/A.swift" | cut -d: -f1)
if [ "$found" != "$wanted" ]; then
  echo "lint-traps finds lines $(echo $found), not $(echo $wanted)"
  exit 1
fi

# What is listed passes; what is listed without a reason, or is gone, does not.
printf 'guard(\n  precondition(\n    x, "y")\n' >"$scratch/code/A.swift"
expect() { # expect WHAT STATUS: the list's text comes from standard input
  cat >"$scratch/list"
  status=0
  sh Scripts/lint-traps.sh "$scratch/code" "$scratch/list" >/dev/null || status=$?
  [ "$status" = "$2" ] || { echo "lint-traps ends with $status where an entry $1"; exit 1; }
}
expect "is listed" 0 <<LIST
$scratch/code/A.swift
  precondition(x, "y")
    A reason.
LIST
expect "has no reason" 1 <<LIST
$scratch/code/A.swift
  precondition(x, "y")
LIST
expect "is gone" 1 <<LIST
$scratch/code/A.swift
  precondition(x, "y")
    A reason.
  precondition(x, "z")
    A reason.
LIST
