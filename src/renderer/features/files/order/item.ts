/** A line of the sidebar. */
export const ITEM = 'flex h-(--line-item) w-full items-center gap-2 rounded-md text-left text-base transition-colors'
