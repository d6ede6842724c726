/** Small things of the window that are remembered on this computer: sizes of panes, columns. Never data. */

function read(key: string): unknown {
  try {
    const text = window.localStorage.getItem(`fdfs.${key}`)
    return text === null ? undefined : JSON.parse(text)
  } catch {
    // No storage, or something else wrote there: the defaults do.
    return undefined
  }
}

export function remember(key: string, value: unknown): void {
  try {
    window.localStorage.setItem(`fdfs.${key}`, JSON.stringify(value))
  } catch {
    // A full or forbidden storage costs the user one drag next time.
  }
}

/** `check` decides whether what was found is still of use. */
export function recall<T>(key: string, check: (value: unknown) => value is T): T | undefined {
  const value = read(key)
  return check(value) ? value : undefined
}

function isLayout(value: unknown): value is Record<string, number> {
  return typeof value === 'object' && value !== null && Object.values(value).every((size) => typeof size === 'number')
}

export function rememberedLayout(id: string): Record<string, number> | undefined {
  return recall(`layout.${id}`, isLayout)
}

export function rememberLayout(id: string, layout: Record<string, number>): void {
  remember(`layout.${id}`, layout)
}
