import { Table } from '@mantine/core';
import type { ReactNode } from 'react';

/** Name and value, one pair a line. */
export function Facts({
  facts,
}: {
  facts: readonly (readonly [name: string, value: ReactNode])[];
}): ReactNode {
  return (
    <Table withRowBorders={false} verticalSpacing={4} w="auto">
      <Table.Tbody>
        {facts.map(([name, value]) => (
          <Table.Tr key={name}>
            <Table.Th
              scope="row"
              pr="lg"
              w="1%"
              style={{ verticalAlign: 'top', whiteSpace: 'nowrap' }}
            >
              {name}
            </Table.Th>
            <Table.Td>{value}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
