import { person } from '@baton/contract'
import { Anchor, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useApi } from '../api/use-api.ts'
import { useHere } from '../app/session-context.ts'

/** What a person is called, with a link to her page; the short id until it is known. */
export const PersonName = ({ personId, plain = false }: { readonly personId: string; readonly plain?: boolean }) => {
  const { workspace } = useHere()
  const { data } = useApi(`/v1/people/${personId}`, person, {
    enabled: workspace.permissions.includes('people:read'),
  })
  const name = data?.title ?? personId.slice(0, 8)
  if (plain) {
    return (
      <Text span inherit>
        {name}
      </Text>
    )
  }
  return (
    <Anchor inherit renderRoot={(props) => <Link to="/people/$personId" params={{ personId }} {...props} />}>
      {name}
    </Anchor>
  )
}
