import { Table } from '@mantine/core';
import type { ReactNode } from 'react';

/** Name and value, one pair a line. */
export function Facts({
  facts,
}: {
  facts: readonly (readonly [name: string, value: ReactNode])[];
}): ReactNode {
  return (
    <Table className="facts" withRowBorders={false} verticalSpacing={4} w="auto">
      <Table.Tbody>
        {facts.map(([name, value], index) => (
          // Two facts may bear one name: two states of one second.
          <Table.Tr key={`${index} ${name}`}>
            <Table.Th scope="row">{name}</Table.Th>
            <Table.Td>{value}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
