#compdef harvest
# Completes the words of harvest in zsh. For this shell, after compinit:
#     source <(harvest completion zsh)
# For every session, put that line into ~/.zshrc, or the script as _harvest into a folder of $fpath.
_harvest() {
    local -a lines texts open shown shown_open
    local line text note paths
    lines=("${(@f)$("${words[1]}" complete -- "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)}")
    for line in $lines; do
        text=${line%%$'\t'*}
        note=${line#*$'\t'}
        if [[ $text == :* ]]; then
            paths=$text
        elif [[ $text == *= ]]; then
            # More follows right behind it, so that no space is put there.
            open+=("$text")
            shown_open+=("${text}${note:+  -- $note}")
        else
            texts+=("$text")
            shown+=("${text}${note:+  -- $note}")
        fi
    done

    local found=1
    # -V keeps the program's order: the newest slice first.
    (($#texts)) && compadd -l -V harvest -d shown -a texts && found=0
    (($#open)) && compadd -l -S '' -V harvest-open -d shown_open -a open && found=0
    case $paths in
        :files) _files && found=0 ;;
        :folders) _files -/ && found=0 ;;
    esac
    return found
}

# Found through $fpath the file is the function's body; sourced it makes the function known.
if [[ $funcstack[1] == _harvest ]]; then
    _harvest "$@"
else
    compdef _harvest harvest
fi
