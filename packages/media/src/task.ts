/** How far a long piece of media work has come. */
export interface MediaProgress {
  readonly step: 'detect' | 'render' | 'check';
  readonly frames: number;
  readonly doneMs: number;
  /** Missing where the container does not say how long it is. */
  readonly totalMs?: number;
}

/** What every long call takes: a way to stop it and a way to hear of it. */
export interface MediaTask {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: MediaProgress) => void) | undefined;
}

const REPORT_EVERY_MS = 200;

/** Passes progress on a few times a second at most. */
export function reporter(
  step: MediaProgress['step'],
  totalMs: number | undefined,
  onProgress: MediaTask['onProgress'],
): (frames: number, doneMs: number) => void {
  let lastAt = 0;
  return (frames, doneMs) => {
    const now = performance.now();
    if (onProgress === undefined || now - lastAt < REPORT_EVERY_MS) return;
    lastAt = now;
    onProgress({ step, frames, doneMs, ...(totalMs === undefined ? {} : { totalMs }) });
  };
}
