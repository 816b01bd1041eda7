import type { ImportJob } from '@baton/contract'
import { Fragment } from 'react'
import { MoneyText } from '../../ui/money-text.tsx'

/** The net amount in each currency; a dash before there is any. */
export const ImportTotals = ({ totals }: Pick<ImportJob, 'totals'>) => {
  if (totals.length === 0) return <MoneyText value={null} />
  return totals.map((total, index) => (
    <Fragment key={total.currency}>
      {index === 0 ? null : ' + '}
      <MoneyText value={total} />
    </Fragment>
  ))
}
