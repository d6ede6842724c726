/** Shortcuts are written 'Mod+C': ⌘C on a Mac, Ctrl+C elsewhere. */
const IS_MAC = /mac|iphone|ipad/i.test(navigator.platform)
const MAC: Record<string, string> = { Mod: '⌘', Shift: '⇧', Alt: '⌥', Enter: '↩', Delete: '⌫', Escape: 'esc', Space: '␣' }
const OTHER: Record<string, string> = { Mod: 'Ctrl', Delete: 'Del', Escape: 'Esc' }

function shortcutText(shortcut: string): string {
  const parts = shortcut.split('+').map((part) => (IS_MAC ? MAC : OTHER)[part] ?? part)
  return parts.join(IS_MAC ? '' : '+')
}

export function Kbd({ keys, tone = 'text-faint' }: { keys: string; tone?: string }) {
  return <kbd className={`tabular font-sans text-sm ${tone}`}>{shortcutText(keys)}</kbd>
}
