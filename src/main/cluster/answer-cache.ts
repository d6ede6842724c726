import type { FileIdFacts } from '../../shared/file-id.ts'

/** A storage as a tracker named it, before the address map. */
export interface ToldEndpoint {
  readonly host: string
  readonly port: number
}

interface Ring<T> {
  answers: T[]
  next: number
  until: number
}

/** So many answers are collected before they are used again, so that a tracker's round robin still spreads the files. */
const RING_SIZE = 4

/** Answers of QUERY_STORE for small files, by group: the first four of a window are asked for, then they take turns. */
export class StoreAnswers<T> {
  readonly #rings = new Map<string, Ring<T>>()
  readonly #windowMs: number
  readonly #now: () => number

  constructor(windowMs: number, now: () => number) {
    this.#windowMs = windowMs
    this.#now = now
  }

  get(group: string): T | null {
    const ring = this.#rings.get(group)
    if (!ring || ring.answers.length < RING_SIZE) return null
    if (ring.until <= this.#now()) {
      this.#rings.delete(group)
      return null
    }
    return ring.answers[ring.next++ % RING_SIZE] ?? null
  }

  add(group: string, answer: T): void {
    if (this.#windowMs <= 0) return
    const ring = this.#rings.get(group)
    if (ring && ring.until > this.#now()) {
      if (ring.answers.length < RING_SIZE) ring.answers.push(answer)
    } else this.#rings.set(group, { answers: [answer], next: 0, until: this.#now() + this.#windowMs })
  }

  drop(group: string): void {
    this.#rings.delete(group)
  }
}

interface FileAnswer {
  readonly told: ToldEndpoint
  readonly isSource: boolean
  readonly createdAtSeconds: number
  readonly until: number
}

/**
 * Answers of QUERY_FETCH or QUERY_UPDATE, used for other files of the same source. That is safe for the source itself, and
 * for a replica when the other file is not younger: trackers offer a replica when it has everything up to the file's time.
 * Appenders and slaves are always asked for.
 */
export class FileAnswers {
  readonly #answers = new Map<string, FileAnswer>()
  readonly #windowMs: number
  readonly #now: () => number
  readonly #sourceOnly: boolean

  constructor(windowMs: number, now: () => number, options: { sourceOnly: boolean }) {
    this.#windowMs = windowMs
    this.#now = now
    this.#sourceOnly = options.sourceOnly
  }

  get(facts: FileIdFacts): ToldEndpoint | null {
    const answer = this.#answers.get(keyOf(facts))
    if (!answer || answer.until <= this.#now() || !isPlain(facts)) return null
    return answer.isSource || facts.createdAtSeconds <= answer.createdAtSeconds ? answer.told : null
  }

  add(facts: FileIdFacts, told: ToldEndpoint): void {
    if (this.#windowMs <= 0 || !isPlain(facts)) return
    const isSource = facts.source.type === 'ip' && facts.source.address === told.host
    if (this.#sourceOnly && !isSource) return
    this.#answers.set(keyOf(facts), {
      told,
      isSource,
      createdAtSeconds: facts.createdAtSeconds,
      until: this.#now() + this.#windowMs
    })
    if (this.#answers.size > 1000) this.#answers.clear()
  }

  drop(facts: FileIdFacts): void {
    this.#answers.delete(keyOf(facts))
  }
}

function isPlain(facts: FileIdFacts): boolean {
  return facts.kind === 'normal' || facts.kind === 'trunk'
}

function keyOf(facts: FileIdFacts): string {
  const { source } = facts
  return `${facts.group}/${source.type === 'ip' ? source.address : source.id}`
}
