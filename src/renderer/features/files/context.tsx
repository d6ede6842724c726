import type { ReactNode } from 'react'
import { createContext, useContext, useEffect, useState } from 'react'
import { useStore } from 'zustand'
import { client } from '../../api/client.ts'
import { useAppInfo } from '../../app/app-info.ts'
import { recall, remember } from '../../app/layout.ts'
import { toastError } from '../../components/index.ts'
import type { FilesActions } from './actions.ts'
import { createFilesActions } from './actions.ts'
import type { FilesState, FilesStore } from './store.ts'
import { createFilesStore } from './store.ts'

interface Files {
  store: FilesStore
  actions: FilesActions
}

const FilesContext = createContext<Files | null>(null)

function create(): Files {
  const inspector = recall('inspector', (value) => typeof value === 'boolean')
  const store = createFilesStore(inspector === undefined ? {} : { inspector })
  const actions = createFilesActions(store, {
    client: client(),
    report: toastError,
    activeProfileId: () => useAppInfo.getState().info?.activeProfileId,
    setTimeout: (run, ms) => window.setTimeout(run, ms)
  })
  store.subscribe((state, before) => {
    if (state.inspector !== before.inspector) remember('inspector', state.inspector)
  })
  return { store, actions }
}

/** One library per window: its query and selection stay while other views are shown. */
export function FilesProvider({ children }: { children: ReactNode }) {
  const [files] = useState(create)
  useEffect(() => files.actions.start(), [files])
  return <FilesContext.Provider value={files}>{children}</FilesContext.Provider>
}

function useContextFiles(): Files {
  const files = useContext(FilesContext)
  if (files === null) throw new Error('useFiles outside of FilesProvider')
  return files
}

export function useFiles<T>(select: (state: FilesState) => T): T {
  return useStore(useContextFiles().store, select)
}

export function useFilesActions(): FilesActions {
  return useContextFiles().actions
}

/** For event handlers that need the present state without rendering on every change. */
export function useFilesStore(): FilesStore {
  return useContextFiles().store
}
