/** How fast it went in the last minutes, for drawing: one sample a second, for everything and for each unfinished batch. */
import { create } from 'zustand'
import type { TransferSnapshot } from '../../../shared/model.ts'
import { ALL } from './store.ts'

const SAMPLE_MS = 1_000
/** Two minutes. */
export const SAMPLES = 120
/** What has only begun is not drawn as a needle at the edge. */
const LEAST_SPAN = 30

/** Seconds that a drawing of these samples shows. */
export function spanOf(rates: readonly number[]): number {
  return Math.max(LEAST_SPAN, rates.length)
}

export interface SpeedHistory {
  sampledAt: number
  /** Bytes per second, oldest first, by batch; `ALL` = all of them. */
  of: Readonly<Record<number, readonly number[]>>
}

export const NO_SPEED: SpeedHistory = { sampledAt: Number.NEGATIVE_INFINITY, of: {} }

/** The history after a snapshot; the same object when it is too early for another sample. `now` in Unix ms. */
export function sampleSpeed(history: SpeedHistory, snapshot: TransferSnapshot, now: number): SpeedHistory {
  if (now - history.sampledAt < SAMPLE_MS && now >= history.sampledAt) return history
  // Nothing runs: the next one begins anew.
  if (snapshot.totals.activeBatches === 0) return Object.keys(history.of).length === 0 ? history : NO_SPEED
  const of: Record<number, readonly number[]> = {}
  const add = (id: number, rate: number): void => {
    of[id] = [...(history.of[id] ?? []).slice(1 - SAMPLES), rate]
  }
  add(ALL, snapshot.totals.rateBytes)
  for (const batch of snapshot.batches) if (batch.finishedAt === null) add(batch.id, batch.rateBytes)
  return { sampledAt: now, of }
}

export const useSpeed = create<SpeedHistory>()(() => NO_SPEED)

/**
 * The line and the area under it as SVG paths in a box of `width` × `height`: the newest sample at the right edge, the highest one
 * near the top. null = too little to draw.
 */
export function speedPaths(rates: readonly number[], width: number, height: number): { line: string; area: string; peak: number } | null {
  const peak = Math.max(0, ...rates)
  if (rates.length < 2 || peak === 0) return null
  const step = width / (spanOf(rates) - 1)
  const left = width - step * (rates.length - 1)
  const points = rates.map((rate, i) => `${round(left + step * i)} ${round(height - (rate / peak) * (height - 2) - 1)}`)
  const line = `M${points.join('L')}`
  return { line, area: `${line}L${round(width)} ${height}L${round(left)} ${height}Z`, peak }
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
