/** Calls of the contract beside the page, as a second window makes them: for what a scene needs and nobody clicks together quickly. */
import { openSession, openSocket } from '../../support/browser-session.ts'

export interface Link {
  call(name: string, input: unknown): Promise<unknown>
  close(): void
}

export async function openLink(address: string): Promise<Link> {
  const { port, headers } = await openSession(address)
  const socket = await openSocket(port, headers)
  if (typeof socket === 'number') throw new Error(`the link was refused (${socket})`)
  const waiting = new Map<number, { done: (value: unknown) => void; fail: (error: Error) => void }>()
  socket.on('message', (data: Buffer) => {
    const { id, ok, error } = JSON.parse(data.toString()) as { id?: number; ok?: unknown; error?: unknown }
    if (id === undefined) return
    if (error === undefined) waiting.get(id)?.done(ok)
    else waiting.get(id)?.fail(new Error(JSON.stringify(error)))
    waiting.delete(id)
  })
  let last = 0
  return {
    call: (name, input) =>
      new Promise((done, fail) => {
        const id = ++last
        waiting.set(id, { done, fail })
        socket.send(JSON.stringify({ id, name, input }))
      }),
    close: () => socket.close()
  }
}
