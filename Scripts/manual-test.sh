#!/bin/sh
# The manual of a tool that is made up: what lands in it is in every page, and what lacks is told.
set -eu
cd "$(dirname "$0")/.."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cat >"$scratch/tool" <<'TOOL'
#!/bin/sh
[ "$1" != --version ] || { echo 1.2.3; exit; }
cat <<'JSON'
{"serializationVersion": 0, "command": {"commandName": "albert", "abstract": "Do things.",
 "discussion": "EXAMPLES\n  albert new -x\n\nEXIT CODES\n  0  done\n  1  it does not hold\n  2  no\n\nENVIRONMENT\n  TERM  a\n        terminal\n\nFILES\n  f.json  a file",
 "arguments": [], "subcommands": [
 {"commandName": "new", "abstract": "Bring in a | new thing.", "superCommands": ["albert"],
  "discussion": "It takes --force\nand .5 of it.\n\n'Quoted' first.\n\nEXAMPLE\n  albert new a\\b --force\n\nKINDS\n  one  the first",
  "arguments": [
   {"kind": "positional", "valueName": "path", "abstract": "A path.", "isOptional": false, "isRepeating": true},
   {"kind": "flag", "valueName": "force", "abstract": "Force.", "isOptional": true, "isRepeating": false,
    "names": [{"kind": "short", "name": "f"}, {"kind": "long", "name": "force"}]},
   {"kind": "flag", "valueName": "ask", "abstract": "Ask…", "isOptional": true, "isRepeating": false,
    "names": [{"kind": "long", "name": "ask"}], "defaultValue": "--ask"},
   {"kind": "flag", "valueName": "no-ask", "abstract": "Ask…", "isOptional": true, "isRepeating": false,
    "names": [{"kind": "long", "name": "no-ask"}]},
   {"kind": "option", "valueName": "how", "abstract": "How.", "isOptional": true, "isRepeating": false,
    "names": [{"kind": "long", "name": "how"}], "allValues": ["so", "thus"], "defaultValue": "so"}]},
 {"commandName": "bare", "abstract": "Have no example.", "superCommands": ["albert"], "arguments": [
   {"kind": "flag", "valueName": "mute", "isOptional": true, "isRepeating": false,
    "names": [{"kind": "long", "name": "mute"}]}]}]}}
JSON
TOOL
chmod +x "$scratch/tool"
python3 Scripts/manual.py man "$scratch/tool" "$scratch/man"
page="$scratch/man/albert-new.1"
wants() { grep -qxF -- "$1" "$page" || { echo "albert-new.1 lacks: $1"; cat "$page"; exit 1; }; }
wants '.TH "ALBERT\-NEW" "1" "" "albert 1.2.3" "AlbertKit"'
wants 'It takes \fB\-\-force\fR and .5 of it.'
wants "\\&'Quoted' first."
wants 'albert new a\eb \-\-force'
wants '\fB\-\-ask/\-\-no\-ask\fR'
wants 'Ask\[u2026] (default: \fB\-\-ask\fR)'
wants 'How. One of so, thus. (default: so)'
wants '.SH "KINDS"'
wants 'a terminal'
grep -q 'it does not hold' "$page" && { echo "an answer that the command does not give"; exit 1; }
grep -q 'it does not hold' "$scratch/man/albert.1"
found=$(python3 Scripts/manual.py check "$scratch/tool" || true)
for problem in 'albert-bare(1) has no EXAMPLES' 'albert-bare(1): --mute says nothing of itself' \
  'TMPDIR is read, and ENVIRONMENT does not say so' 'docs/commands.md is not what the tool says'; do
  echo "$found" | grep -qF -- "$problem" || { echo "manual.py does not tell: $problem"; echo "$found"; exit 1; }
done
