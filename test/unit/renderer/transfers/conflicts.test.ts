import { describe, expect, it } from 'vitest'
import {
  choiceOf,
  choose,
  chooseAll,
  compare,
  crcText,
  loadConflicts,
  skipSame
} from '../../../../src/renderer/features/transfers/conflicts.ts'
import type { ConflictComparison, ConflictView } from '../../../../src/shared/model.ts'

const row = (transferId: number): ConflictView => ({
  transferId,
  name: `${transferId}`,
  path: `/x/${transferId}`,
  local: null,
  remote: { sizeBytes: 1, crc32: 2, createdAt: 3 }
})
const found = (transferId: number, same: boolean | null): ConflictComparison => ({
  transferId,
  local: null,
  remote: null,
  same,
  error: null
})

describe('choices', () => {
  it('are one for all, and single ones against it', () => {
    const choices = choose(chooseAll('rename'), 7, 'skip')
    expect([choiceOf(choices, 7), choiceOf(choices, 8)]).toEqual(['skip', 'rename'])
  })

  it('for all replace the single ones', () => {
    expect(chooseAll('overwrite')).toEqual({ all: 'overwrite', own: {} })
  })

  it('that say the same as the one for all are not kept', () => {
    expect(choose(choose(chooseAll('rename'), 7, 'skip'), 7, 'rename').own).toEqual({})
  })

  it('skip what turned out to be the same, and nothing else', () => {
    const choices = skipSame(chooseAll('rename'), [found(1, true), found(2, false), found(3, null)])
    expect([1, 2, 3].map((id) => choiceOf(choices, id))).toEqual(['skip', 'rename', 'rename'])
  })
})

describe('the rows', () => {
  it('are fetched page by page, and a cursor that stands still ends it', async () => {
    const asked: number[] = []
    const api = {
      call: (_: string, input: { afterSeq: number }) => {
        asked.push(input.afterSeq)
        return Promise.resolve({ rows: [row(asked.length)], cursor: asked.length < 3 ? asked.length * 10 : 20 })
      }
    }
    const rows = await loadConflicts(api as never, 1)
    expect(asked).toEqual([-1, 10, 20])
    expect(rows.map((each) => each.transferId)).toEqual([1, 2, 3])
  })

  it('are compared a few at a time, and no more once the dialog is closed', async () => {
    const sizes: number[] = []
    const api = {
      call: (_: string, input: { transferIds: number[] }) => {
        sizes.push(input.transferIds.length)
        return Promise.resolve(input.transferIds.map((id) => found(id, true)))
      }
    }
    let told = 0
    await compare(
      api as never,
      Array.from({ length: 50 }, (_, i) => row(i)),
      () => told >= 40,
      (some) => (told += some.length)
    )
    expect(sizes).toEqual([20, 20])
  })
})

it('a CRC-32 is written as the tools of the server write it', () => {
  expect(crcText(0xab12)).toBe('0000ab12')
})
