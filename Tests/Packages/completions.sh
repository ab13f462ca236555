#!/bin/sh
# Asks the shells that are here to complete words, as a person does with the tab key.
#
#   sh Tests/Packages/completions.sh SHARE
#
# SHARE is the folder that has the completions; `albert` is on the PATH.
set -eu
share=$(realpath "$1")
words=$(realpath "$(dirname "$0")")/completions.zsh
zsh=$(dirname "$(find "$share/zsh" -name _albert)")
scratch=$(mktemp -d "${TMPDIR:-/tmp}/albert-completions.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
# A shell that is started writes settings of its own.
export HOME="$scratch"
mkdir "a folder"
touch model.albert golden.npz page.html

# The line as far as it was typed, and what the shell makes of its last word.
cases='albert con|convert
albert conv|convert
albert tok|tokenize
albert --ver|--version
albert convert --to hugg|huggingface
albert convert --dtype b|bf16
albert convert --no-ver|--no-verify
albert convert mod|model.albert
albert verify model.albert --golden g|golden.npz
albert verify --color al|always
albert run --engine graph-|graph-f32
albert inspect --html p|page.html
albert variants --plan vocab|vocab_size=
albert survey --format sq|sqlite
albert help forma|formats
albert help exit|exit-codes
albert help conv|convert'

# What bash's function offers for the line.
in_bash() {
  bash -ec '. "$1"
    read -ra COMP_WORDS <<<"$2"; COMP_LINE=$2; COMP_POINT=${#COMP_LINE}; COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
    function=$(complete -p albert | sed "s/.*-F \([^ ]*\).*/\1/")
    $function albert "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}" || true
    printf "%s\n" "${COMPREPLY[@]}"' bash "$share/bash-completion/completions/albert" "$1"
}
in_fish() {
  FISH=$share/fish/vendor_completions.d/albert.fish LINE=$1 fish -c 'source $FISH; complete -C $LINE' | cut -f1
}
# A shell at a terminal of its own: the tab key is pressed in it.
in_zsh() { FOLDER=$zsh LINE=$1 zsh -f "$words"; }

for shell in bash zsh fish; do
  command -v "$shell" >/dev/null || continue
  printf '%s\n' "$cases" >cases
  while IFS='|' read -r line word; do
    "in_$shell" "$line" >offered 2>said </dev/null || true
    grep -qxF -e "$word" offered || {
      echo "FAILED: $shell does not complete \"$line\" to $word, but offers:"
      cat offered said
      exit 1
    }
  done <cases
  echo "  $shell completes $(wc -l <cases) lines"
done
