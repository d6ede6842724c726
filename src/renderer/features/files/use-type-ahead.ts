import { useRef } from 'react'
import { useFilesActions, useFilesStore } from './context.tsx'

/** Keys within this time are one word. */
const WORD_MS = 700

interface TypeAhead {
  /** The next character goes on with a word. */
  typing: boolean
  /** `onNothing`: no name starts with that. */
  type(character: string, onNothing?: () => void): void
  /** Something else was done: the next character starts a new word. */
  end(): void
}

/** Jumps to the next file whose name starts with what is typed. */
export function useTypeAhead(onFound: (index: number) => void): TypeAhead {
  const store = useFilesStore()
  const actions = useFilesActions()
  const word = useRef({ text: '', at: 0 })
  const isTyping = (): boolean => word.current.text !== '' && performance.now() - word.current.at < WORD_MS
  return {
    get typing() {
      return isTyping()
    },
    end() {
      word.current = { text: '', at: 0 }
    },
    type(character, onNothing) {
      const continued = isTyping()
      const text = continued ? word.current.text + character : character
      word.current = { text, at: performance.now() }
      const { cursor } = store.getState()
      // A new word looks from the next row on; a longer one may stay where it is.
      void actions.findByPrefix(text, continued ? Math.max(0, cursor) : cursor + 1).then((index) => {
        if (index !== null) onFound(index)
        else onNothing?.()
      })
    }
  }
}
