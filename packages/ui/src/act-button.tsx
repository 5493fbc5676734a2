import { Button, type ButtonProps } from '@mantine/core';
import { ProblemAlert } from './problem-alert.tsx';
import { useState, type ReactNode } from 'react';

/** A button whose act is finished only when the server has confirmed it; a refusal is shown below it. */
export function ActButton({
  onAct,
  children,
  ...button
}: ButtonProps & { onAct: () => Promise<void>; children: ReactNode }): ReactNode {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const act = async (): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      await onAct();
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button {...button} loading={busy} onClick={() => void act()}>
        {children}
      </Button>
      <ProblemAlert problem={problem} />
    </>
  );
}
