import type { Action } from './action.ts'
import { useFileActions } from './actions/files.ts'
import { useGridActions } from './actions/grid.ts'
import { useLookActions } from './actions/look.ts'
import { usePlaceActions } from './actions/places.ts'
import { useProgramActions } from './actions/program.ts'
import { useSettingActions } from './actions/settings.ts'
import { useTransferActions } from './actions/transfers.ts'

/** Everything that can be done now, in the order of its use. */
export function useActions(): Action[] {
  return [
    ...useGridActions(),
    ...useFileActions(),
    ...usePlaceActions(),
    ...useTransferActions(),
    ...useLookActions(),
    ...useProgramActions(),
    ...useSettingActions()
  ]
}
