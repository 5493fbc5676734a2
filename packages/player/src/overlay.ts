/** Seconds between two places of the name. */
const STEP_MS = 4000;
const PLACES = [
  [4, 6],
  [52, 12],
  [26, 44],
  [60, 70],
  [8, 82],
  [40, 26],
] as const;

/**
 * Lays a name over a picture and moves it about, so that a screen photographed tells whose it was.
 * `host` must be positioned and hold the picture. It is put back when a page script removes it.
 *
 * @returns a function that takes it away
 */
export function attachOverlay(host: HTMLElement, text: string): () => void {
  const label = document.createElement('div');
  label.textContent = text;
  label.setAttribute('aria-hidden', 'true');
  Object.assign(label.style, {
    position: 'absolute',
    zIndex: '2',
    pointerEvents: 'none',
    userSelect: 'none',
    font: '600 1rem/1.2 system-ui, sans-serif',
    color: 'rgb(255 255 255 / 70%)',
    textShadow: '0 0 3px rgb(0 0 0 / 90%)',
    whiteSpace: 'nowrap',
    transition: 'left 4s linear, top 4s linear',
  });
  let turn = 0;
  const move = () => {
    const [left, top] = PLACES[turn % PLACES.length] ?? PLACES[0];
    turn += 1;
    label.style.left = `${left}%`;
    label.style.top = `${top}%`;
    if (label.parentElement !== host) host.append(label);
  };
  move();
  const timer = setInterval(move, STEP_MS);
  return () => {
    clearInterval(timer);
    label.remove();
  };
}
