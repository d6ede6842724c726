import { readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { hostCannot, languageOf } from '../app/host.ts'
import type { Host } from '../app/host.ts'

/** The host of a page in an ordinary browser: no dialogs of its own, the page brings what it needs. */
export function createBrowserHost(): Host {
  const home = homedir()
  const noDialogs = () => hostCannot('no native dialogs in a browser')
  return {
    can: { kind: 'browser', pickFiles: false, reveal: false, secrets: false, notify: false },
    platform: process.platform,
    systemLanguage: languageOf(Intl.DateTimeFormat().resolvedOptions().locale),
    homeFolder: home,
    downloadFolder: downloadFolder(home),
    seal: null,
    pickFiles: noDialogs,
    pickFolder: noDialogs,
    pickSave: noDialogs,
    reveal: () => hostCannot('a browser cannot show a file in the file manager'),
    openExternal: () => hostCannot('the page opens links itself')
  }
}

/** The user's folder for downloads, by the desktop's own setting on Linux (its name is translated there); else the home folder. */
function downloadFolder(home: string): string {
  const candidates = [xdgDownloads(home), join(home, 'Downloads')]
  return candidates.find((path) => path !== null && isFolder(path)) ?? home
}

function xdgDownloads(home: string): string | null {
  try {
    const text = readFileSync(join(home, '.config', 'user-dirs.dirs'), 'utf8')
    const value = /^XDG_DOWNLOAD_DIR="(.+)"$/m.exec(text)?.[1]
    return value === undefined ? null : value.replace(/^\$HOME(?=\/|$)/, () => home)
  } catch {
    return null
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}
