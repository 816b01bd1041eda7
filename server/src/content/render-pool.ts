import { type ChildProcess, fork } from 'node:child_process'
import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import { type Milliseconds, RetryableError } from '../kernel/index.ts'
import type {
  Compiled,
  RenderAnswer,
  RenderedItem,
  RenderItem,
  RenderRequest,
  TemplateSource,
} from './render-protocol.ts'

/** A pool of long-lived rendering children with a hard time-out. */
export interface RenderPool {
  compile(mjml: string): Promise<Compiled>
  /**
   * One answer an item, in their order. A batch that hangs or kills its child is halved until the item at fault stands
   * alone and fails; the others are rendered.
   */
  render(
    templates: Readonly<Record<string, TemplateSource>>,
    items: readonly RenderItem[],
  ): Promise<readonly RenderedItem[]>
  close(): Promise<void>
}

export interface RenderPoolOptions {
  readonly children?: number
  /**
   * For one item; a batch gets this and a bit for each further one. Wall time: where all cores are busy (everybody is being
   * counted, say) honest work takes several times what it needs, and must not be taken for a hostile template.
   */
  readonly timeoutMs?: Milliseconds
  /** Of each child; what a template may use of it is a part. */
  readonly heapMegabytes?: number
}

const perFurtherItemMs = 25
const startMs = 10_000
const root = join(import.meta.dirname, '..', '..', '..')
/** Where the packages really are: a link to another folder would be refused. */
const packages = realpathSync(join(root, 'node_modules'))

/** A child that dies before it was ready died of its surroundings, not of a template: nobody's mail is at fault. */
class NotStartedError extends RetryableError {
  constructor() {
    super('The renderer does not start; messages wait. Memory may be short, or its packages can not be read', 2_000)
  }
}

interface Child {
  readonly process: ChildProcess
  isReady: boolean
}

export const createRenderPool = (options: RenderPoolOptions = {}): RenderPool => {
  const { children = 2, timeoutMs = 10_000, heapMegabytes = 256 } = options
  const idle: Child[] = []
  const all = new Set<Child>()
  const waiting: ((child: Child) => void)[] = []
  let lastId = 0
  let isClosed = false

  const start = (): Child => {
    const started = fork(join(import.meta.dirname, 'render-child.ts'), {
      execArgv: [
        '--permission',
        `--allow-fs-read=${root}/*`,
        `--allow-fs-read=${packages}/*`,
        `--max-old-space-size=${heapMegabytes}`,
        '--disable-warning=ExperimentalWarning',
      ],
      env: {},
      cwd: root,
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    const child: Child = { process: started, isReady: false }
    started.on('message', ({ kind }: RenderAnswer) => {
      if (kind === 'ready' || kind === 'loading') child.isReady = kind === 'ready'
    })
    all.add(child)
    started.on('error', () => all.delete(child))
    started.once('exit', () => {
      all.delete(child)
      const at = idle.indexOf(child)
      if (at >= 0) idle.splice(at, 1)
    })
    return child
  }

  const take = (): Promise<Child> => {
    const free = idle.pop()
    if (free) return Promise.resolve(free)
    if (all.size < children) return Promise.resolve(start())
    return new Promise((resolve) => waiting.push(resolve))
  }

  const giveBack = (child: Child): void => {
    const alive = all.has(child) && child.process.connected
    const next = waiting.shift()
    if (next) next(alive ? child : start())
    else if (alive) rest(child)
  }

  /** An idle child does not keep the process alive. */
  const rest = (child: Child): void => {
    child.process.unref()
    child.process.channel?.unref()
    idle.push(child)
  }

  /** Null: it took too long, or the child died of it. Throws when the child did not even start. */
  const ask = async (request: RenderRequest, limitMs: Milliseconds): Promise<RenderAnswer | null> => {
    if (isClosed) throw new Error('The render pool is closed')
    const child = await take()
    child.process.ref()
    child.process.channel?.ref()
    try {
      return await new Promise<RenderAnswer | null>((resolve, reject) => {
        const settle = (answer: RenderAnswer | null) => {
          clearTimeout(timer)
          child.process.off('message', onMessage)
          child.process.off('exit', onExit)
          resolve(answer)
        }
        const kill = () => {
          all.delete(child)
          child.process.kill('SIGKILL')
        }
        let timer = setTimeout(kill, child.isReady ? limitMs : startMs)
        const onMessage = (answer: RenderAnswer) => {
          if (answer.kind === 'ready' || answer.kind === 'loading') {
            clearTimeout(timer)
            timer = setTimeout(kill, answer.kind === 'ready' ? limitMs : startMs)
          } else if (answer.id === request.id) settle(answer)
        }
        const onExit = () => {
          if (!child.isReady) reject(new NotStartedError())
          settle(null)
        }
        child.process.on('message', onMessage)
        child.process.once('exit', onExit)
        child.process.send(request, (error) => {
          if (error) onExit()
        })
      })
    } finally {
      giveBack(child)
    }
  }

  const render: RenderPool['render'] = async (templates, items) => {
    if (items.length === 0) return []
    lastId += 1
    const used = new Set(items.map(({ template }) => template))
    const sent = Object.fromEntries(Object.entries(templates).filter(([name]) => used.has(name)))
    const answer = await ask(
      { kind: 'render', id: lastId, templates: sent, items },
      timeoutMs + perFurtherItemMs * items.length,
    )
    if (answer?.kind === 'rendered') return answer.items
    const [only] = items
    if (items.length === 1 && only)
      return [
        {
          kind: 'failed',
          key: only.key,
          problem: { message: 'It took too long or too much memory to render', line: null },
        },
      ]
    const half = Math.ceil(items.length / 2)
    const [first, second] = await Promise.all([
      render(templates, items.slice(0, half)),
      render(templates, items.slice(half)),
    ])
    return [...first, ...second]
  }

  return {
    render,
    compile: async (mjml) => {
      lastId += 1
      const answer = await ask({ kind: 'compile', id: lastId, mjml }, timeoutMs)
      if (answer?.kind === 'compiled') return answer.compiled
      return { html: '', errors: [{ message: 'It took too long or too much memory to compile', line: null }] }
    },
    close: async () => {
      isClosed = true
      await Promise.all(
        [...all].map(
          (child) =>
            new Promise<void>((done) => {
              child.process.ref()
              child.process.once('exit', () => done())
              child.process.kill('SIGKILL')
            }),
        ),
      )
    },
  }
}
