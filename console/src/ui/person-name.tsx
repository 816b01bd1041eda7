import { Anchor, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { usePersonName } from '../api/person-names.ts'
import { useHere } from '../app/session-context.ts'

export interface PersonNameProps {
  readonly personId: string
  /** Without a link, inside a row that has one. */
  readonly plain?: boolean
}

/** What a person is called, with a link to the person's page; the short id until it is known. */
export const PersonName = ({ personId, plain = false }: PersonNameProps) => {
  const { workspace } = useHere()
  const name = usePersonName(personId, workspace.permissions.includes('people:read')) ?? personId.slice(-8)
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
