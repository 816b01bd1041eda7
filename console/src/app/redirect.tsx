import { useRouter } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'

/**
 * Leaves for another page of the console, once. (The router's own <Navigate> starts again at every render, and while the
 * other page's file loads there is one with every change of location: it never arrives.)
 */
export const Redirect = ({ to }: { readonly to: string }) => {
  const router = useRouter()
  const left = useRef(false)
  useEffect(() => {
    if (left.current) return
    left.current = true
    void router.navigate({ href: to, replace: true })
  }, [router, to])
  return null
}
