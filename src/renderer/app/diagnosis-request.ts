/** The way from any connection error to the test of that connection. */
import { create } from 'zustand'
import type { ErrorCode, ErrorData } from '../../shared/errors.ts'
import { activeProfile, useAppInfo } from './app-info.ts'
import { navigate } from './navigation.ts'
import { requestIn } from './view-request.ts'

const CONNECTION_ERRORS: ReadonlySet<ErrorCode> = new Set([
  'HOST_NOT_FOUND',
  'CONNECT_REFUSED',
  'CONNECT_TIMEOUT',
  'HOST_UNREACHABLE',
  'TRACKER_UNREACHABLE',
  'STORAGE_UNREACHABLE',
  'SERVER_FULL',
  'CONNECTION_LOST',
  'TIMEOUT',
  'NOT_FASTDFS',
  'PROTOCOL_TRUNCATED',
  'PROTOCOL_INVALID',
  'NO_STORAGE',
  'SOURCE_AWAY'
])

/** Whether a test of the connection can tell more about this error. */
export function canDiagnose(error: ErrorData): boolean {
  return CONNECTION_ERRORS.has(error.code)
}

/** Whether the settings of the connection hold what is missing. */
export function isForConnection(error: ErrorData): boolean {
  return error.code === 'LINK_BASE_MISSING'
}

/** What the connections view is asked for: the form of the active connection, at its web addresses. */
export const WEB_ADDRESS = 'web-address'

/** Opens the active connection where what `isForConnection` misses is entered. */
export function requestWebAddress(): void {
  requestIn('connections', WEB_ADDRESS)
}

/** The connection that is to be tested as soon as the connections view shows it. */
export const useDiagnosisRequest = create<{ profileId: string | null }>()(() => ({ profileId: null }))

/** Shows the connections and tests one of them, without a name the active one. */
export function requestDiagnosis(profileId?: string): void {
  const { info } = useAppInfo.getState()
  useDiagnosisRequest.setState({ profileId: profileId ?? (info && activeProfile(info)?.id) ?? null })
  navigate('connections')
}

/** Called by whoever runs the test that was asked for. */
export function takeDiagnosisRequest(): void {
  useDiagnosisRequest.setState({ profileId: null })
}
