/** `fdfs completion SHELL`: a script that completes commands, options and values. */
import { OPTIONS, UsageError } from '../args.ts'
import type { Context } from '../context.ts'

type OptionName = keyof typeof OPTIONS

const CONNECTING = ['trackers', 'profile', 'data'] as const
const ALWAYS = ['json', 'quiet', 'help'] as const
const MOVING = [...CONNECTING, ...ALWAYS, 'jobs', 'fresh'] as const

interface CommandWords {
  about: string
  options: readonly OptionName[]
  /** Words that can follow; else files of this computer are offered where `paths` is set. */
  words?: readonly string[]
  paths?: boolean
}

const COMMANDS: Record<string, CommandWords> = {
  upload: { about: 'send files and folders', options: [...MOVING, 'group', 'meta', 'folder', 'watch', 'read-only'], paths: true },
  sync: { about: 'send what is new or changed', options: [...MOVING, 'group', 'meta', 'folder', 'watch', 'read-only'], paths: true },
  download: { about: 'fetch files into a folder', options: [...MOVING, 'output', 'conflict'] },
  zip: { about: 'fetch files as one archive', options: [...MOVING, 'output'] },
  info: { about: 'size, CRC-32 and source of files', options: [...CONNECTING, ...ALWAYS] },
  meta: { about: 'metadata', options: [...CONNECTING, ...ALWAYS, 'read-only'], words: ['get', 'set', 'merge'] },
  delete: { about: 'delete files from the server', options: [...CONNECTING, ...ALWAYS, 'read-only'] },
  ls: { about: 'list the files of a group', options: [...CONNECTING, ...ALWAYS, 'path'] },
  groups: { about: 'groups and storages', options: [...CONNECTING, ...ALWAYS] },
  doctor: { about: 'test the connection', options: [...CONNECTING, ...ALWAYS] },
  decode: { about: 'what an ID alone tells', options: ALWAYS },
  completion: { about: 'completion for a shell', options: ['help'], words: ['bash', 'zsh', 'fish', 'powershell'] },
  help: { about: 'help pages', options: [], words: [] }
}
COMMANDS['help']!.words = Object.keys(COMMANDS).filter((name) => name !== 'help')

/** Values of options, where they are known beforehand; `files` and `folders` are of this computer. */
const VALUES: Partial<Record<OptionName, readonly string[] | 'files' | 'folders'>> = {
  conflict: ['rename', 'overwrite', 'skip'],
  output: 'files',
  data: 'folders'
}

/** What an option is for, where a shell shows that beside it. No quotation marks. */
const ABOUT: Record<OptionName, string> = {
  trackers: 'addresses of trackers, host:port',
  profile: 'a connection saved in FastDFS Desktop',
  data: 'where FastDFS Desktop keeps its data',
  group: 'the group to use',
  meta: 'metadata for every file, key=value',
  output: 'where to write',
  path: 'only this store path',
  folder: 'folder of the library',
  conflict: 'when a name exists',
  jobs: 'how many files at once',
  watch: 'go on with what appears or changes',
  fresh: 'start anew instead of going on',
  json: 'one JSON object per file',
  quiet: 'no progress',
  'read-only': 'refuse everything that changes the server',
  help: 'show the help page',
  version: 'show the version'
}

const isValue = (name: OptionName): boolean => OPTIONS[name].type === 'string'
const shortOf = (name: OptionName): string | null => {
  const option = OPTIONS[name]
  return 'short' in option ? option.short : null
}
const flags = (names: readonly OptionName[]): string[] =>
  names.flatMap((name) => [`--${name}`, ...(shortOf(name) ? [`-${shortOf(name)}`] : [])])
const entries = Object.entries(COMMANDS)
const valueFlags = flags((Object.keys(OPTIONS) as OptionName[]).filter((name) => isValue(name) && VALUES[name] === undefined))

function bash(): string {
  const options = entries.map(
    ([name, command]) => `    ${name}) words="${[...flags(command.options), ...(command.words ?? [])].join(' ')}" ;;`
  )
  const known = (Object.keys(VALUES) as OptionName[]).map((name) => {
    const values = VALUES[name]!
    const reply =
      values === 'files'
        ? 'compgen -f -- "$current"'
        : values === 'folders'
          ? 'compgen -d -- "$current"'
          : `compgen -W "${values.join(' ')}" -- "$current"`
    return `    ${flags([name]).join('|')}) mapfile -t COMPREPLY < <(${reply}); return ;;`
  })
  return `# fdfs completion for bash: eval "$(fdfs completion bash)"
_fdfs() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" command="" words="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in -*) ;; *) command="$word"; break ;; esac
  done
  COMPREPLY=()
  case "$previous" in
${known.join('\n')}
    ${valueFlags.join('|')}) return ;;
  esac
  case "$command" in
    "") words="${[...Object.keys(COMMANDS), '--help', '--version'].join(' ')}" ;;
${options.join('\n')}
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
  case "$command" in
    ${entries
      .filter(([, { paths }]) => paths)
      .map(([name]) => name)
      .join('|')}) [[ "$current" == -* ]] || mapfile -t -O "\${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$current") ;;
  esac
}
complete -o filenames -F _fdfs fdfs`
}

function zsh(): string {
  const value = (name: OptionName): string => {
    if (!isValue(name)) return ''
    const values = VALUES[name]
    return `:${name}:${values === 'files' ? '_files' : values === 'folders' ? '_files -/' : values ? `(${values.join(' ')})` : ' '}`
  }
  const option = (name: OptionName): string => {
    const short = shortOf(name)
    const repeated = name === 'meta' ? "'*'" : short ? `'(-${short} --${name})'` : ''
    const both = short ? `{-${short},--${name}}` : `--${name}`
    return `${repeated}${both}'[${ABOUT[name]}]${value(name)}'`
  }
  const cases = entries.map(([name, { options, words, paths }]) => {
    const rest = words ? ` '1:word:(${words.join(' ')})'` : paths ? " '*:file:_files'" : " '*:file ID:()'"
    return `    ${name}) _arguments ${options.map(option).join(' ')}${rest} ;;`
  })
  return `#compdef fdfs
# fdfs completion for zsh: eval "$(fdfs completion zsh)"
_fdfs() {
  local -a commands=(${entries.map(([name, { about }]) => `'${name}:${about}'`).join(' ')})
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command="$words[2]"
  shift words
  (( CURRENT-- ))
  case "$command" in
${cases.join('\n')}
  esac
}
# As a file of $fpath it is the function itself; evaluated, it has to be told.
if [[ "\${funcstack[1]}" == _fdfs ]]; then _fdfs "$@"; else compdef _fdfs fdfs; fi`
}

function fish(): string {
  const lines = ['# fdfs completion for fish: fdfs completion fish | source', 'complete -c fdfs -f']
  for (const [name, { about, options, words, paths }] of entries) {
    lines.push(`complete -c fdfs -n __fish_use_subcommand -a ${name} -d '${about}'`)
    const here = `-n '__fish_seen_subcommand_from ${name}'`
    for (const option of options) {
      const short = shortOf(option)
      const values = VALUES[option]
      const takes = !isValue(option)
        ? ''
        : values === 'files' || values === 'folders'
          ? ' -r -F'
          : values
            ? ` -x -a '${values.join(' ')}'`
            : ' -x'
      lines.push(`complete -c fdfs ${here}${short ? ` -s ${short}` : ''} -l ${option}${takes} -d '${ABOUT[option]}'`)
    }
    if (words) lines.push(`complete -c fdfs ${here} -a '${words.join(' ')}'`)
    if (paths) lines.push(`complete -c fdfs ${here} -F`)
  }
  return lines.join('\n')
}

function powershell(): string {
  const list = (words: readonly string[]): string => `@(${words.map((word) => `'${word}'`).join(', ')})`
  const table = entries.map(([name, { options, words }]) => `    '${name}' = ${list([...flags(options), ...(words ?? [])])}`)
  const values = (Object.keys(VALUES) as OptionName[]).flatMap((name) => {
    const known = VALUES[name]
    return known === undefined || typeof known === 'string' ? [] : flags([name]).map((flag) => `    '${flag}' = ${list(known)}`)
  })
  // Without an answer PowerShell offers files.
  return `# fdfs completion for PowerShell: fdfs completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName fdfs -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $table = @{
${table.join('\n')}
  }
  $values = @{
${values.join('\n')}
  }
  $free = ${list(flags((Object.keys(OPTIONS) as OptionName[]).filter((name) => isValue(name) && !Array.isArray(VALUES[name]))))}
  $words = @($commandAst.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
  if ($wordToComplete -ne '') { $words = @($words | Select-Object -SkipLast 1) }
  $previous = $words | Select-Object -Last 1
  $command = $words | Where-Object { -not $_.StartsWith('-') } | Select-Object -First 1
  if ($null -ne $previous -and $values.ContainsKey($previous)) { $candidates = $values[$previous] }
  elseif ($null -ne $previous -and $free -ccontains $previous) { return }
  elseif ($null -eq $command) { $candidates = @($table.Keys | Sort-Object) }
  elseif ($table.ContainsKey($command)) { $candidates = $table[$command] }
  else { return }
  $candidates | Where-Object { $_ -clike "$wordToComplete*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}`
}

const SHELLS: Record<string, () => string> = { bash, zsh, fish, powershell }

/** Prints the script; UsageError for an unknown shell. */
export async function completion({ args, output }: Context): Promise<void> {
  const [shell = ''] = args.positionals
  const script = Object.hasOwn(SHELLS, shell) ? SHELLS[shell] : undefined
  if (!script) throw new UsageError(`completion needs the name of a shell: ${Object.keys(SHELLS).join(', ')}`)
  output.line(script())
}
