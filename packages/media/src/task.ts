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
