import { defineConfig } from 'vitest/config'

/**
 * `unit`: pure logic, no engine, nothing kept in a module, so that files share what is loaded. `engine`: real PostgreSQL and ClickHouse. `faults`: spawned servers that are killed, halted and
 * crashed under load, alone on the machine. `system`: spawned servers, real clients, real data, and `console`: a spawned server and a real
 * browser; these mostly wait, so two at a time.
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
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'faults',
          include: ['tests/faults/*.system.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          maxWorkers: 1,
          fileParallelism: false,
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
