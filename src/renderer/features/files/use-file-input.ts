import type { DragEvent, KeyboardEvent, MouseEvent } from 'react'
import { useRef, useState } from 'react'
import { useFiles, useFilesActions, useFilesStore } from './context.tsx'
import { endDrag, startDrag } from './order/drag.ts'
import { isSelected } from './selection.ts'
import type { Commands } from './use-commands.ts'
import { useTypeAhead } from './use-type-ahead.ts'

/** How far the keys go, in files. */
export interface Steps {
  /** Left and right; 0 where they mean nothing. */
  side: number
  /** Up and down. */
  line: number
  page: number
}

/** Number of the file an event happened on. */
function fileOf(event: MouseEvent): number | null {
  const file = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-index]') : null
  return file === null ? null : Number(file.dataset['index'])
}

/** Mouse and keyboard on files, the same for the table and the pictures. */
export function useFileInput(commands: Commands, steps: Steps, scrollTo: (index: number) => void) {
  const store = useFilesStore()
  const actions = useFilesActions()
  const total = useFiles((state) => state.total)
  /** The cursor is shown once keys are used: with the mouse the selection says enough. */
  const [keys, setKeys] = useState(false)
  /** File that was selected already when the button went down on it. */
  const held = useRef<number | null>(null)
  const typeAhead = useTypeAhead((index) => {
    void actions.select(index, 'only')
    scrollTo(index)
  })
  const go = (index: number, event: KeyboardEvent): void => {
    const to = Math.max(0, Math.min(total - 1, index))
    const mod = event.ctrlKey || event.metaKey
    void actions.select(to, event.shiftKey ? (mod ? 'addRange' : 'range') : mod ? 'move' : 'only')
    scrollTo(to)
  }
  /** Where a key of movement leads from file `at`; null for other keys. */
  const target = (key: string, at: number): number | null => {
    switch (key) {
      case 'ArrowDown':
        return at < 0 ? 0 : at + steps.line
      case 'ArrowUp':
        return at < 0 ? total - 1 : at - steps.line
      case 'ArrowRight':
        return steps.side === 0 ? null : at + steps.side
      case 'ArrowLeft':
        return steps.side === 0 ? null : at < 0 ? total - 1 : at - steps.side
      case 'Home':
        return 0
      case 'End':
        return total - 1
      case 'PageDown':
        return at + steps.page
      case 'PageUp':
        return at - steps.page
      default:
        return null
    }
  }
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    if (event.target !== event.currentTarget || total === 0) return
    const mod = event.ctrlKey || event.metaKey
    const at = store.getState().cursor
    // A key that does something is no letter of a name, and neither are the ones after it.
    if (event.key.length > 1 && event.key !== 'Shift') typeAhead.end()
    const handled = (): void => {
      event.preventDefault()
      setKeys(true)
    }
    const to = target(event.key, at)
    if (to !== null) {
      handled()
      return go(to, event)
    }
    switch (event.key) {
      case 'Enter':
        handled()
        return event.altKey ? commands.inspect() : commands.preview()
      case ' ':
        handled()
        // Within a name being typed it is a letter of it, if there is such a name.
        if (typeAhead.typing && !mod && !event.shiftKey) {
          return typeAhead.type(' ', () => {
            typeAhead.end()
            commands.preview()
          })
        }
        if (mod) return void actions.select(Math.max(0, at), 'toggle')
        if (event.shiftKey && at >= 0) return void actions.select(at, 'range')
        if (commands.any) return commands.preview()
        return void actions.select(Math.max(0, at), 'only')
      case 'Escape':
        handled()
        return actions.clearSelection()
      case 'Delete':
        handled()
        return commands.remove()
      case 'Backspace':
        // The delete key of a Mac.
        if (!event.metaKey) return
        handled()
        return commands.remove()
      case 'F2':
        handled()
        return commands.rename()
      // What asks for help is not a name.
      case '?':
        return
      default:
    }
    if (mod && !event.altKey && event.key.toLowerCase() === 'a') {
      handled()
      return actions.selectAll()
    }
    if (mod && !event.altKey && event.key.toLowerCase() === 'c' && commands.any) {
      handled()
      return commands.copy('id')
    }
    if (event.altKey && !mod && (event.code === 'KeyS' || event.code === 'KeyT') && commands.any) {
      handled()
      return event.code === 'KeyS' ? commands.favourite() : commands.tag()
    }
    if (!mod && !event.altKey && event.key.length === 1) {
      event.preventDefault()
      typeAhead.type(event.key)
    }
  }
  const onMouseDown = (event: MouseEvent): void => {
    setKeys(false)
    typeAhead.end()
    const index = fileOf(event)
    if (index === null) {
      if (event.button === 0 && event.target instanceof Element && event.target.closest('[role=columnheader]') === null)
        actions.clearSelection()
      return
    }
    if (event.target instanceof HTMLInputElement) return
    const mod = event.ctrlKey || event.metaKey
    if (event.target instanceof Element && event.target.closest('button') !== null) return
    const { rows: shown, selection: before } = store.getState()
    const pressed = shown.get(index)
    // Several files are dragged by one of them: it becomes the only one when it was just a click.
    held.current = event.button === 0 && !mod && !event.shiftKey && pressed !== undefined && isSelected(before, pressed.id) ? index : null
    if (held.current !== null) return void actions.select(index, 'move')
    if (event.button === 0) void actions.select(index, event.shiftKey ? (mod ? 'addRange' : 'range') : mod ? 'toggle' : 'only')
    if (event.button === 2) {
      const { rows, selection } = store.getState()
      const row = rows.get(index)
      if (row === undefined || !isSelected(selection, row.id)) void actions.select(index, 'only')
    }
  }
  return {
    /** For the element with the focus; its children know by it whether to show the cursor. */
    props: {
      onKeyDown,
      onMouseDown,
      onClick: () => {
        if (held.current !== null) void actions.select(held.current, 'only')
        held.current = null
      },
      onDragStart: (event: DragEvent) => {
        // Selected by this very press: what follows draws a rectangle.
        if (held.current === null && event.target instanceof Element && event.target.hasAttribute('data-index'))
          return event.preventDefault()
        held.current = null
        const selection = actions.selection()
        const index = fileOf(event)
        if (index === null || selection === null) return
        const alone = 'ids' in selection && selection.ids.length === 1 ? store.getState().rows.get(index) : undefined
        startDrag(event, { type: 'files', selection }, alone)
      },
      onDragEnd: endDrag,
      onDoubleClick: (event: MouseEvent) => {
        if (fileOf(event) !== null) commands.preview()
      },
      onFocus: (event: { target: Element }) => {
        if (event.target.matches(':focus-visible')) setKeys(true)
      },
      'data-keys': keys || undefined
    }
  }
}
