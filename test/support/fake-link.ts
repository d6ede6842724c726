/** An in-memory link: tests answer the page's calls, send it events, and take the link away. */
import type {
  CallEnvelope,
  CallName,
  CallOutput,
  CallParsed,
  EventEnvelope,
  EventName,
  Events,
  ReplyEnvelope
} from '../../src/shared/contract.ts'
import type { ErrorData } from '../../src/shared/errors.ts'
import type { Link } from '../../src/renderer/api/link.ts'

type Answers = { [N in CallName]?: (input: CallParsed<N>) => CallOutput<N> | Promise<CallOutput<N>> }

export interface FakeLink extends Link {
  /** Calls in the order they came. */
  calls: { name: string; input: unknown }[]
  answers: Answers
  emit<E extends EventName>(event: E, data: Events[E]): void
  setUp(up: boolean): void
}

/** A thrown ErrorData is answered as an error; a call without an answer stays unanswered. */
export function createFakeLink(answers: Answers = {}): FakeLink {
  const messages = new Set<(message: ReplyEnvelope | EventEnvelope) => void>()
  const states = new Set<(up: boolean) => void>()
  let up = true
  const reply = (message: ReplyEnvelope | EventEnvelope): void => {
    for (const listener of messages) listener(message)
  }
  const link: FakeLink = {
    calls: [],
    answers,
    send({ id, name, input }: CallEnvelope) {
      link.calls.push({ name, input })
      const answer = link.answers[name as CallName] as ((input: unknown) => unknown) | undefined
      if (answer === undefined) return
      void Promise.resolve()
        .then(() => answer(input))
        .then(
          (ok) => reply({ id, ok }),
          (error: unknown) => reply({ id, error: error as ErrorData })
        )
    },
    onMessage(listener) {
      messages.add(listener)
      return () => messages.delete(listener)
    },
    onLink(listener) {
      states.add(listener)
      listener(up)
      return () => states.delete(listener)
    },
    emit: (event, data) => reply({ event, data }),
    setUp(value) {
      up = value
      for (const listener of states) listener(value)
    }
  }
  return link
}

/** Lets everything that is already settled run. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
}
