import { openGridDialog } from './dialogs.ts'
import { closeGrid } from './open.ts'
import { useGrid } from './session.ts'

/** Back to the files; asks when something was changed and not written. */
export function leaveGrid(): void {
  if (useGrid.getState().grid.edits.size > 0) openGridDialog({ type: 'leave' })
  else closeGrid()
}
