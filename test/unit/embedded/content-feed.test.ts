import { expect, test } from 'vitest'
import { ContentFeed } from '../../../src/main/embedded/content-feed.ts'
import type { ContentSink } from '../../../src/main/embedded/service.ts'

const PIECE = 512 * 1024

/** A sink whose writes end when the test says so; `log` holds everything that happened. */
function setUp(options: { parallel?: number; bytes: number; refuseAtOnce?: number }) {
  const log: string[] = []
  const writes: ((status: number) => void)[] = []
  const sink: ContentSink = {
    parallel: options.parallel ?? 1,
    takeWhole: () => 0,
    write: (_chunks, bytes, done) => {
      log.push(`write ${bytes}`)
      if (options.refuseAtOnce === undefined) writes.push(done)
      else done(options.refuseAtOnce)
    },
    finish: (done) => {
      log.push('finish')
      done(0)
    },
    abort: () => log.push('abort')
  }
  const feed = new ContentFeed(sink, options.bytes, {
    moved: () => log.push('moved'),
    refused: (status) => log.push(`refused ${status}`),
    answered: (reply) => log.push(`answered ${reply as number}`)
  })
  return { feed, log, writes }
}

test('pieces are written one after the other, and the last one is answered', () => {
  const { feed, log, writes } = setUp({ bytes: PIECE + 10 })
  feed.push(Buffer.alloc(PIECE - 1))
  expect(log).toEqual([])
  feed.push(Buffer.alloc(1))
  expect(feed.full).toBe(false)
  feed.push(Buffer.alloc(10))
  expect(feed.full).toBe(true)
  writes[0]!(0)
  writes[1]!(0)
  expect(log).toEqual([`write ${PIECE}`, 'write 10', 'moved', 'finish', 'answered 0'])
})

test('no more is taken than the sink may write at a time', () => {
  const { feed, writes } = setUp({ parallel: 2, bytes: 10 * PIECE })
  for (let i = 0; i < 3; i++) feed.push(Buffer.alloc(PIECE))
  expect(writes).toHaveLength(2)
  expect(feed.full).toBe(true)
  writes[0]!(0)
  expect(writes).toHaveLength(3)
  expect(feed.full).toBe(false)
})

test.each([{ atOnce: true }, { atOnce: false }])('a refused last piece is not finished (at once: $atOnce)', ({ atOnce }) => {
  const { feed, log, writes } = setUp({ bytes: 100, ...(atOnce ? { refuseAtOnce: 28 } : {}) })
  feed.push(Buffer.alloc(100))
  writes[0]?.(28)
  expect(log).toEqual(['write 100', 'abort', 'refused 28'])
})

test('writes that end after an abort change nothing', () => {
  const { feed, log, writes } = setUp({ parallel: 2, bytes: 10 * PIECE })
  feed.push(Buffer.alloc(PIECE))
  feed.abort()
  feed.abort()
  writes[0]!(0)
  expect(log).toEqual([`write ${PIECE}`, 'abort'])
})
