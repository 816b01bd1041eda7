import { defineConfig } from 'vitest/config'

/**
 * `unit`: pure logic, no engine. `engine`: real PostgreSQL and ClickHouse. `faults`: spawned servers that are killed, halted and
 * crashed under load. `system`: spawned servers, real clients, real data. `console`: a spawned server and a real browser.
 * Nothing of ours is kept in a module, so that files of the first two share what is loaded.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{contract,server,console,tests,benches}/**/*.test.{ts,tsx}'],
          exclude: ['**/*.engine.test.ts', '**/*.system.test.ts', '**/node_modules/**'],
          isolate: false,
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'engine',
          include: ['{server,tests}/**/*.engine.test.ts'],
          globalSetup: ['tests/harness/engines-setup.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
          isolate: false,
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'faults',
          include: ['tests/faults/*.system.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          // A long run tells how late a mail came at worst, of which another beside it would be the cause.
          maxWorkers: process.env.BATON_TEST_LONG === '1' ? 1 : 2,
        },
      },
      {
        test: {
          name: 'system',
          include: ['tests/{system,real-clients,real-data}/*.system.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          maxWorkers: 2,
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
