import { useState } from 'react'
import type { ErrorData } from '../../../shared/errors.ts'
import { AppError, toAppError } from '../../../shared/errors.ts'
import type { FileSelection, MetadataPatch } from '../../../shared/model.ts'
import { batchDone } from '../../api/batch-done.ts'
import { client } from '../../api/client.ts'

type SaveState =
  | { tag: 'idle' }
  | { tag: 'saving' }
  /** `batchId`: what can be undone; null = this was the undoing. */
  | { tag: 'saved'; batchId: number | null }
  /** Some files were changed, some not: the transfers say which and why. */
  | { tag: 'partly'; failed: number }
  | { tag: 'failed'; error: ErrorData }

/** Hands a change to the transfer queue and waits for what became of it. */
export function useSaveMetadata(): {
  state: SaveState
  save: (selection: FileSelection, patch: MetadataPatch, onSaved: () => void) => void
  /** Restores the values from before a saved change. */
  undo: (batchId: number, onDone: () => void) => void
} {
  const [state, setState] = useState<SaveState>({ tag: 'idle' })
  const run = async (selection: FileSelection, patch: MetadataPatch, onSaved: () => void): Promise<void> => {
    setState({ tag: 'saving' })
    try {
      const { batchId } = await client().call('transfers.metadata', { selection, ...patch })
      const batch = await batchDone(client(), batchId)
      const failed = batch?.counts.failed ?? 0
      if (batch === null || batch.counts.cancelled > 0) throw new AppError('ABORTED')
      if (failed === batch.totalFiles && batch.error !== null) return setState({ tag: 'failed', error: batch.error })
      onSaved()
      setState(failed > 0 ? { tag: 'partly', failed } : { tag: 'saved', batchId })
    } catch (error) {
      setState({ tag: 'failed', error: toAppError(error).toData() })
    }
  }
  const restore = async (batchId: number, onDone: () => void): Promise<void> => {
    setState({ tag: 'saving' })
    try {
      const undoing = await client().call('history.undo', { batchId })
      const batch = await batchDone(client(), undoing.batchId)
      const failed = batch?.counts.failed ?? 0
      onDone()
      setState(failed > 0 ? { tag: 'partly', failed } : { tag: 'saved', batchId: null })
    } catch (error) {
      setState({ tag: 'failed', error: toAppError(error).toData() })
    }
  }
  return {
    state,
    save: (selection, patch, onSaved) => void run(selection, patch, onSaved),
    undo: (batchId, onDone) => void restore(batchId, onDone)
  }
}
