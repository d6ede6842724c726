/** Checks with names, counted; one that fails does not stop the others. */
export interface CheckResult {
  name: string
  error: string | null
}

export function createChecks() {
  const results: CheckResult[] = []
  return {
    results,
    async check(name: string, run: () => unknown): Promise<void> {
      try {
        await run()
        results.push({ name, error: null })
      } catch (error) {
        results.push({ name, error: error instanceof Error ? error.message : String(error) })
      }
    }
  }
}
