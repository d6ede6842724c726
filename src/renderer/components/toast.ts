/** Short messages in the corner, from anywhere in the page. */
import type { ToastManagerAddOptions } from '@base-ui/react/toast'
import i18next from 'i18next'
import { create } from 'zustand'
import { toAppError } from '../../shared/errors.ts'
import type { ErrorData } from '../../shared/errors.ts'
import { describeError, errorSentences } from '../../shared/error-texts.ts'
import { canDiagnose, isForConnection, requestDiagnosis, requestWebAddress } from '../app/diagnosis-request.ts'
import type { Language } from '../i18n/index.ts'

export type ToastKind = 'info' | 'success' | 'error'

export interface ToastInput {
  kind?: ToastKind
  title: string
  text?: string
  action?: { label: string; onClick: () => void }
  /** A second toast with the same key replaces the first. */
  key?: string
  /** Facts to expand (errors). */
  error?: ErrorData
}

export interface ToastExtra {
  error?: ErrorData | undefined
}

/** A message as the list of messages takes it. */
type ToastOptions = ToastManagerAddOptions<ToastExtra>

/** The list is fetched with the first message: most pages never show one. */
export const useToastsWanted = create<{ wanted: boolean }>(() => ({ wanted: false }))

interface ToastList {
  add: (options: ToastOptions) => unknown
  close: (id: string) => void
}

let list: ToastList | null = null
let waiting: ToastOptions[] = []

/** The list is there: what waited for it is shown. Returns what to call when it goes. */
export function showToastsBy(shown: ToastList): () => void {
  list = shown
  const late = waiting
  waiting = []
  for (const options of late) shown.add(options)
  return () => {
    if (list === shown) list = null
  }
}

function add(options: ToastOptions): void {
  if (list) {
    list.add(options)
    return
  }
  waiting.push(options)
  useToastsWanted.setState({ wanted: true })
}

let lastId = 0
const SHOWN_MS = 5_000
const SHOWN_ERROR_MS = 15_000

export function toast({ kind = 'info', title, text, action, key, error }: ToastInput): void {
  const id = key ?? `message-${++lastId}`
  // It has said what it had to, and would lie over what the action opens.
  const act = (onClick: () => void) => () => {
    list?.close(id)
    onClick()
  }
  add({
    id,
    type: kind,
    title,
    description: text,
    // The other priority hides the message itself from screen readers, with its buttons in the order of Tab.
    priority: 'low',
    timeout: kind === 'error' ? SHOWN_ERROR_MS : SHOWN_MS,
    actionProps: action ? { children: action.label, onClick: act(action.onClick) } : undefined,
    data: { error }
  })
}

/** Any thrown value, in words. Aborted operations are what the user asked for and say nothing. */
export function toastError(thrown: unknown, title?: string): void {
  const error = toAppError(thrown).toData()
  if (error.code === 'ABORTED') return
  const language = i18next.language as Language
  const described = describeError(error, language)
  const named = typeof title === 'string'
  const action = canDiagnose(error)
    ? { action: { label: i18next.t('common:error.diagnose'), onClick: () => requestDiagnosis() } }
    : isForConnection(error)
      ? { action: { label: i18next.t('common:error.editConnection'), onClick: requestWebAddress } }
      : {}
  toast({
    kind: 'error',
    title: named ? title : described.what,
    text: named ? errorSentences(described, language) : described.next,
    error,
    key: `error-${error.code}`,
    ...action
  })
}
