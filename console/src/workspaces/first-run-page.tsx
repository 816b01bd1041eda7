import { Anchor, Button, Paper, Progress, Stack, Text, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useDocumentTitle } from '@mantine/hooks'
import { Link, useSearch } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { type SessionAnswer, useSessionAnswer } from '../api/session.ts'
import { AwayPage } from '../app/away-page.tsx'
import { Centered } from '../app/centered.tsx'
import { PagePending } from '../app/page-pending.tsx'
import { useTexts } from '../texts/use-texts.ts'
import { accountChecks } from './account-checks.ts'
import { FirstEventStep } from './first-event-step.tsx'
import { AccountStep, DataStep, WorkspaceStep } from './first-run-steps.tsx'
import { type FirstRunValues, useFinishFirstRun } from './use-finish-first-run.ts'
import { useIsSampleThere } from './use-is-sample-there.ts'
import { newWorkspace } from './workspace-fields.tsx'

type Step = 'account' | 'data' | 'workspace' | 'event'

/** Without a sample there is nothing to choose between. */
const stepsOf = (isSampleThere: boolean): readonly Step[] =>
  isSampleThere ? ['account', 'data', 'workspace', 'event'] : ['account', 'workspace', 'event']

/** The wizard of a Baton that has no user yet: account, sample or own data, workspace, first event. */
export const FirstRunPage = () => {
  const t = useTexts()
  useDocumentTitle(`${t('start.firstRun.title')} · Baton`)
  const answer = useSessionAnswer()
  const [step, setStep] = useState<Step>('account')
  const isSampleThere = useIsSampleThere()
  const [offersSample, setOffersSample] = useState(false)
  // What stood at the beginning counts: the session that the wizard itself makes must not end it.
  const begun = useRef<SessionAnswer['kind']>(undefined)
  if (answer.data !== undefined && answer.data.kind !== 'away') begun.current ??= answer.data.kind
  // What was offered once stays: the account that is made meanwhile must not change the number of steps.
  if (isSampleThere === true && !offersSample) setOffersSample(true)
  if (answer.isPending) return <PagePending />
  if (answer.data?.kind === 'away') return <AwayPage away={answer.data} onRetry={() => void answer.refetch()} />
  if (begun.current === 'signed-in' || begun.current === 'signed-out') return <NotNeeded />
  if (isSampleThere === undefined) return <PagePending />
  const order = stepsOf(offersSample)
  return (
    <Centered width={520}>
      <Text size="xs" c="dimmed" ta="center" mb={6}>
        {t('start.firstRun.step', { step: order.indexOf(step) + 1, of: order.length })}
      </Text>
      <Progress
        value={((order.indexOf(step) + 1) / order.length) * 100}
        size={4}
        mb="md"
        aria-label={t('start.firstRun.step', { step: order.indexOf(step) + 1, of: order.length })}
      />
      <Paper withBorder p="xl">
        <Wizard step={step} onStep={setStep} offersSample={offersSample} />
      </Paper>
    </Centered>
  )
}

interface WizardProps {
  readonly step: Step
  readonly onStep: (step: Step) => void
  readonly offersSample: boolean
}

const Wizard = ({ step, onStep, offersSample }: WizardProps) => {
  const t = useTexts()
  const token = useSearch({ strict: false, select: (search: Readonly<Record<string, unknown>>) => search.token })
  const form = useForm<FirstRunValues>({
    initialValues: {
      token: typeof token === 'string' ? token : '',
      name: '',
      email: '',
      password: '',
      ...newWorkspace(),
    },
    validate: {
      ...accountChecks(t),
      token: (value) => (value.trim() === '' ? t('start.firstRun.account.tokenMissing') : null),
      workspaceName: (value) => (step === 'workspace' && value.trim() === '' ? t('start.workspace.nameMissing') : null),
    },
  })
  const finish = useFinishFirstRun({
    onOwnData: () => onStep('event'),
    onTokenRefused: (message) => {
      form.setFieldError('token', message)
      onStep('account')
    },
  })
  if (step === 'account') return <AccountStep form={form} onNext={() => onStep(offersSample ? 'data' : 'workspace')} />
  if (step === 'data') {
    return (
      <DataStep
        busy={finish.isPending}
        error={finish.error}
        onSample={() => finish.mutate({ ...form.values, data: 'sample' })}
        onOwn={() => onStep('workspace')}
        onBack={() => onStep('account')}
      />
    )
  }
  if (step === 'workspace') {
    return (
      <WorkspaceStep
        form={form}
        busy={finish.isPending}
        error={finish.error}
        offersSample={offersSample}
        onBack={() => onStep(offersSample ? 'data' : 'account')}
        onDone={() => finish.mutate({ ...form.values, data: 'own' })}
      />
    )
  }
  return <FirstEventStep writeKey={finish.data?.writeKey ?? null} />
}

const NotNeeded = () => {
  const t = useTexts()
  return (
    <Centered>
      <Paper withBorder p="xl">
        <Stack align="flex-start">
          <Title order={1}>{t('start.firstRun.title')}</Title>
          <Text>{t('start.firstRun.notNeeded')}</Text>
          <Button renderRoot={(props) => <Link to="/sign-in" {...props} />}>{t('start.firstRun.toSignIn')}</Button>
          <Anchor size="sm" renderRoot={(props) => <Link to="/" {...props} />}>
            {t('shell.notFound.home')}
          </Anchor>
        </Stack>
      </Paper>
    </Centered>
  )
}
