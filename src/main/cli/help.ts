import { GENERAL_ZH, PAGES_ZH } from './help-zh.ts'
import type { Language } from './texts.ts'

const GENERAL = `fdfs - FastDFS from a terminal: every byte verified, uploads that resume

Usage: fdfs COMMAND [ARGUMENTS] [OPTIONS]

Commands
  upload PATH…            send files and folders, print their file IDs
  sync PATH…              send only what is new or changed, by the library of FastDFS Desktop
  download ID… -o DIR     fetch files into a folder
  zip ID… -o FILE         fetch files as one zip archive
  info ID…                ask the server for size, CRC-32 and source
  meta get ID…            print metadata
  meta set ID k=v…        replace all metadata of a file
  meta merge ID k=v…      add or change some metadata of a file
  delete ID…              delete files from the server
  ls GROUP                list the files of a group (reads the whole log of a storage: use sparingly)
  groups                  groups and storages with status and space
  doctor                  test the connection hop by hop, and say what is wrong
  decode ID…              what an ID alone tells; contacts no server
  completion SHELL        completion for bash, zsh, fish or powershell

Connecting
  -t, --trackers LIST     host:port, several separated by commas (or the variable FDFS_TRACKERS)
  -p, --profile NAME      a connection saved in FastDFS Desktop (its name or id)
      --data DIR          where FastDFS Desktop keeps its data, to find the profile

Options
      --json              one JSON object per file on standard output
  -q, --quiet             no progress
      --read-only         refuse everything that would change the server
  -h, --help              this page, or the page of a command
  -V, --version           the version

A single - in place of IDs reads them from standard input: lines, CSV or the JSON lines of fdfs.
Ctrl-C ends cleanly; the same command goes on where the last one stopped (--fresh: starts anew). Twice: at once.
Exit status: 0 all done, 1 some failed (each is named), 2 wrong usage, 130 interrupted.`

const PAGES: Record<string, string> = {
  upload: `Usage: fdfs upload PATH… [--group GROUP] [--meta KEY=VALUE]… [--watch] [--jobs N]

Sends files, and folders with everything below them. Each file is done only when size and CRC-32 at the storage are those of
the local file. Prints one line per file: the file ID and the path.

  -g, --group GROUP       the group to use; without it the tracker chooses
  -m, --meta KEY=VALUE    metadata for every file; may be repeated
  -w, --watch             goes on with what appears or changes there, until Ctrl-C
  -j, --jobs N            how many files at once (1 to 32)
      --fresh             starts anew instead of going on with an interrupted run of the same command

Examples
  fdfs upload photo.jpg -t 192.168.0.10:22122
  fdfs upload ./assets --group group1 --meta project=spring --meta author=Li --json
  fdfs upload ./renders --watch --profile Studio`,
  sync: `Usage: fdfs sync PATH… [--folder FOLDER] [--group GROUP] [--meta KEY=VALUE]… [--watch] [--jobs N]

Sends what the library of FastDFS Desktop does not have yet under the same folder and name with the same content. Nothing is
deleted: a changed file becomes a file of its own. The application must not be running meanwhile: both use the library.

      --folder FOLDER     the folder of the library to put everything into
  -g, --group GROUP       the group to use; without it the tracker chooses
  -m, --meta KEY=VALUE    metadata for every file; may be repeated
  -w, --watch             goes on with what appears or changes there, until Ctrl-C
  -j, --jobs N            how many files at once (1 to 32)
      --fresh             starts anew instead of going on with an interrupted run of the same command

Examples
  fdfs sync ./assets --profile Studio
  fdfs sync ./assets --folder Campaigns/Spring --profile Studio --watch`,
  download: `Usage: fdfs download ID… -o DIR [--conflict rename|overwrite|skip]

Fetches files into a folder under their original names where the metadata tells them. A file appears under its name only when
its size and CRC-32 are right; an interrupted one stays beside it as NAME.part.

  -o, --output DIR        the folder (made if it is missing)
      --conflict HOW      when a name exists: rename (default), overwrite, skip
  -j, --jobs N            how many files at once (1 to 32)

Examples
  fdfs download group1/M00/00/00/wKgA….jpg -o ~/Pictures -t 192.168.0.10:22122
  fdfs download - -o . --profile Studio < ids.txt`,
  zip: `Usage: fdfs zip ID… -o FILE

Fetches files as one zip archive (stored, not compressed). Files that cannot be fetched are left out, named, and listed in
_missing.txt inside the archive; the exit status is then 1.

  -o, --output FILE       the archive

Example
  fdfs zip - -o spring.zip --profile Studio < ids.txt`,
  info: `Usage: fdfs info ID…

Asks the server: size, CRC-32, time of the last change, source storage. An appender is read by the server for its CRC-32.

Examples
  fdfs info group1/M00/00/00/wKgA….jpg -t 192.168.0.10:22122
  fdfs ls group1 | fdfs info - --json`,
  meta: `Usage: fdfs meta get ID…
       fdfs meta set ID KEY=VALUE…     (replaces everything; without pairs: deletes all)
       fdfs meta merge ID KEY=VALUE…   (adds and changes)

Names hold up to 64 and values up to 256 bytes of UTF-8.

Examples
  fdfs meta get group1/M00/00/00/wKgA….jpg --profile Studio
  fdfs meta merge - reviewed=yes < ids.txt`,
  delete: `Usage: fdfs delete ID…

Deletes files and their metadata from the server, for ever. Slaves of a file are files of their own and stay.

Example
  fdfs delete - --json < ids.txt`,
  ls: `Usage: fdfs ls GROUP [--path N]

Lists the files of a group, one ID per line, as one of its storages streams them. The storage reads its whole log for it.

      --path N            only store path N (0 to 255)

Examples
  fdfs ls group1 -t 192.168.0.10:22122 > group1.txt
  fdfs ls group1 --path 0 --profile Studio --json`,
  groups: `Usage: fdfs groups

Groups and storages with status, version and space.

Examples
  fdfs groups -t 192.168.0.10:22122
  fdfs groups --profile Studio --json`,
  doctor: `Usage: fdfs doctor

Tests the connection hop by hop, as seen from this computer: the addresses, each tracker, the groups, versions and clocks, and
every storage. Says what is wrong and what to do about it. Takes 10 seconds at most. The exit status is 0 when a tracker answers
and every active storage can be reached, else 1.

Examples
  fdfs doctor -t 192.168.0.10:22122
  fdfs doctor --profile Studio --json`,
  completion: `Usage: fdfs completion bash|zsh|fish|powershell

Prints a script that completes commands, options and values.

Examples
  eval "$(fdfs completion bash)"                                  (in ~/.bashrc)
  eval "$(fdfs completion zsh)"                                   (in ~/.zshrc)
  fdfs completion fish > ~/.config/fish/completions/fdfs.fish
  fdfs completion powershell | Out-String | Invoke-Expression     (in $PROFILE)

The deb package brings the first three along.`,
  decode: `Usage: fdfs decode ID…

What an ID alone tells: group, source storage, time of creation, size, CRC-32, kind. Contacts no server.

Examples
  fdfs decode group1/M00/00/00/wKgA….jpg
  fdfs decode - --json < links.csv`
}

/** The help page of a command, or the general one. */
export function helpPage(command: string, language: Language = 'en'): string {
  const [pages, general] = language === 'zh-CN' ? [PAGES_ZH, GENERAL_ZH] : [PAGES, GENERAL]
  return (Object.hasOwn(pages, command) ? pages[command] : undefined) ?? general
}
