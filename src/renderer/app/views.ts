/** The views of the window. All but the library are fetched when they are first shown. */
import type { ComponentType } from 'react'
import { lazy } from 'react'
import { FilesView } from '../features/files/index.ts'
import type { ViewName } from './navigation.ts'

const view = (load: () => Promise<{ View: ComponentType }>): ComponentType => lazy(async () => ({ default: (await load()).View }))

export const views: Record<ViewName, ComponentType> = {
  files: FilesView,
  transfers: view(() => import('../features/transfers/index.ts')),
  cluster: view(() => import('../features/cluster/index.ts')),
  connections: view(() => import('../features/connections/index.ts')),
  trash: view(() => import('../features/trash/index.ts')),
  settings: view(() => import('../features/settings/index.ts'))
}
