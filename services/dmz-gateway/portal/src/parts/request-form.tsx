import {
  Alert,
  Button,
  Checkbox,
  Group,
  List,
  NumberInput,
  Paper,
  Radio,
  Select,
  Stack,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core';
import { LEGAL_BASES, REASON_CODES, REQUEST_KINDS, type MaskTarget } from '@sallyport/contracts';
import { ProblemAlert } from '@sallyport/ui';
import type { TFunction } from 'i18next';
import { useRef, useState, type SyntheticEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { checkDraft, type DraftFacts } from '../request/check-draft.ts';
import { emptyDraft, emptyItem, type Draft } from '../request/draft.ts';
import { ItemFields } from './item-fields.tsx';

/** Targets a detector exists for. */
const TARGETS: readonly MaskTarget[] = ['face', 'plate', 'person', 'vehicle', 'motion'];
const MOST_ITEMS = 50;
type TextField =
  | 'caseNumber'
  | 'caseName'
  | 'incidentAddress'
  | 'legalArticle'
  | 'documentNumber'
  | 'otherRecipient';

/** The request form; nothing leaves the browser until every check of the form has passed. */
export function RequestForm({
  facts,
  onSend,
}: {
  facts: DraftFacts;
  onSend: (draft: Draft) => Promise<void>;
}): ReactNode {
  const { t } = useTranslation();
  const [draft, setDraft] = useState(() => emptyDraft(facts.policy));
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const summary = useRef<HTMLDivElement>(null);
  const faults = tried ? checkDraft(draft, facts, new Date()) : [];
  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  const faultOf = (field: string): string | null => {
    const fault = faults.find((each) => each.field === field);
    return fault === undefined ? null : t(fault.word, fault.values ?? {});
  };

  const submit = async (event: SyntheticEvent): Promise<void> => {
    event.preventDefault();
    setTried(true);
    setProblem(null);
    if (checkDraft(draft, facts, new Date()).length > 0) {
      // The summary appears with the next paint; a screen reader is taken to it.
      setTimeout(() => summary.current?.focus(), 0);
      return;
    }
    setBusy(true);
    try {
      await onSend(draft);
    } catch (error) {
      setProblem(error);
      setBusy(false);
    }
  };

  const text = (field: TextField, maxLength: number, required = true) => (
    <TextInput
      label={t(`new.${field}`)}
      name={field}
      withAsterisk={required}
      maxLength={maxLength}
      value={draft[field] ?? ''}
      onChange={(event) => change({ [field]: event.currentTarget.value })}
      error={faultOf(field)}
    />
  );
  const days = draft.thirdParty
    ? facts.policy.thirdPartyPlayPeriodDays
    : facts.policy.playPeriodDays;

  return (
    <form noValidate onSubmit={(event) => void submit(event)}>
      <Stack>
        <Text size="sm">{t('new.hint')}</Text>
        {faults.length > 0 && (
          <Alert ref={summary} color="red" tabIndex={-1} role="alert" title={t('new.faults')}>
            <List size="sm">
              {faults.map(({ field, word, values }) => (
                <List.Item key={field + word}>
                  {fieldName(t, field)}: {t(word, values ?? {})}
                </List.Item>
              ))}
            </List>
          </Alert>
        )}
        <Radio.Group
          label={t('new.kind')}
          value={draft.kind}
          onChange={(kind) => change({ kind: kind })} // the options are the union
        >
          <Group mt="xs">
            {REQUEST_KINDS.map((kind) => (
              <Radio key={kind} value={kind} label={t(`kind.${kind}`)} />
            ))}
          </Group>
        </Radio.Group>
        {text('caseNumber', 60)}
        {text('caseName', 120)}
        <TextInput
          label={t('new.incidentAt')}
          name="incidentAt"
          type="datetime-local"
          step={1}
          withAsterisk
          value={draft.incidentAt}
          onChange={(event) => change({ incidentAt: event.currentTarget.value })}
          error={faultOf('incidentAt')}
        />
        {text('incidentAddress', 200)}
        <Select
          label={t('new.legalBasis')}
          name="legalBasis"
          withAsterisk
          data={LEGAL_BASES.map((value) => ({ value, label: t(`legal.${value}`) }))}
          value={draft.legalBasis}
          onChange={(legalBasis) => change({ legalBasis })}
          error={faultOf('legalBasis')}
        />
        {text('legalArticle', 120, draft.legalBasis === 'pipa-18-2-2-statute')}
        <Select
          label={t('new.reasonCode')}
          name="reasonCode"
          withAsterisk
          data={REASON_CODES.map((value) => ({ value, label: t(`reason.${value}`) }))}
          value={draft.reasonCode}
          onChange={(reasonCode) => change({ reasonCode })}
          error={faultOf('reasonCode')}
        />
        <Textarea
          label={t('new.reasonDetail')}
          name="reasonDetail"
          withAsterisk
          autosize
          minRows={2}
          maxLength={2000}
          value={draft.reasonDetail}
          onChange={(event) => change({ reasonDetail: event.currentTarget.value })}
          error={faultOf('reasonDetail')}
        />
        {text('documentNumber', 60, draft.kind !== 'emergency')}
        {draft.kind === 'emergency' && <Text size="sm">{t('new.emergency-hint')}</Text>}
        {draft.items.map((item, index) => (
          <ItemFields
            key={item.itemId}
            index={index}
            item={item}
            cameras={facts.cameras}
            policy={facts.policy}
            faultOf={faultOf}
            onChange={(next) => change({ items: draft.items.with(index, next) })}
            onRemove={
              draft.items.length === 1
                ? null
                : () => change({ items: draft.items.filter((other) => other !== item) })
            }
          />
        ))}
        <Group>
          <Button
            variant="default"
            disabled={draft.items.length >= MOST_ITEMS}
            onClick={() => change({ items: [...draft.items, emptyItem()] })}
          >
            {t('new.add-item')}
          </Button>
        </Group>
        <Checkbox.Group
          label={t('new.maskTargets')}
          withAsterisk
          value={[...draft.maskTargets]}
          onChange={(maskTargets) => change({ maskTargets: maskTargets })} // the options are the union
          error={faultOf('maskTargets')}
        >
          <Group mt="xs">
            {TARGETS.map((target) => (
              <Checkbox key={target} value={target} label={t(`target.${target}`)} />
            ))}
          </Group>
        </Checkbox.Group>
        <Textarea
          label={t('new.maskExemption')}
          description={t('new.maskExemption-hint')}
          name="maskExemption"
          autosize
          maxLength={1000}
          value={draft.maskExemption}
          onChange={(event) => change({ maskExemption: event.currentTarget.value })}
        />
        <Radio.Group
          label={t('new.recipient')}
          value={draft.otherRecipient === null ? 'self' : 'other'}
          onChange={(choice) => change({ otherRecipient: choice === 'other' ? '' : null })}
        >
          <Group mt="xs">
            <Radio value="self" label={t('new.recipient-self')} />
            <Radio value="other" label={t('new.recipient-other')} />
          </Group>
        </Radio.Group>
        {draft.otherRecipient !== null && (
          <>
            {text('otherRecipient', 32)}
            <Text size="sm">{t('new.otherRecipient-hint')}</Text>
          </>
        )}
        <Checkbox
          label={t('new.thirdParty')}
          checked={draft.thirdParty}
          onChange={(event) => {
            const thirdParty = event.currentTarget.checked;
            const { policy } = facts;
            change({
              thirdParty,
              playPeriodDays: thirdParty ? policy.thirdPartyPlayPeriodDays : policy.playPeriodDays,
            });
          }}
        />
        <Group grow align="flex-start">
          <NumberInput
            label={t('new.playPeriodDays')}
            description={t('new.playPeriodDays-hint', { days })}
            name="playPeriodDays"
            allowDecimal={false}
            hideControls
            value={draft.playPeriodDays}
            onChange={(value) => change({ playPeriodDays: Number(value) })}
            error={faultOf('playPeriodDays')}
          />
          <NumberInput
            label={t('new.plays')}
            description={t(facts.policy.plays === 0 ? 'new.plays-unlimited' : 'new.plays-hint', {
              plays: facts.policy.plays,
            })}
            name="plays"
            allowDecimal={false}
            hideControls
            value={draft.plays}
            onChange={(value) => change({ plays: Number(value) })}
            error={faultOf('plays')}
          />
        </Group>
        <section aria-label={t('new.pledge')}>
          <Text fw={700} mb="xs">
            {t('new.pledge-version', { version: facts.policy.pledgeVersion })}
          </Text>
          <Paper
            withBorder
            p="sm"
            className="pledge"
            tabIndex={0}
            role="group"
            aria-label={t('new.pledge')}
          >
            {facts.policy.pledgeText}
          </Paper>
          <Checkbox
            mt="sm"
            label={t('new.pledged')}
            name="pledged"
            checked={draft.pledged}
            onChange={(event) => change({ pledged: event.currentTarget.checked })}
            error={faultOf('pledged')}
          />
        </section>
        <ProblemAlert problem={problem} />
        <Group>
          <Button type="submit" loading={busy}>
            {t('new.submit')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** What a fault's field is called on the page. */
function fieldName(t: TFunction, field: string): string {
  const [, index, part] = /^item\.(\d+)\.(.+)$/.exec(field) ?? [];
  if (index === undefined || part === undefined) return t(`new.${field}`);
  return `${t('new.item', { number: Number(index) + 1 })} ${t(`new.${part}`)}`;
}
