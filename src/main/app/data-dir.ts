import { homedir } from 'node:os'
import { join } from 'node:path'

export interface DataDirEnvironment {
  platform: NodeJS.Platform
  env: Readonly<Record<string, string | undefined>>
  home: string
}

const FOLDER = 'fastdfs-desktop'

/** Where the application keeps its data by the custom of the system: the library, the queue, settings, the built-in cluster. */
export function defaultDataDir(where: DataDirEnvironment = { platform: process.platform, env: process.env, home: homedir() }): string {
  const { platform, env, home } = where
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', FOLDER)
  if (platform === 'win32') return join(env['APPDATA'] || join(home, 'AppData', 'Roaming'), FOLDER)
  const xdg = env['XDG_DATA_HOME']
  // The XDG specification tells programs to ignore a relative path.
  return join(xdg?.startsWith('/') ? xdg : join(home, '.local', 'share'), FOLDER)
}

/** Every path below the data folder, in one place. */
export function dataPaths(dataDir: string) {
  return {
    lock: join(dataDir, 'lock.json'),
    settings: join(dataDir, 'settings.json'),
    profiles: join(dataDir, 'profiles.json'),
    audit: join(dataDir, 'audit'),
    logs: join(dataDir, 'logs'),
    secrets: join(dataDir, 'secrets.json'),
    library: join(dataDir, 'library.db'),
    backups: join(dataDir, 'backups'),
    cluster: join(dataDir, 'cluster'),
    spool: join(dataDir, 'spool'),
    /** Files that were fetched to be dragged out of a window; emptied at the next start. */
    drag: join(dataDir, 'drag'),
    watches: join(dataDir, 'watches.json'),
    thumbnails: join(dataDir, 'thumbnails'),
    /** Journals of runs of the command line. */
    commands: join(dataDir, 'commands')
  }
}
