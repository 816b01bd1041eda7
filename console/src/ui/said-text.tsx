import { Fragment } from 'react'
import { splitInstants } from './split-instants.ts'
import { When } from './when.tsx'

/** A sentence of the server's, its instants (`2026-03-01T08:00:00.000Z`) written as everywhere in the console. */
export const SaidText = ({ children }: { readonly children: string }) =>
  splitInstants(children).map(({ text, at }, index) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text, in its order
    at === null ? <Fragment key={index}>{text}</Fragment> : <When key={index} at={at} exact />,
  )
