import { Button, Group, Stack, TextInput, Title } from '@mantine/core';
import type { ConsoleStation, ConsoleStations } from '@sallyport/contracts';
import { DataTable, koreanTime, ProblemAlert } from '@sallyport/ui';
import { useState, type SyntheticEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api, useRoute } from '../api.ts';

/** The police stations whose officers may sign up. */
export function StationsPage(): ReactNode {
  const { t } = useTranslation();
  const { value, problem, changed } = useRoute<ConsoleStations>('/v1/stations');
  const [name, setName] = useState('');
  const [refusal, setRefusal] = useState<unknown>(null);
  const submit = async (event: SyntheticEvent): Promise<void> => {
    event.preventDefault();
    setRefusal(null);
    try {
      await api.send('POST', '/v1/stations', { name: name.trim() });
      setName('');
      await changed();
    } catch (error) {
      setRefusal(error);
    }
  };
  return (
    <Stack>
      <Title order={1} size="h2">
        {t('nav.stations')}
      </Title>
      <Group
        component="form"
        align="flex-end"
        onSubmit={(event: SyntheticEvent) => void submit(event)}
      >
        <TextInput
          label={t('stations.name')}
          required
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button type="submit">{t('stations.register')}</Button>
      </Group>
      <ProblemAlert problem={refusal ?? problem} />
      <DataTable<ConsoleStation>
        caption={t('nav.stations')}
        rows={value?.stations ?? []}
        rowKey={(row) => row.stationId}
        empty={t('stations.empty')}
        columns={[
          { label: t('stations.name'), cell: (row) => row.name },
          { label: t('people.since'), cell: (row) => koreanTime(row.createdAt) },
        ]}
      />
    </Stack>
  );
}
