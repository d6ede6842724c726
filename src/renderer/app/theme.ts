import type { Settings } from '../../shared/contract.ts'

/** Colours follow the system (styles.css) unless the user chose. */
export function applyTheme({ theme, contrast }: Pick<Settings, 'theme' | 'contrast'>): void {
  const root = document.documentElement
  if (contrast === 'high') root.dataset['contrast'] = 'high'
  else delete root.dataset['contrast']
  if (theme === 'system') delete root.dataset['theme']
  else root.dataset['theme'] = theme
}
