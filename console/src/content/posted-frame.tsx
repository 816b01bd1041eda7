import { useEffect, useId, useRef } from 'react'
import { createPortal } from 'react-dom'
import { withQuery } from '../api/api.ts'
import { useChosenWorkspaceId } from '../api/workspace-choice.ts'
import { MailFrame } from '../ui/mail-frame.tsx'

interface PostedFrameProps {
  readonly action: string
  /** JSON, posted as the field `request` whenever it changes. */
  readonly request: string
  readonly title: string
  readonly width: 'phone' | 'wide'
  readonly scheme: 'light' | 'dark'
}

/**
 * A sandboxed frame whose page depends on more than an address can hold: a form posts the request into it. The form lies
 * at the end of the body, because the editor around the frame is a form itself.
 */
export const PostedFrame = ({ action, request, title, width, scheme }: PostedFrameProps) => {
  const workspace = useChosenWorkspaceId()
  const form = useRef<HTMLFormElement>(null)
  const name = `frame${useId().replace(/\W/g, '')}`
  // biome-ignore lint/correctness/useExhaustiveDependencies: every change of the request is posted anew
  useEffect(() => form.current?.submit(), [request, workspace])
  return (
    <>
      <MailFrame name={name} title={title} width={width} scheme={scheme} height={620} />
      {createPortal(
        <form ref={form} method="post" action={withQuery(action, { workspace })} target={name} hidden>
          <input type="hidden" name="request" value={request} readOnly />
        </form>,
        document.body,
      )}
    </>
  )
}
