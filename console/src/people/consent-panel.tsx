import {
  type MessagePurpose,
  messagePurpose,
  type PersonPolicy,
  type PolicySettings,
  personPolicy,
  policySettings,
} from '@baton/contract'
import { Button, Group, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useApi } from '../api/use-api.ts'
import { useHere } from '../app/session-context.ts'
import { useTexts } from '../texts/use-texts.ts'
import { ErrorPanel } from '../ui/error-panel.tsx'
import { Panel } from '../ui/panel.tsx'
import { StateBadge } from '../ui/state-badge.tsx'
import { When } from '../ui/when.tsx'
import { ConsentForm } from './consent-form.tsx'
import classes from './person.module.css'

/** What she allows, by purpose, with where and when she said so; and her own wishes. */
export const ConsentPanel = ({ personId }: { readonly personId: string }) => {
  const t = useTexts()
  const { workspace } = useHere()
  const [changing, change] = useDisclosure(false)
  const allowed = useApi(`/v1/people/${personId}/consent`, personPolicy, { refetchMs: 10_000 })
  const policy = useApi('/v1/policy', policySettings)
  const mayChange = workspace.permissions.includes('people:write')
  return (
    <Panel
      title={t('people.consent.title')}
      aside={
        mayChange && allowed.data !== undefined ? (
          <Button size="compact-sm" variant="default" onClick={change.open}>
            {t('people.consent.change')}
          </Button>
        ) : null
      }
    >
      {allowed.data === undefined ? null : <Allowed allowed={allowed.data} policy={policy.data} />}
      {allowed.error === null ? null : <ErrorPanel error={allowed.error} onRetry={() => void allowed.refetch()} />}
      {allowed.data === undefined || !changing ? null : (
        <ConsentForm
          personId={personId}
          allowed={allowed.data}
          topics={policy.data?.topics ?? []}
          onClose={change.close}
        />
      )}
    </Panel>
  )
}

interface AllowedProps {
  readonly allowed: PersonPolicy
  readonly policy: PolicySettings | undefined
}

const Allowed = ({ allowed, policy }: AllowedProps) => (
  <ul className={classes.lines}>
    {allowed.suppressions.map((one) => (
      <Suppressed key={one.reason} {...one} />
    ))}
    {messagePurpose.options.map((purpose) => (
      <Purpose
        key={purpose}
        purpose={purpose}
        consent={allowed.consents.find((one) => one.purpose === purpose)}
        isNeeded={policy?.consentNeeded.includes(purpose) ?? true}
      />
    ))}
    <Wishes allowed={allowed} policy={policy} />
  </ul>
)

const Suppressed = (one: PersonPolicy['suppressions'][number]) => {
  const t = useTexts()
  return (
    <li>
      <Group justify="space-between" gap="xs">
        <Text>{t.code('reasons', one.reason)}</Text>
        <StateBadge state="suppressed" tone="bad" label={t('people.consent.suppressed')} />
      </Group>
      <Text size="xs" c="dimmed">
        {one.detail} · <When at={one.at} />
      </Text>
    </li>
  )
}

interface PurposeProps {
  readonly purpose: MessagePurpose
  readonly consent: PersonPolicy['consents'][number] | undefined
  readonly isNeeded: boolean
}

const Purpose = ({ purpose, consent, isNeeded }: PurposeProps) => {
  const t = useTexts()
  return (
    <li>
      <Group justify="space-between" gap="xs">
        <span>{t(`journeys.purposes.${purpose}`)}</span>
        <ConsentBadge consent={consent} isNeeded={isNeeded} />
      </Group>
      {consent === undefined ? null : (
        <Text size="xs" c="dimmed" title={consent.wording}>
          {consent.source} · <When at={consent.at} />
          {consent.expiresAt === null ? null : (
            <>
              {` · ${t('people.consent.expires')} `}
              <When at={consent.expiresAt} />
            </>
          )}
        </Text>
      )}
    </li>
  )
}

const ConsentBadge = ({ consent, isNeeded }: Pick<PurposeProps, 'consent' | 'isNeeded'>) => {
  const t = useTexts()
  if (consent === undefined) {
    const state = isNeeded ? 'notAsked' : 'notNeeded'
    return <StateBadge state={state} tone="calm" label={t(`people.consent.${state}`)} />
  }
  const state = consent.given ? 'given' : 'withdrawn'
  return <StateBadge state={state} tone={consent.given ? 'good' : 'bad'} label={t(`people.consent.${state}`)} />
}

const Wishes = ({ allowed: { preferences, timeZone }, policy }: AllowedProps) => {
  const t = useTexts()
  const titleOf = (topic: string): string => policy?.topics.find((one) => one.topic === topic)?.title ?? topic
  return (
    <li>
      {preferences.unsubscribedAll ? <Text fw={520}>{t('people.consent.left')}</Text> : null}
      {preferences.pausedUntil === null ? null : (
        <Text>
          {t('people.consent.paused')} <When at={preferences.pausedUntil} />
        </Text>
      )}
      {preferences.topicsOff.length === 0 ? null : (
        <Text>
          {t('people.consent.topicsOff')}: {preferences.topicsOff.map(titleOf).join(', ')}
        </Text>
      )}
      {preferences.channelsOff.length === 0 ? null : (
        <Text>
          {t('people.consent.channelsOff')}: {preferences.channelsOff.join(', ')}
        </Text>
      )}
      {preferences.weeklyLimit === null ? null : (
        <Text>{t('people.consent.weekly', { count: preferences.weeklyLimit })}</Text>
      )}
      <Text size="xs" c="dimmed">
        {t('people.consent.zone')}: {timeZone ?? t('people.consent.zoneUnknown')}
      </Text>
    </li>
  )
}
