/** An entry of a menu's template, as far as tests use it. */
export interface MenuEntry {
  label?: string
  click?: () => void
  submenu?: unknown
}

/** All entries, with those of submenus. */
export function flatMenu(items: readonly MenuEntry[]): MenuEntry[] {
  return items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? flatMenu(item.submenu as MenuEntry[]) : [])])
}
