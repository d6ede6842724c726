import type { HostCapabilities, HostWish } from '../../shared/contract.ts'
import { AppError } from '../../shared/errors.ts'

/** What the surrounding of the application does for it: windows, dialogs, the desktop. Filled by electron, browser and tests. */
export interface Host {
  readonly can: HostCapabilities
  readonly platform: string
  readonly systemLanguage: 'en' | 'zh-CN'
  readonly homeFolder: string
  readonly downloadFolder: string
  /** Absolute paths; [] when the user cancels. */
  pickFiles(options: { folders: boolean }): Promise<string[]>
  /** null when the user cancels. */
  pickFolder(options: { start?: string | undefined }): Promise<string | null>
  pickSave(options: { name: string; start?: string | undefined }): Promise<string | null>
  /** Keeps secrets with the operating system's own key; null where there is none. */
  readonly seal: SecretSeal | null
  /** Shows a file in the file manager. */
  reveal(path: string): Promise<void>
  /** Hands files to the desktop in the middle of a drag. Missing where the host cannot. */
  startDrag?(paths: readonly string[]): Promise<void>
  /** Takes what the desktop wants of a window; each is given once. */
  wishes?(): HostWish[]
  /** Opens a web page in the user's browser. The URL has been checked: http or https. */
  openExternal(url: string): Promise<void>
}

/** Makes text unreadable for other users and machines. `open` throws for what was sealed elsewhere. */
export interface SecretSeal {
  /** Returns text (base64). */
  close(secret: string): string
  open(sealed: string): string
}

/** For functions a host does not have. */
export function hostCannot(reason: string): Promise<never> {
  return Promise.reject(new AppError('HOST_CANNOT', { detail: { reason } }))
}

/** 'zh-CN' for every Chinese locale ('zh', 'zh_CN.UTF-8', 'zh-Hans-SG' …), else English. */
export function languageOf(locale: string | undefined): 'en' | 'zh-CN' {
  return /^zh\b|^zh[_-]/i.test(locale ?? '') ? 'zh-CN' : 'en'
}
