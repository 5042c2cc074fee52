export const shells = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof shells)[number];

// Each asks `pan completion words` for what fits, one a line, with a description behind a tab; the words before the cursor are handed over as they are.

const bash = `# pan completion for bash (4.1 or newer). For every shell: eval "$(pan completion bash)" in ~/.bashrc
_pan() {
  local line word
  COMPREPLY=()
  while IFS= read -r line; do
    printf -v word '%q' "\${line%%$'\\t'*}"
    # The words come back here as they stand: a comma needs no quoting.
    COMPREPLY+=("\${word//\\\\,/,}")
  done < <("\${COMP_WORDS[0]}" completion words -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _pan pan
`;

const zsh = `#compdef pan
# pan completion for zsh. For every shell: source <(pan completion zsh) in ~/.zshrc, after compinit
_pan() {
  local -a lines values shown
  lines=("\${(@f)$("\${words[1]}" completion words -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  lines=("\${(@)lines:#}")
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
  pan completion words -- $before (commandline -ct) 2>/dev/null
end
complete -c pan -f -a '(__pan_words)'
`;

export const scripts: Readonly<Record<Shell, string>> = { bash, zsh, fish };
