/** One thing a leaked copy may have gone through, and what must still be read. */
export interface Attack {
  readonly name: string;
  /** Arguments between the inputs and the output. */
  readonly arguments: readonly string[];
  readonly seconds: number;
  readonly list: 'blind' | 'ledger' | 'reference';
  /** Marked copies it is made from. */
  readonly copies?: number;
  /** Of these, how many must be named. */
  readonly wanted?: number;
  readonly corners?: readonly number[];
}

const X264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf'];
const QUIET_X265 = ['-x265-params', 'log-level=none'];
const filtered = (filter: string, quality: number) => ['-vf', filter, ...X264, `${quality}`];
const KEYSTONE = [60, 30, 1870, 0, 1900, 1080, 40, 1050] as const;
const FILMED =
  'scale=1600:900,pad=1920:1080:160:90:color=0x202020,' +
  'perspective=x0=60:y0=30:x1=1870:y1=0:x2=40:y2=1050:x3=1900:y3=1080:sense=destination,' +
  'gblur=sigma=1.3,eq=gamma=1.2:contrast=.9,noise=alls=14:allf=t,fps=30000/1001';

/** The picture's corners after KEYSTONE, each some pixels off as a hand would click them. */
function filmedCorners(): number[] {
  const [ax, ay, bx, by, cx, cy, dx, dy] = KEYSTONE;
  const map = projection([ax, ay], [bx, by], [cx, cy], [dx, dy]);
  const off = [2, -3, -2, 3, 3, 2, -3, -2];
  return [
    [160, 90],
    [1760, 90],
    [1760, 990],
    [160, 990],
  ]
    .flatMap(([x = 0, y = 0]) => map(x / 1920, y / 1080))
    .map((value, at) => value + (off[at] ?? 0));
}

type Corner = readonly [number, number];

/** The projective map from the unit square to four corners, clockwise from the top left. */
function projection(a: Corner, b: Corner, c: Corner, d: Corner) {
  const [sx, sy] = [a[0] - b[0] + c[0] - d[0], a[1] - b[1] + c[1] - d[1]];
  const [ux, uy, vx, vy] = [b[0] - c[0], b[1] - c[1], d[0] - c[0], d[1] - c[1]];
  const whole = ux * vy - vx * uy;
  const g = (sx * vy - vx * sy) / whole;
  const h = (ux * sy - sx * uy) / whole;
  return (u: number, v: number): [number, number] => {
    const depth = g * u + h * v + 1;
    const x = (b[0] - a[0] + g * b[0]) * u + (d[0] - a[0] + h * d[0]) * v + a[0];
    const y = (b[1] - a[1] + g * b[1]) * u + (d[1] - a[1] + h * d[1]) * v + a[1];
    return [x / depth, y / depth];
  };
}

export const ATTACKS: readonly Attack[] = [
  { name: 'the export', arguments: ['-c', 'copy'], seconds: 3, list: 'blind' },
  { name: 'CRF 23', arguments: [...X264, '23'], seconds: 3, list: 'blind' },
  { name: 'half frame rate', arguments: filtered('fps=12', 23), seconds: 3, list: 'blind' },
  {
    name: 'brighter 15 %',
    arguments: filtered('eq=brightness=.06:contrast=1.15:gamma=1.15', 23),
    seconds: 3,
    list: 'blind',
  },
  {
    name: 'darker 15 %',
    arguments: filtered('eq=brightness=-.06:contrast=.85:gamma=.85', 23),
    seconds: 3,
    list: 'blind',
  },
  { name: 'mirrored', arguments: filtered('hflip', 23), seconds: 3, list: 'blind' },
  { name: 'CRF 28', arguments: [...X264, '28'], seconds: 10, list: 'blind' },
  {
    name: '500 kb/s',
    arguments: [...X264.slice(0, 4), '-b:v', '500k', '-maxrate', '500k', '-bufsize', '1000k'],
    seconds: 10,
    list: 'blind',
  },
  { name: '720 rows, CRF 28', arguments: filtered('scale=-2:720', 28), seconds: 10, list: 'blind' },
  {
    name: 'unknown crop to 70 %',
    arguments: filtered('crop=trunc(iw*.35)*2:trunc(ih*.35)*2:iw*.13:ih*.17', 28),
    seconds: 10,
    list: 'blind',
  },
  {
    name: '30 % mosaic',
    arguments: filtered(
      'split[a][b];[b]crop=iw*.55:ih*.55:iw*.2:ih*.2,pixelize=w=16:h=16[c];[a][c]overlay=W*.2:H*.2',
      28,
    ),
    seconds: 10,
    list: 'blind',
  },
  { name: 'CRF 33', arguments: [...X264, '33'], seconds: 20, list: 'blind' },
  { name: 'CRF 33', arguments: [...X264, '33'], seconds: 10, list: 'ledger' },
  {
    name: 'half size, CRF 28',
    arguments: filtered('scale=iw/2:-2', 28),
    seconds: 20,
    list: 'blind',
  },
  {
    name: 'half size, CRF 28',
    arguments: filtered('scale=iw/2:-2', 28),
    seconds: 10,
    list: 'ledger',
  },
  {
    name: 'x265 CRF 32',
    arguments: ['-c:v', 'libx265', '-preset', 'veryfast', ...QUIET_X265, '-crf', '32'],
    seconds: 10,
    list: 'ledger',
  },
  {
    name: 'strong denoise',
    arguments: filtered('hqdn3d=6:6:9:9,unsharp=5:5:0.8', 28),
    seconds: 10,
    list: 'ledger',
  },
  {
    name: 'crop to 40 %',
    arguments: filtered('crop=trunc(iw*.2)*2:trunc(ih*.2)*2:iw*.33:ih*.27', 28),
    seconds: 10,
    list: 'ledger',
  },
  {
    name: '360 rows, CRF 28',
    arguments: filtered('scale=-2:360', 28),
    seconds: 30,
    list: 'ledger',
  },
  {
    name: '360 rows, CRF 28',
    arguments: filtered('scale=-2:360', 28),
    seconds: 10,
    list: 'reference',
  },
  { name: 'CRF 40', arguments: [...X264, '40'], seconds: 30, list: 'ledger' },
  { name: 'CRF 40', arguments: [...X264, '40'], seconds: 10, list: 'reference' },
  {
    name: 'screen recording',
    arguments: filtered('scale=1366:768,pad=1366:900:0:66', 28),
    seconds: 15,
    list: 'ledger',
    corners: [2, 64, 1364, 68, 1367, 833, 1, 835],
  },
  {
    name: 'filmed, 3° keystone',
    arguments: ['-vf', FILMED, ...X264.slice(0, 4), '-b:v', '4M'],
    seconds: 15,
    list: 'ledger',
    corners: filmedCorners(),
  },
  {
    name: 'average of 2 copies',
    arguments: ['-filter_complex', 'mix=inputs=2', ...X264, '28'],
    seconds: 30,
    list: 'ledger',
    copies: 2,
    wanted: 2,
  },
  {
    name: 'average of 3 copies',
    arguments: ['-filter_complex', 'mix=inputs=3', ...X264, '28'],
    seconds: 30,
    list: 'ledger',
    copies: 3,
    wanted: 1,
  },
];
