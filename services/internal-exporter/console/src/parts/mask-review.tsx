import { Button, Group, NumberInput, Slider, Stack, Text, TextInput, Title } from '@mantine/core';
import type { ConsoleTracks, MaskEdit, MaskPlanReply, MaskTrack } from '@sallyport/contracts';
import { ActButton, ConfirmAct, DataTable, ProblemAlert } from '@sallyport/ui';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api, useRoute } from '../api.ts';
import { PreviewFrame, type Area } from './preview-frame.tsx';

/** Box review over preview pictures: step through time and doubts, add a box, show a track with a reason, sign off. */
export function MaskReview({
  exportId,
  editable,
  changed,
}: {
  exportId: string;
  editable: boolean;
  changed: () => Promise<void>;
}): ReactNode {
  const { t } = useTranslation();
  const {
    value: tracks,
    problem,
    changed: reread,
  } = useRoute<ConsoleTracks>(`/v1/exports/${exportId}/tracks`, 5000);
  const [n, setN] = useState(0);
  const [doubtIndex, setDoubtIndex] = useState(-1);
  const [area, setArea] = useState<Area | null>(null);
  const [refusal, setRefusal] = useState<unknown>(null);
  if (tracks === null) return <ProblemAlert problem={problem} />;
  const { plan, previews } = tracks;
  const shown = previews[Math.min(n, previews.length - 1)];
  if (shown === undefined) return null;

  const edit = async (change: MaskEdit): Promise<void> => {
    await api.send<MaskPlanReply>(
      'PUT',
      `/v1/exports/${exportId}/mask-plan`,
      { edits: [change] },
      { 'if-match': `"${tracks.version}"` },
    );
    await reread();
  };
  const frameAt = (atMs: number): number => {
    const next = previews.findIndex((preview) => preview.atMs >= atMs);
    return next === -1 ? previews.length - 1 : next;
  };
  const goTo = (atMs: number): void => setN(frameAt(atMs));
  // In the plan's order, the riskiest first, and round again; one that is on the page already is passed over.
  const ahead = plan.doubts.map((_, step) => (doubtIndex + 1 + step) % plan.doubts.length);
  const nextIndex = ahead.find((at) => frameAt(plan.doubts[at]?.fromMs ?? 0) !== n) ?? ahead[0];
  const nextDoubt = nextIndex === undefined ? undefined : plan.doubts[nextIndex];
  const goToDoubt = (): void => {
    if (nextIndex === undefined || nextDoubt === undefined) return;
    setDoubtIndex(nextIndex);
    goTo(nextDoubt.fromMs);
  };

  return (
    <section aria-label={t('review.title')}>
      <Title order={2} size="h4">
        {t('review.title')}
      </Title>
      <Text size="sm">
        {t('review.hint', {
          tracks: plan.tracks.length,
          doubts: plan.doubts.length,
          version: tracks.version,
        })}
      </Text>
      <PreviewFrame
        src={`/v1/exports/${exportId}/frames/${n}`}
        plan={plan}
        atMs={shown.atMs}
        area={area}
        {...(editable ? { onArea: setArea } : {})}
      />
      <Slider
        label={null}
        thumbLabel={t('review.time')}
        min={0}
        max={Math.max(previews.length - 1, 1)}
        value={n}
        onChange={setN}
        my="sm"
      />
      <Group>
        <Text size="sm">{(shown.atMs / 1000).toFixed(2)} s</Text>
        <Button size="xs" variant="default" disabled={n === 0} onClick={() => setN(n - 1)}>
          {t('review.previous')}
        </Button>
        <Button
          size="xs"
          variant="default"
          disabled={n >= previews.length - 1}
          onClick={() => setN(n + 1)}
        >
          {t('review.next')}
        </Button>
        <Button size="xs" variant="default" disabled={nextDoubt === undefined} onClick={goToDoubt}>
          {t('review.next-doubt')}
        </Button>
      </Group>
      {editable && (
        <BoxForm
          plan={plan}
          area={area}
          setArea={setArea}
          onAdd={(change) => edit(change).catch(setRefusal)}
        />
      )}
      <ProblemAlert problem={refusal} />
      <DataTable<MaskTrack>
        caption={t('review.tracks')}
        rows={plan.tracks}
        rowKey={(row) => row.trackId}
        empty={t('review.no-tracks')}
        columns={[
          { label: t('review.kind'), cell: (row) => t(`target.${row.kind}`) },
          {
            label: t('review.span'),
            cell: (row) => `${(row.fromMs / 1000).toFixed(1)} – ${(row.toMs / 1000).toFixed(1)} s`,
          },
          {
            label: t('review.seen'),
            cell: (row) => `${row.seenFrames} / ${row.interpolatedFrames} / ${row.extendedFrames}`,
          },
          { label: t('review.confidence'), cell: (row) => row.lowestConfidence?.toFixed(2) ?? '–' },
          {
            label: t('review.decision'),
            cell: (row) =>
              `${t(`decision.${row.decision}`)} ${row.decision === 'show' ? row.reason : ''}`,
          },
          {
            label: t('people.decide'),
            cell: (row) => (
              <Group gap="xs">
                <Button size="xs" variant="default" onClick={() => goTo(row.fromMs)}>
                  {t('review.look')}
                </Button>
                {editable && row.decision === 'mask' && (
                  <ConfirmAct
                    color="orange"
                    label={t('review.show')}
                    sentence={t('review.show-sentence')}
                    withReason
                    onConfirm={(reason) => edit({ kind: 'show', trackId: row.trackId, reason })}
                  />
                )}
                {editable && row.decision === 'show' && (
                  <ActButton
                    size="xs"
                    onAct={() =>
                      edit({ kind: 'mask', trackId: row.trackId, reason: t('review.masked-again') })
                    }
                  >
                    {t('review.mask')}
                  </ActButton>
                )}
                {editable && row.origin === 'operator' && (
                  <ActButton
                    size="xs"
                    color="red"
                    onAct={() => edit({ kind: 'remove', trackId: row.trackId })}
                  >
                    {t('review.remove')}
                  </ActButton>
                )}
              </Group>
            ),
          },
        ]}
      />
      {editable && (
        <ConfirmAct
          label={t('review.done')}
          sentence={t('review.done-sentence', { version: tracks.version })}
          onConfirm={async () => {
            await api.send('POST', `/v1/exports/${exportId}/review`, { version: tracks.version });
            await changed();
          }}
        />
      )}
    </section>
  );
}

/** A box by numbers as well as by mouse, so that a keyboard is enough. */
function BoxForm({
  plan,
  area,
  setArea,
  onAdd,
}: {
  plan: ConsoleTracks['plan'];
  area: Area | null;
  setArea: (area: Area) => void;
  onAdd: (change: MaskEdit) => Promise<void>;
}): ReactNode {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const box = area ?? {
    x: 0,
    y: 0,
    width: Math.round(plan.width / 4),
    height: Math.round(plan.height / 4),
  };
  const number = (name: keyof Area, max: number) => (
    <NumberInput
      label={t(`box.${name}`)}
      w={110}
      min={0}
      max={max}
      value={box[name]}
      onChange={(value) => setArea({ ...box, [name]: Number(value) })}
    />
  );
  return (
    <Stack gap="xs" my="sm">
      <Text size="sm">{t('box.hint')}</Text>
      <Group align="flex-end">
        {number('x', plan.width)}
        {number('y', plan.height)}
        {number('width', plan.width)}
        {number('height', plan.height)}
        <TextInput
          label={t('ui.reason')}
          required
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <ActButton
          disabled={reason.trim() === ''}
          onAct={() =>
            onAdd({
              kind: 'add',
              trackKind: 'region',
              reason: reason.trim(),
              fromMs: 0,
              toMs: plan.durationMs,
              keyframes: [{ atMs: 0, ...box, origin: 'seen' }],
            })
          }
        >
          {t('box.add')}
        </ActButton>
      </Group>
    </Stack>
  );
}
