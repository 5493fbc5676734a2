import { Button, Group, Modal, Stack, Text, Textarea, Title } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemAlert } from './problem-alert.tsx';

export interface ConfirmActProps {
  /** The button's words and the dialog's title. */
  readonly label: string;
  /** One sentence: what will happen, and to whom. */
  readonly sentence: string;
  readonly color?: string;
  readonly disabled?: boolean;
  /** Ask for a reason; it is handed to `onConfirm`. */
  readonly withReason?: boolean;
  readonly onConfirm: (reason: string) => Promise<void>;
  readonly children?: ReactNode;
}

/** A button for a dangerous act: restates it, asks for a reason where one is kept, waits for the server's word. */
export function ConfirmAct(props: ConfirmActProps): ReactNode {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState<unknown>(null);
  const confirm = async (): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      await props.onConfirm(reason);
      setOpen(false);
      setReason('');
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button
        color={props.color ?? 'krds'}
        disabled={props.disabled === true}
        onClick={() => setOpen(true)}
      >
        {props.label}
      </Button>
      {/* Without the kit's header: it would be a second banner of the page. */}
      <Modal.Root
        opened={open}
        onClose={() => setOpen(false)}
        centered
        size="lg"
        transitionProps={{ duration: 0 }}
      >
        <Modal.Overlay />
        <Modal.Content aria-label={props.label}>
          <Modal.Body>
            <Stack>
              <Title order={2} size="h4">
                {props.label}
              </Title>
              <Text>{props.sentence}</Text>
              {props.children}
              {props.withReason === true && (
                <Textarea
                  label={t('ui.reason')}
                  required
                  autosize
                  minRows={2}
                  maxLength={500}
                  value={reason}
                  onChange={(event) => setReason(event.currentTarget.value)}
                />
              )}
              <ProblemAlert problem={problem} />
              <Group justify="flex-end">
                <Button variant="default" onClick={() => setOpen(false)}>
                  {t('ui.cancel')}
                </Button>
                <Button
                  color={props.color ?? 'krds'}
                  loading={busy}
                  disabled={props.withReason === true && reason.trim() === ''}
                  onClick={() => void confirm()}
                >
                  {props.label}
                </Button>
              </Group>
            </Stack>
          </Modal.Body>
        </Modal.Content>
      </Modal.Root>
    </>
  );
}
