import { Button, Group, SimpleGrid, Stack } from '@mantine/core'
import IconFilter from '@tabler/icons-react/dist/esm/icons/IconFilter.mjs'
import IconMail from '@tabler/icons-react/dist/esm/icons/IconMail.mjs'
import IconShoppingCart from '@tabler/icons-react/dist/esm/icons/IconShoppingCart.mjs'
import { useState } from 'react'
import { LineChart } from '../charts/line-chart.tsx'
import { Sankey } from '../charts/sankey.tsx'
import { Sparkline } from '../charts/sparkline.tsx'
import { Waterfall } from '../charts/waterfall.tsx'
import { ConfirmModal } from '../confirm-modal.tsx'
import { Copyable } from '../copyable.tsx'
import { DataTable } from '../data-table.tsx'
import { EmptyLine } from '../empty-line.tsx'
import { EmptyState } from '../empty-state.tsx'
import { ErrorPanel } from '../error-panel.tsx'
import { FilterBar } from '../filter-bar.tsx'
import { formatMoney } from '../money.ts'
import { MoneyText } from '../money-text.tsx'
import { PageHeader } from '../page-header.tsx'
import { Panel } from '../panel.tsx'
import { ReasonText } from '../reason-text.tsx'
import { Stat } from '../stat.tsx'
import { StateBadge } from '../state-badge.tsx'
import { Timeline } from '../timeline.tsx'
import { useUrlFilters } from '../url-filters.ts'
import { When } from '../when.tsx'
import { days, flows, people, states, waterfallItems } from './gallery-data.ts'

const euros = (minor: number) => formatMoney({ minor, currency: 'EUR' })
const shortEuros = (minor: number) => formatMoney({ minor, currency: 'EUR' }, 'short')

/** Every component of the design system with made-up figures. */
export const GalleryPage = () => {
  const filters = useUrlFilters({ q: '', state: '' })
  const [asking, setAsking] = useState(false)
  const shown = people.filter((person) => person.name.toLowerCase().includes(filters.values.q.toLowerCase()))
  return (
    <Stack component="main" p={{ base: 'sm', sm: 'xl' }} maw={1200} mx="auto" gap="lg">
      <PageHeader
        title="Gallery"
        lead="The design system, in every state. This page is not in the built console."
        badge={<StateBadge state="live" />}
        actions={
          <>
            <Button variant="default">Second</Button>
            <Button onClick={() => setAsking(true)}>Primary</Button>
          </>
        }
        back={{ to: '/', label: 'Home' }}
      />
      <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }}>
        <Stat
          label="Customer equity"
          value={<MoneyText value={{ minor: 48_231_900, currency: 'EUR' }} format="short" />}
          change={{ text: '+4.2%', good: true }}
          chart={<Sparkline values={[4, 5, 5, 6, 5, 7, 8, 9]} />}
        />
        <Stat
          label="New customers"
          value="1,204"
          change={{ text: '−3.1%', good: false }}
          hint="last 30 days"
          to="/people"
        />
        <Stat label="Dialogue ratio" value="18.4%" change={{ text: '±0', good: null }} />
        <Stat label="Not known" value={<MoneyText value={null} />} hint="No costs entered yet" />
      </SimpleGrid>
      <Panel title="Period statement">
        <Waterfall label="Period statement, October" items={waterfallItems} format={euros} formatShort={shortEuros} />
      </Panel>
      <Panel title="Life-cycle flow">
        <Sankey label="Conversion track, last 30 days" nodes={states} links={flows} formatValue={euros} />
      </Panel>
      <Panel title="Revenue">
        <LineChart label="Revenue by day" series={days} format={euros} formatShort={shortEuros} />
      </Panel>
      <div>
        <FilterBar
          filters={filters}
          search="Search people"
          choices={[{ key: 'state', label: 'State', options: [{ value: 'buyer', label: 'Buyer' }] }]}
        />
        <DataTable
          name="People"
          columns={[
            { id: 'name', title: 'Name', cell: (row) => row.name, value: (row) => row.name },
            { id: 'state', title: 'State', cell: (row) => <StateBadge state={row.state} />, value: (row) => row.state },
            {
              id: 'value',
              title: 'Value',
              numeric: true,
              cell: (row) => <MoneyText value={row.value} />,
              value: (row) => row.value?.minor ?? null,
            },
            { id: 'reason', title: 'Last reason', cell: (row) => <ReasonText reason={row.reason} />, wideOnly: true },
            { id: 'seen', title: 'Last seen', cell: (row) => <When at={row.seenAt} />, value: (row) => row.seenAt },
          ]}
          rows={shown}
          rowKey={(row) => row.id}
          rowTo={(row) => `/people/${row.id}`}
          empty={<EmptyLine>Nothing matches.</EmptyLine>}
          loadMore={() => undefined}
        />
      </div>
      <Panel title="Timeline">
        <Timeline
          label="What happened"
          items={[
            {
              id: '1',
              at: Date.now() - 40_000,
              icon: IconShoppingCart,
              title: 'Product Added',
              lead: 'Cart c-19 · Wooden abacus',
              details: <pre>{'{ "cart_id": "c-19" }'}</pre>,
              tone: 'busy',
            },
            {
              id: '2',
              at: Date.now() - 3_600_000,
              icon: IconMail,
              title: 'Message not sent',
              lead: <ReasonText reason="quiet-hours" />,
              tone: 'wait',
            },
            { id: '3', at: Date.now() - 86_400_000, icon: IconMail, title: 'Message opened', tone: 'good' },
          ]}
        />
      </Panel>
      <Group>
        {['accepted', 'intent', 'held', 'refused', 'dropped', 'replied'].map((state) => (
          <StateBadge key={state} state={state} />
        ))}
        <Copyable value="0198c1de-7c1e-7a52-9be1-8e1f6c6b0c11" label="0198c1de" what="person id" />
        <MoneyText value={{ minor: 1250, currency: 'EUR' }} signed />
        <MoneyText value={{ minor: -99_900, currency: 'EUR' }} signed />
      </Group>
      <EmptyState
        icon={IconFilter}
        title="No segments yet"
        lead="A segment is a group of people by what they did and who they are; it changes by itself as they do."
        action={<Button>Create a segment</Button>}
        template={<Button variant="default">Use a template</Button>}
        curl={'curl http://127.0.0.1:4400/v1/track -u \'wk_…:\' -d \'{"userId":"ann","event":"Product Viewed"}\''}
      />
      <ErrorPanel error={new Error('The ClickHouse process does not answer.')} onRetry={() => undefined} />
      <DataTable name="Loading" columns={[]} rows={undefined} rowKey={() => ''} empty={null} />
      <ConfirmModal
        opened={asking}
        onClose={() => setAsking(false)}
        title="Erase Ann?"
        confirm="Erase her"
        danger
        typeToConfirm="Ann"
        onConfirm={() => setAsking(false)}
      >
        Her 214 events and 12 messages are deleted within 15 minutes. This cannot be undone.
      </ConfirmModal>
    </Stack>
  )
}
