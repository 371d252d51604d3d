# Completes the words of harvest in bash. For this shell:
#     source <(harvest completion bash)
# For every session, put that line into ~/.bashrc. bash 3.2 of macOS: eval "$(harvest completion bash)"
_harvest_complete() {
    local words=() word i glued=
    for ((i = 1; i <= COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        # bash cuts words at '=' and ':'; the program wants them whole.
        if [[ $glued || ${#words[@]} -gt 0 && ( $word == [=:]* ) ]]; then
            words[${#words[@]} - 1]+=$word
            glued=
        else
            words+=("$word")
        fi
        [[ $word == [=:] ]] && glued=1
    done

    # As the words would be read once the line is run.
    for ((i = 0; i < ${#words[@]}; i++)); do
        word=${words[i]}
        case $word in
            \"*) word=${word#\"} word=${word%\"} ;;
            \'*) word=${word#\'} word=${word%\'} ;;
            *) word=${word//\\/} ;;
        esac
        words[i]=$word
    done

    # Only what is behind the last '=' or ':' is replaced.
    local current=${COMP_WORDS[COMP_CWORD]} whole=${words[${#words[@]} - 1]} head=
    [[ $current == [=:] ]] && current=
    [[ $whole == *[=:]* ]] && head=${whole%"$current"}

    local text note paths=
    COMPREPLY=()
    while IFS=$'\t' read -r text note; do
        case $text in
            :files | :folders) paths=$text ;;
            *) COMPREPLY+=("${text#"$head"}") ;;
        esac
    done < <("${COMP_WORDS[0]}" complete -- "${words[@]}" 2>/dev/null)

    if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]]; then
        compopt -o nospace 2>/dev/null
    fi

    local kind=-f usual=default
    [[ $paths == :folders ]] && kind=-d usual=dirnames
    # Names of files alone are bash's own business: it knows quotes and '~'. bash 3.2 has no compopt.
    if [[ $paths ]] && { ((${#COMPREPLY[@]} > 0)) || ! compopt -o "$usual" 2>/dev/null; }; then
        compopt -o filenames 2>/dev/null
        while IFS= read -r text; do
            COMPREPLY+=("$text")
        done < <(compgen "$kind" -- "$current")
    fi
    # The program's order says more than the alphabet: the newest slice first.
    compopt -o nosort 2>/dev/null
    return 0
}
complete -F _harvest_complete harvest
