import { expect, it } from 'vitest'
import { showToastsBy, toast } from '../../../../src/renderer/components/toast.ts'

it('takes a message away before its action opens something, and shows a success for five seconds at most', () => {
  const calls: string[] = []
  const shown: { id?: string | undefined; timeout?: number | undefined; act: () => void }[] = []
  const stop = showToastsBy({
    add: ({ id, timeout, actionProps }) => shown.push({ id, timeout, act: actionProps?.onClick as unknown as () => void }),
    close: (id) => calls.push(`closed ${id}`)
  })
  try {
    const action = { label: 'Undo', onClick: () => void calls.push('done') }
    toast({ kind: 'success', key: 'trash', title: 'Moved', action })
    toast({ kind: 'success', title: 'Saved', action })
    toast({ title: 'Copied', action })
    for (const { act } of shown) act()
    expect(calls).toEqual(shown.flatMap(({ id }) => [`closed ${id}`, 'done']))
    expect(new Set(shown.map(({ id }) => id)).size).toBe(3)
    expect(shown[0]?.id).toBe('trash')
    expect(shown.every(({ timeout }) => (timeout ?? 0) >= 4_000 && (timeout ?? 0) <= 5_000)).toBe(true)
  } finally {
    stop()
  }
})
