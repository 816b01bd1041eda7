import { type ShouldBlockFn, useBlocker } from '@tanstack/react-router'
import { type ReactNode, useCallback, useRef } from 'react'
import { useTexts } from '../texts/use-texts.ts'
import { ConfirmModal } from './confirm-modal.tsx'
import { type TellUnsaved, UnsavedContext } from './use-unsaved.ts'

/** Asks once before a page is left on which something is unsaved, however many of its forms say so with `useUnsaved`. */
export const UnsavedGuard = ({ children }: { readonly children: ReactNode }) => {
  const t = useTexts()
  const unsaved = useRef(new Set<string>())
  const tell = useCallback<TellUnsaved>((form, isDirty) => {
    if (isDirty) unsaved.current.add(form)
    else unsaved.current.delete(form)
  }, [])
  const isUnsaved = useCallback(() => unsaved.current.size > 0, [])
  const shouldBlockFn = useCallback<ShouldBlockFn>(
    ({ current, next }) => isUnsaved() && current.pathname !== next.pathname,
    [isUnsaved],
  )
  const leaving = useBlocker({ shouldBlockFn, enableBeforeUnload: isUnsaved, withResolver: true })
  return (
    <UnsavedContext value={tell}>
      {children}
      {leaving.status === 'blocked' ? (
        <ConfirmModal
          opened
          onClose={leaving.reset}
          title={t('ui.unsaved.title')}
          confirm={t('ui.unsaved.leave')}
          onConfirm={leaving.proceed}
          danger
        >
          {t('ui.unsaved.lead')}
        </ConfirmModal>
      ) : null}
    </UnsavedContext>
  )
}
