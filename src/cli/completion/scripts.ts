export const shells = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof shells)[number];

// Each script asks `pan completion words` for candidates, one per line with a tab and a description; the words before the cursor are passed as they are.

const bash = `# pan completion for bash (4.1 or newer). For every shell: eval "$(pan completion bash)" in ~/.bashrc
_pan() {
  local -a words=()
  local index piece line word head='' rest=$COMP_LINE
  # Bash divides words at : and = too, and puts in what stands behind the last of them.
  for ((index = 0; index <= COMP_CWORD; index++)); do
    piece=\${COMP_WORDS[index]}
    if ((index == 0)) || [[ $rest == [[:blank:]]* ]]; then
      words+=("$piece")
    else
      words[\${#words[@]} - 1]+=$piece
    fi
    rest=\${rest#"\${rest%%[![:blank:]]*}"}
    rest=\${rest#"$piece"}
  done
  line=\${words[\${#words[@]} - 1]}
  [[ $line == "$piece" && $piece != [:=]* ]] || head=\${line%"\${line##*[:=]}"}
  COMPREPLY=()
  while IFS= read -r line; do
    # What has no value of its own stands for files.
    [[ $line != $'\\t'* ]] || { compopt -o default 2>/dev/null; continue; }
    line=\${line%%$'\\t'*}
    printf -v word '%q' "\${line#"$head"}"
    # The words come back here as they stand: a comma needs no quoting.
    COMPREPLY+=("\${word//\\\\,/,}")
  done < <("\${words[0]}" completion words -- "\${words[@]:1}" 2>/dev/null)
}
complete -F _pan pan
`;

const zsh = `#compdef pan
# pan completion for zsh. For every shell: source <(pan completion zsh) in ~/.zshrc, after compinit
_pan() {
  local -a lines values shown files
  lines=("\${(@f)$("\${words[1]}" completion words -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  lines=("\${(@)lines:#}")
  # What has no value of its own stands for files.
  files=("\${(@M)lines:#$'\\t'*}")
  if (( \${#files} )); then
    lines=("\${(@)lines:#$'\\t'*}")
    [[ $PREFIX != --*=* ]] || compset -P '*='
    _files
  fi
  values=("\${(@)lines%%$'\\t'*}")
  shown=("\${(@)lines/$'\\t'/  }")
  (( \${#values} )) && compadd -l -d shown -- "\${(@)values}"
}
if [[ "\${funcstack[1]}" == _pan ]]; then _pan; else compdef _pan pan; fi
`;

const fish = `# pan completion for fish. For every shell: pan completion fish > ~/.config/fish/completions/pan.fish
function __pan_words
  set -l before (commandline -opc)
  set -e before[1]
  set -l token (commandline -ct)
  for line in (pan completion words -- $before $token 2>/dev/null)
    # What has no value of its own stands for files.
    if string match -q \\t'*' -- $line
      set -l option (string match -r -- '^--[\\w-]+=' $token)
      for path in (__fish_complete_path (string replace -r -- '^--[\\w-]+=' '' $token))
        echo "$option$path"
      end
    else
      echo $line
    end
  end
end
complete -c pan -f -a '(__pan_words)'
`;

export const scripts: Readonly<Record<Shell, string>> = { bash, zsh, fish };
