# What zsh makes of the last word of LINE where the tab key is pressed; FOLDER has the completion's function.
# (Completion works in an editor at a terminal alone, which zpty provides.)
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "fpath=(${(q)FOLDER} \$fpath); unsetopt beep; autoload -Uz compinit; compinit -u -D; "\
"show() { print -r -- LI''NE=\$BUFFER=END }; zle -N show; bindkey '^X' show; print STA''RTED"
zpty -r -m shell said '*STARTED*'
zpty -w -n shell $LINE$'\t'
zpty -w -n shell $'\C-x'
zpty -r -m shell said '*LINE=*=END*'
said=${said##*LINE=}
said=${said%%=END*}
print -r -- ${${said% }##* }
