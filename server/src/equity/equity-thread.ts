import { parentPort } from 'node:worker_threads'
import { must } from '../kernel/index.ts'
import { type EquityTaskName, equityTasks } from './equity-task.ts'

/** The other side of `compute-thread.ts`. */
const port = must(parentPort, 'this file is started as a worker thread')

port.on('message', (asked: { readonly id: number; readonly name: EquityTaskName; readonly input: never }) => {
  try {
    port.postMessage({ id: asked.id, output: equityTasks[asked.name](asked.input) })
  } catch (error) {
    port.postMessage({ id: asked.id, error })
  }
})
