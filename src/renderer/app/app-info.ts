/** What the program told about itself: host, profiles, settings. Kept fresh by events; edited nowhere in the page. */
import { create } from 'zustand'
import type { AppInfo } from '../../shared/contract.ts'
import type { AppError } from '../../shared/errors.ts'
import { toAppError } from '../../shared/errors.ts'
import type { Profile } from '../../shared/model.ts'
import { client } from '../api/client.ts'

interface AppInfoState {
  info: AppInfo | null
  error: AppError | null
}

export const useAppInfo = create<AppInfoState>()(() => ({ info: null, error: null }))

/** Fetches, and fetches again whenever the link came back. Returns the unsubscriber. */
export function startAppInfo(): () => void {
  const api = client()
  const load = (): void => {
    api.call('app.info', {}).then(
      (info) => useAppInfo.setState({ info, error: null }),
      (error: unknown) => useAppInfo.setState({ error: toAppError(error) })
    )
  }
  const patch = (change: Partial<AppInfo>): void =>
    useAppInfo.setState((state) => (state.info ? { info: { ...state.info, ...change } } : state))
  const stops = [
    api.onReconnect(load),
    api.on('settings.changed', ({ settings }) => patch({ settings })),
    api.on('profiles.changed', ({ profiles, activeProfileId }) => patch({ profiles, activeProfileId }))
  ]
  load()
  return () => {
    for (const stop of stops) stop()
  }
}

/** For components below the shell, which is shown only once the information is there. */
export function useInfo<T>(select: (info: AppInfo) => T): T {
  return useAppInfo((state) => select(state.info as AppInfo))
}

export function activeProfile(info: AppInfo): Profile | undefined {
  return info.profiles.find((profile) => profile.id === info.activeProfileId)
}
