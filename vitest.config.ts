import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { defineConfig } from 'vitest/config'

const alias = { electron: resolve('test/support/electron-stub.ts') }

export default defineConfig({
  test: {
    // Many tests wait for something: a server that is away, a watcher, a process that starts. One more than there are cores.
    maxWorkers: availableParallelism() + 1,
    globalSetup: 'test/support/scratch-setup.ts',
    projects: [
      {
        resolve: { alias },
        // A limit for what hangs. Thousands of generated inputs take seconds where other programs run beside the tests.
        test: { name: 'unit', include: ['test/unit/**/*.test.{ts,tsx}'], environment: 'node', testTimeout: 30_000, hookTimeout: 30_000 }
      },
      {
        resolve: { alias },
        test: {
          name: 'conformance',
          include: ['test/conformance/**/*.test.ts'],
          environment: 'node',
          testTimeout: 60_000,
          hookTimeout: 60_000
        }
      }
    ]
  }
})
