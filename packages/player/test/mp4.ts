/** A box of ISO BMFF around these bytes. */
export function box(type: string, ...content: Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(body.length + 8);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, body]);
}

/** A moof as encoders write it: mfhd, then traf with tfhd and tfdt. */
export function movieFragment(ticks: number, wide: boolean): Buffer {
  const time = Buffer.alloc(wide ? 12 : 8);
  time[0] = wide ? 1 : 0;
  if (wide) time.writeBigUInt64BE(BigInt(ticks), 4);
  else time.writeUInt32BE(ticks, 4);
  return box(
    'moof',
    box('mfhd', Buffer.alloc(8)),
    box('traf', box('tfhd', Buffer.alloc(8)), box('tfdt', time)),
  );
}

/** ftyp and a moov with an mdhd of that version. */
export function initialisation(timescale: number, version: 0 | 1): Buffer {
  const mdhd = Buffer.alloc(version === 1 ? 32 : 20);
  mdhd[0] = version;
  mdhd.writeUInt32BE(timescale, version === 1 ? 20 : 12);
  return Buffer.concat([
    box('ftyp', Buffer.from('isom')),
    box('moov', box('trak', box('mdia', box('mdhd', mdhd)))),
  ]);
}
