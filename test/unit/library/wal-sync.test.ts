import { writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openLibrary } from '../../../src/main/library/open.ts'
import { WalSync } from '../../../src/main/library/wal-sync.ts'
import { tempDir } from '../../support/temp-dir.ts'

test('flushes the log of a library in use, many calls at once included', async () => {
  const library = await openLibrary({ path: join(await tempDir(), 'library.db') })
  const batch = { profileId: 'p', kind: 'upload' as const, title: '', createdAt: 0, target: null, options: {}, scanning: false }
  for (let i = 0; i < 20; i++) {
    library.journal.addBatch(batch)
    await Promise.all(Array.from({ length: 10 }, () => library.journal.sync()))
  }
  expect(library.journal.batches()).toHaveLength(20)
  await library.close()
})

test('tells when the log cannot be flushed, and works again when it can', async () => {
  const path = join(await tempDir(), 'x.db')
  const log = new WalSync(path)
  await expect(log.sync()).rejects.toThrow('ENOENT')
  writeFileSync(`${path}-wal`, '')
  await log.sync()
  await log.close()
  await rm(`${path}-wal`)
})

test('a call that comes during a flush waits for a flush that begins after it', async () => {
  const path = join(await tempDir(), 'x.db')
  writeFileSync(`${path}-wal`, '')
  const log = new WalSync(path)
  const order: string[] = []
  const first = log.sync().then(() => order.push('first'))
  const second = log.sync().then(() => order.push('second'))
  const third = log.sync().then(() => order.push('third'))
  await Promise.all([first, second, third])
  expect(order[0]).toBe('first')
  expect(order.slice(1).toSorted()).toEqual(['second', 'third'])
  await log.close()
})
