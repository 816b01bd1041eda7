/** Privacy: what a person may ask for about her data: all of it in her hand, and all of it gone. */
export { createErasures, type Erasures, type ErasuresDeps } from './erasures.ts'
export { honourTombstones } from './honour-tombstones.ts'
export { keepTombstones } from './keep-tombstones.ts'
export { privacyRoutes } from './routes.ts'
export { type KeptTombstones, readNamedTombstones, readTombstoneFile, writeTombstones } from './tombstone-file.ts'
