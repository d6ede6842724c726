/** The way from anywhere to the form of a new connection. */
import { create } from 'zustand'
import { navigate } from './navigation.ts'

/** new: an empty form. conf: the same, ready to take a client.conf. */
export type ConnectionRequest = 'new' | 'conf'

const useRequest = create<{ wanted: ConnectionRequest | null }>()(() => ({ wanted: null }))

export function requestConnection(wanted: ConnectionRequest): void {
  useRequest.setState({ wanted })
  navigate('connections')
}

/** What was asked for and nobody has shown yet. */
export function pendingConnectionRequest(): ConnectionRequest | null {
  return useRequest.getState().wanted
}

export function takeConnectionRequest(): void {
  useRequest.setState({ wanted: null })
}
