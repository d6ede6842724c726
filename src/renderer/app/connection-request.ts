/** The way from anywhere to the form of a new connection. */
import { create } from 'zustand'
import type { ConnectProposal } from '../../shared/connect-link.ts'
import { navigate } from './navigation.ts'

/** new: an empty form. conf: the same, ready to take a client.conf. A proposal is shown before anything of it is stored. */
export type ConnectionRequest = 'new' | 'conf' | ConnectProposal

const useRequest = create<{ wanted: ConnectionRequest | null }>()(() => ({ wanted: null }))

export function requestConnection(wanted: ConnectionRequest): void {
  useRequest.setState({ wanted })
  navigate('connections')
}

/** The same, for a view that is shown already. */
export const useConnectionRequest = useRequest

/** What was asked for and nobody has shown yet. */
export function pendingConnectionRequest(): ConnectionRequest | null {
  return useRequest.getState().wanted
}

export function takeConnectionRequest(): void {
  useRequest.setState({ wanted: null })
}
