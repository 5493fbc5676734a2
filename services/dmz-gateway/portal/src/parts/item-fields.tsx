import { Button, Fieldset, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import type { PolicyEntry, PortalCameras } from '@sallyport/contracts';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { minutesOf, retentionDaysLeft, splitItem } from '../request/check-draft.ts';
import type { DraftItem } from '../request/draft.ts';

const MOST_CHOICES_SHOWN = 100;

/** One camera and one range, with what is left of the recording's retention while choosing. */
export function ItemFields(props: {
  index: number;
  item: DraftItem;
  cameras: PortalCameras['cameras'];
  policy: PolicyEntry;
  faultOf: (field: string) => string | null;
  onChange: (item: DraftItem) => void;
  onRemove: (() => void) | null;
}): ReactNode {
  const { t } = useTranslation();
  const { index, item, cameras, policy, faultOf, onChange } = props;
  const camera = cameras.find(({ cameraId }) => cameraId === item.cameraId);
  const daysLeft =
    camera === undefined ? null : retentionDaysLeft(item, camera.retentionDays, new Date());
  const minutes = minutesOf(item);
  const pieces = splitItem(item, policy.maximumClipMinutes).length;
  return (
    <Fieldset legend={t('new.item', { number: index + 1 })}>
      <Stack gap="sm">
        <Select
          label={t('new.camera')}
          name={`camera-${index}`}
          required
          searchable
          limit={MOST_CHOICES_SHOWN}
          data={cameras.map((entry) => ({
            value: entry.cameraId,
            label: t(entry.excluded ? 'new.camera-excluded' : 'new.camera-choice', {
              name: entry.name,
              place: `${entry.district} ${entry.location}`,
              days: entry.retentionDays,
            }),
            disabled: entry.excluded,
          }))}
          value={item.cameraId}
          onChange={(cameraId) => onChange({ ...item, cameraId })}
          nothingFoundMessage={t('new.no-camera-found')}
          error={faultOf(`item.${index}.camera`)}
        />
        <Group grow preventGrowOverflow={false} align="flex-start">
          {(['startsAt', 'endsAt'] as const).map((field) => (
            <TextInput
              key={field}
              miw={220}
              label={t(`new.${field}`)}
              name={`${field}-${index}`}
              type="datetime-local"
              step={1}
              required
              value={item[field]}
              onChange={(event) => onChange({ ...item, [field]: event.currentTarget.value })}
              error={faultOf(`item.${index}.${field}`)}
            />
          ))}
        </Group>
        <Text size="sm" role="status">
          {daysLeft !== null && daysLeft > 0 && t('new.days-left', { days: daysLeft })}{' '}
          {minutes !== null &&
            minutes > policy.recommendedClipMinutes &&
            t('new.longer', { minutes: policy.recommendedClipMinutes })}{' '}
          {pieces > 1 && t('new.split', { minutes: policy.maximumClipMinutes, pieces })}
        </Text>
        {props.onRemove !== null && (
          <Group>
            <Button variant="default" size="compact-sm" onClick={props.onRemove}>
              {t('new.remove-item', { number: index + 1 })}
            </Button>
          </Group>
        )}
      </Stack>
    </Fieldset>
  );
}
