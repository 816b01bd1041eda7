/**
 * The ladder of ARCHITECTURE.md: a room imports only from the lines above its own, and enters another room only by its
 * `index.ts`. `tests/ladder.test.ts` runs this and checks that every module was read.
 */
const ladder = [
  ['contract', 'kernel'],
  ['stores'],
  ['http', 'jobs'],
  ['workspaces'],
  ['collect'],
  ['people'],
  ['segments'],
  ['lifecycle'],
  ['planning'],
  ['policy'],
  ['content'],
  ['channels'],
  ['messages'],
  ['journeys'],
  ['experiments'],
  ['measure'],
  ['equity'],
  ['privacy'],
  ['advocacy'],
]
/** The composition root and what serves it: they may import every room, no room imports them. */
const top = [
  'config',
  'main',
  'app',
  'rooms',
  'process-report',
  'person-lenses',
  'sample',
  'cli',
  'backup',
  'operations',
  'supervisor',
  'sample-shop',
]

const folderOf = (room) => (room === 'contract' ? '^contract/src/' : `^server/src/${room}/`)
const anyOf = (rooms) => rooms.map(folderOf).join('|')
const topPaths = top.map((name) => `^server/src/${name}[./]`).join('|')
const testFiles = '(\\.test|\\.test-data|-fixture)\\.tsx?$'
const tests = `${testFiles}|^tests/|^benches/`

/** These open or accept connections; everything else goes through them. */
const mayUseNetwork = [
  '^server/src/channels/egress',
  // Speaks SMTP over a connection that egress opened; composes bytes.
  '^server/src/channels/(smtp-connections|compose-mail)\\.ts$',
  '^server/src/stores/',
  '^server/src/http/',
  '^server/src/supervisor/port\\.ts$',
  tests,
].join('|')
const networkModules =
  '^(node:)?(http|https|http2|net|tls|dgram|dns|dns/promises)$|node_modules/(undici|nodemailer|smtp-server|ws)/'

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    ...ladder.flatMap((line, depth) =>
      line.map((room) => {
        const sameLine = line.filter((other) => other !== room)
        const below = ladder.slice(depth + 1).flat()
        const forbiddenRooms = anyOf([...sameLine, ...below])
        return {
          name: `ladder-${room}`,
          comment: `${room} imports only what stands above its line`,
          severity: 'error',
          from: { path: folderOf(room), pathNot: tests },
          to: { path: [forbiddenRooms, topPaths].filter((part) => part !== '').join('|') },
        }
      }),
    ),
    {
      name: 'front-door',
      comment: 'A room is entered by its index.ts only',
      severity: 'error',
      from: { path: '^server/src/([^/]+)/', pathNot: tests },
      to: { path: '^server/src/[^/]+/', pathNot: '^server/src/$1/|^server/src/[^/]+/index\\.ts$' },
    },
    {
      name: 'front-door-from-outside',
      comment: 'main, app and others outside a room enter it by its index.ts only',
      severity: 'error',
      from: { path: '^(server/src/[^/]+\\.ts$|benches/|tests/)', pathNot: '\\.test\\.tsx?$' },
      to: { path: '^server/src/[^/]+/', pathNot: '^server/src/[^/]+/index\\.ts$' },
    },
    {
      name: 'contract-alone',
      comment: 'The contract knows neither server nor console',
      severity: 'error',
      from: { path: '^contract/' },
      to: { path: '^(server|console)/' },
    },
    {
      name: 'console-by-the-api',
      comment: 'The console knows the server only by its public API',
      severity: 'error',
      from: { path: '^console/src/' },
      to: { path: '^server/' },
    },
    {
      name: 'server-without-console',
      severity: 'error',
      from: { path: '^server/src/' },
      to: { path: '^console/' },
    },
    {
      name: 'one-way-out',
      comment: 'Only the egress module opens outgoing connections, only the kits of http and stores listen',
      severity: 'error',
      from: { path: '^server/src/', pathNot: mayUseNetwork },
      to: { path: networkModules, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'tests-stay-outside',
      severity: 'error',
      from: { path: '^(server|contract|console)/src/', pathNot: testFiles },
      to: { path: `^(tests|benches)/|${testFiles}` },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'node', 'default'] },
  },
}
