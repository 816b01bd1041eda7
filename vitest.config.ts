import { defineConfig } from 'vitest/config'

/**
 * `unit`: pure logic, no engine. `engine`: real PostgreSQL and ClickHouse. `system`: spawned servers, faults, real data, alone on the
 * machine. `console`: a spawned server and a real browser; they mostly wait, so two at a time.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{contract,server,console,tests,benches}/**/*.test.{ts,tsx}'],
          exclude: ['**/*.engine.test.ts', '**/*.system.test.ts', '**/node_modules/**'],
        },
      },
      {
        test: {
          name: 'engine',
          include: ['{server,tests}/**/*.engine.test.ts'],
          globalSetup: ['tests/harness/engines-setup.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'system',
          include: ['tests/**/*.system.test.ts'],
          exclude: ['tests/e2e/**', '**/node_modules/**'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          maxWorkers: 1,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'console',
          include: ['tests/e2e/**/*.system.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          maxWorkers: 2,
        },
      },
    ],
  },
})
