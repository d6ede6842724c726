import { expect, test } from 'vitest'
import type { Batch } from '../../../src/main/transfer/batch.ts'
import { pickNext } from '../../../src/main/transfer/scheduler.ts'

/** A batch with so many transfers running, and always one more. */
const batch = (kind: 'delete' | 'metadata', running: number) =>
  ({
    isOpen: true,
    record: { kind },
    running: { small: running, large: 0 },
    priority: 'normal',
    turn: 0,
    take: (size: string) => (size === 'small' ? { id: running } : null)
  }) as unknown as Batch
const slots = { used: { small: 4, large: 0 }, total: () => 100 }

test('deleting uses few connections, however many batches there are; other work is not held up by it', () => {
  const accept = () => true
  expect(pickNext([batch('delete', 3)], slots, accept)).not.toBeNull()
  expect(pickNext([batch('delete', 4)], slots, accept)).toBeNull()
  expect(pickNext([batch('delete', 2), batch('delete', 2)], slots, accept)).toBeNull()
  expect(pickNext([batch('delete', 4), batch('metadata', 8)], slots, accept)?.batch.record.kind).toBe('metadata')
})
