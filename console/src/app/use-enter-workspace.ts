import { useNavigate } from '@tanstack/react-router'
import { chooseWorkspace } from '../api/workspace-choice.ts'

/** Changes to another workspace, at its first page: what was open belongs to the former one. */
export const useEnterWorkspace = () => {
  const navigate = useNavigate()
  return (id: string): void => {
    chooseWorkspace(id)
    void navigate({ to: '/' })
  }
}
