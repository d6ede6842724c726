/** What goes wrong with the requests that a rule matches. */
export type Fault =
  /** The answer comes `ms` later; the command is executed when it arrives. */
  | { kind: 'delay'; ms: number }
  /**
   * Silence: after `afterBytes` bytes of the request's content (11, 21, 23, 24, 34) nothing more is read; for the other
   * commands nothing is sent after `afterBytes` bytes of the answer's body. 0 = no answer at all.
   */
  | { kind: 'stall'; afterBytes?: number }
  /** The connection is closed at the same places; `reset` sends RST instead of FIN. */
  | { kind: 'cut'; afterBytes?: number; reset?: boolean }
  /** The command is executed, then the connection is closed without its answer. */
  | { kind: 'drop-answer'; reset?: boolean }
  /** This status instead of executing the command. */
  | { kind: 'status'; status: number }
  /** One byte of the answer's body arrives wrong. */
  | { kind: 'corrupt'; atByte: number }

export interface FaultRule {
  /** 'tracker', 'tracker2' …, 'group1/0' …, or '*' for all. */
  server: string
  /** Command number; missing = every command. */
  command?: number | undefined
  fault: Fault
  /** Matching requests that are left alone first. */
  skip?: number | undefined
  /** How many requests are hit; missing = all until removed. */
  times?: number | undefined
}

export interface FaultHandle {
  /** Requests hit so far. */
  readonly hits: number
  remove(): void
}

interface ActiveRule extends FaultRule {
  seen: number
  hits: number
}

/** The rules of a cluster. The first rule that matches a request decides. */
export class FaultRules {
  private readonly rules: ActiveRule[] = []

  add(rule: FaultRule): FaultHandle {
    const active: ActiveRule = { ...rule, seen: 0, hits: 0 }
    this.rules.push(active)
    return {
      get hits() {
        return active.hits
      },
      remove: () => {
        const at = this.rules.indexOf(active)
        if (at >= 0) this.rules.splice(at, 1)
      }
    }
  }

  clear(): void {
    this.rules.length = 0
  }

  take(server: string, command: number): Fault | null {
    for (const rule of this.rules) {
      if (rule.server !== '*' && rule.server !== server) continue
      if (rule.command !== undefined && rule.command !== command) continue
      rule.seen += 1
      if (rule.seen <= (rule.skip ?? 0) || rule.hits >= (rule.times ?? Infinity)) continue
      rule.hits += 1
      return rule.fault
    }
    return null
  }
}
