import { z } from 'zod'
import { calls } from '../../shared/contract.ts'
import type { CallEnvelope, CallName, CallOutput, CallParsed, ReplyEnvelope } from '../../shared/contract.ts'
import { AppError, toAppError } from '../../shared/errors.ts'
import type { ErrorData } from '../../shared/errors.ts'

/** One function per call of the contract; a missing one does not compile. */
export type Handlers = { [N in CallName]: (input: CallParsed<N>) => CallOutput<N> | Promise<CallOutput<N>> }

/** The handlers of one feature: every call whose name starts with `P.`. */
export type HandlersOf<P extends string> = { [N in CallName as N extends `${P}.${string}` ? N : never]: Handlers[N] }

export type Dispatch = (message: unknown) => Promise<ReplyEnvelope>

/**
 * The border of the main process: takes whatever a transport received, checks it, calls, and answers. Never rejects, never
 * lets a stack trace out. `report` hears of every error that means a mistake of ours (INTERNAL), with its cause.
 */
export function createDispatch(handlers: Handlers, report: (call: string, error: unknown) => void): Dispatch {
  return async (message) => {
    const envelope = readEnvelope(message)
    if (!envelope.ok) return { id: envelope.id, error: envelope.error }
    const { id, name, input } = envelope.value
    try {
      const known = knownCall(name)
      const parsed = calls[known].input.safeParse(input)
      if (!parsed.success) throw invalidInput(known, parsed.error)
      const handler = handlers[known] as (input: unknown) => unknown
      return { id, ok: (await handler(parsed.data)) ?? null }
    } catch (error) {
      const known = toAppError(error)
      if (known.code === 'INTERNAL') report(name, error)
      return { id, error: asData(known) }
    }
  }
}

type Read = { ok: true; value: CallEnvelope } | { ok: false; id: number; error: ErrorData }

function readEnvelope(message: unknown): Read {
  const record = typeof message === 'object' && message !== null ? (message as Record<string, unknown>) : {}
  const id = typeof record['id'] === 'number' && Number.isSafeInteger(record['id']) && record['id'] >= 0 ? record['id'] : null
  const name = record['name']
  const field = id === null ? 'id' : typeof name !== 'string' || name.length > 100 ? 'name' : null
  if (field !== null || id === null) {
    return { ok: false, id: id ?? 0, error: new AppError('CALL_INVALID', { detail: { field: field ?? 'id' } }).toData() }
  }
  return { ok: true, value: { id, name: name as string, input: record['input'] } }
}

function knownCall(name: string): CallName {
  if (!Object.hasOwn(calls, name)) throw new AppError('CALL_UNKNOWN', { detail: { call: name } })
  return name as CallName
}

function invalidInput(call: CallName, error: z.ZodError): AppError {
  const issue = error.issues[0]
  const field = issue?.path.map(String).join('.') || 'input'
  return new AppError('CALL_INVALID', { detail: { call, field: field.slice(0, 200), reason: issue?.message.slice(0, 300) } })
}

/** Of a mistake of ours only the first lines: some libraries put whole stacks into their messages. */
function asData(error: AppError): ErrorData {
  const { code, message, detail } = error.toData()
  if (code !== 'INTERNAL') return { code, message, detail }
  const facts = Object.entries(detail ?? {}).map(([key, value]) => [key, typeof value === 'string' ? firstLine(value) : value])
  return { code, message: firstLine(message), detail: Object.fromEntries(facts) }
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? '').slice(0, 1000)
}
