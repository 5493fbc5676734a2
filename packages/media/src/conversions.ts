import type { MediaConversion, PartialMedia, ProbeReport } from '@sallyport/contracts';
import { even } from './frames/frame.ts';

/** Every way the released clip differs from the original besides its masks, in words for the report. */
export function conversionsOf(
  probe: ProbeReport,
  outcome: { readonly repairedTimes: number; readonly partial: PartialMedia | null },
): MediaConversion[] {
  const { width, height } = probe;
  const list: MediaConversion[] = [
    {
      kind: 'container',
      from: probe.container,
      to: 'mp4, fragmented',
      note: 'plays while it downloads',
    },
    { kind: 'codec', from: probe.codec, to: 'h264', note: 'decoded, masked and encoded once' },
    {
      kind: 'metadata-removed',
      from: 'container metadata',
      to: 'none',
      note: 'titles, places and dates of the file are left out',
    },
  ];
  if (probe.audioStreams > 0)
    list.push({
      kind: 'audio-removed',
      from: `${probe.audioStreams} audio stream(s)`,
      to: 'none',
      note: 'sound is removed by default',
    });
  if (even(width) !== width || even(height) !== height)
    list.push({
      kind: 'padding',
      from: `${width}x${height}`,
      to: `${even(width)}x${even(height)}`,
      note: 'the last column or row is repeated once: the codec needs even sides',
    });
  if (probe.bitDepth > 8)
    list.push({
      kind: 'bit-depth',
      from: `${probe.bitDepth} bit`,
      to: '8 bit',
      note: 'fine gradations are rounded',
    });
  if (probe.chroma !== '4:2:0')
    list.push({
      kind: 'chroma',
      from: probe.chroma,
      to: '4:2:0',
      note: 'colour is kept at half the resolution',
    });
  if (probe.fullRange)
    list.push({
      kind: 'colour-range',
      from: 'full',
      to: 'limited',
      note: 'brightness is scaled to the range players expect',
    });
  if (probe.rotation !== 0)
    list.push({
      kind: 'rotation',
      from: `${probe.rotation} degrees`,
      to: 'upright',
      note: 'the picture is turned as the recording asks',
    });
  if (outcome.repairedTimes > 0)
    list.push({
      kind: 'time-repaired',
      from: `${outcome.repairedTimes} frame(s)`,
      to: 'rising times',
      note: 'frames whose time did not rise were given the next possible time',
    });
  if (outcome.partial !== null)
    list.push({
      kind: 'partial',
      from: `${outcome.partial.declaredMs} ms declared`,
      to: `${outcome.partial.readableMs} ms readable`,
      note: `the recording is damaged: ${outcome.partial.gaps.length} gap(s) are listed in the report`,
    });
  return list;
}
