import type { Settings } from '../../shared/contract.ts'

/** Colours follow the system (styles.css) unless the user chose. */
export function applyTheme(theme: Settings['theme']): void {
  const root = document.documentElement
  if (theme === 'system') delete root.dataset['theme']
  else root.dataset['theme'] = theme
}
