import { describe, expect, test } from 'vitest'
import { addressOf, configEnvironment, readConfig } from './config.ts'

describe('the settings of a process', () => {
  test('have calm defaults: loopback, port 4400, data beside the command', () => {
    expect(readConfig({}, {}, '/srv/shop')).toEqual({
      host: '127.0.0.1',
      port: 4400,
      dataFolder: '/srv/shop/.baton',
      publicUrl: 'http://127.0.0.1:4400',
      logLevel: 'info',
      egressAllow: [],
      trustedProxies: [],
      factsBytes: null,
      secret: null,
      databaseUrl: null,
      clickhouseUrl: null,
      databaseMigrationUrl: null,
      playsSample: false,
    })
  })

  test('come from the environment, and flags win', () => {
    const config = readConfig({ BATON_PORT: '5000', BATON_HOST: '0.0.0.0' }, { port: '6000' }, '/srv')
    expect(config.port).toBe(6000)
    expect(config.publicUrl).toBe('http://127.0.0.1:6000')
  })

  test('a variable that is set to nothing counts as not set', () => {
    expect(readConfig({ DATABASE_URL: '', BATON_PORT: ' ' }).databaseUrl).toBeNull()
  })

  test('each wrong value gets a line that names it', () => {
    expect(() => readConfig({ BATON_PORT: '70000', BATON_LOG: 'loud' })).toThrow(
      [
        'BATON_PORT is "70000" and must be a whole number from 0 to 65535.',
        'BATON_LOG is "loud" and must be one of trace, debug, info, warn, error, silent.',
      ].join('\n'),
    )
  })

  test('trusted proxies are addresses or networks', () => {
    const trusted = (text: string) => readConfig({ BATON_TRUSTED_PROXIES: text }).trustedProxies
    expect(trusted('10.0.0.7, 192.168.0.0/16,fd00::/8')).toEqual(['10.0.0.7', '192.168.0.0/16', 'fd00::/8'])
    for (const wrong of ['proxy.lan', '10.0.0.0/33', '10.0.0.0/', 'true', '10.0.0.1/8/8'])
      expect(() => trusted(wrong)).toThrow('BATON_TRUSTED_PROXIES')
  })

  test('a wrong database address is named without repeating its password', () => {
    expect(() => readConfig({ DATABASE_URL: 'mysql://root:secret@db/x' })).toThrow(
      /^DATABASE_URL must be an address that begins with postgres:\/\/ or postgresql:\/\/\.$/,
    )
  })

  test('pass to a child by its environment unchanged', () => {
    const config = readConfig(
      {
        DATABASE_URL: 'postgres://a:b@db/baton',
        BATON_SECRET: 'x'.repeat(32),
        BATON_EGRESS_ALLOW: '10.0.0.0/8, mail.lan',
        BATON_FACTS_MB: '300',
      },
      { data: '/data' },
    )
    expect(config.factsBytes).toBe(300 * 2 ** 20)
    expect(readConfig(configEnvironment(config))).toEqual(config)
    expect(() => readConfig({ BATON_FACTS_MB: 'much' })).toThrow(/whole number of megabytes/)
  })

  test('an IPv6 host is written as an address', () => {
    expect(addressOf('::1', 4400)).toBe('http://[::1]:4400')
  })
})
