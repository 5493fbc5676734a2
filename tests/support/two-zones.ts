import { execFile } from 'node:child_process';
import { chmod, chown, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { FolderMover } from '@sallyport/testkit';

/** A user of this machine. */
export interface UnixUser {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Two unprivileged users for the two zones, or why there are none: only root can start a program as
 * another user, and PostgreSQL wants its user to have a name.
 */
export async function findTwoUsers(): Promise<readonly [UnixUser, UnixUser] | string> {
  if (process.getuid?.() !== 0) return 'only root can run the zones as two users';
  const passwd = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const users = ['nobody', 'daemon', 'games', 'bin'].flatMap((name) => {
    const fields = passwd
      .split('\n')
      .find((line) => line.startsWith(`${name}:`))
      ?.split(':');
    return fields === undefined ? [] : [{ uid: Number(fields[2]), gid: Number(fields[3]) }];
  });
  const [first, second] = users;
  return first === undefined || second === undefined
    ? 'this machine has no two unprivileged users'
    : [first, second];
}

/** The four ends of the link, each owned by its zone; a mover carries files each way as a link product would. */
export interface Link {
  readonly lanes: {
    exporterWrites: string;
    gatewayReads: string;
    gatewayWrites: string;
    exporterReads: string;
  };
  start(): void;
  stop(): Promise<void>;
}

/** Makes the ends of the link below `directory`, closed to everybody but their zone. */
export async function layLink(
  directory: string,
  users: readonly [internal: UnixUser, dmz: UnixUser],
): Promise<Link> {
  const [internal, dmz] = users;
  const end = async (name: string, user: UnixUser): Promise<string> => {
    const folder = join(directory, 'spool', name);
    await mkdir(folder, { recursive: true });
    await chmod(join(directory, 'spool'), 0o755);
    await chmod(folder, 0o700);
    await chown(folder, user.uid, user.gid);
    return folder;
  };
  const lanes = {
    exporterWrites: await end('export-out', internal),
    gatewayReads: await end('export-in', dmz),
    gatewayWrites: await end('request-out', dmz),
    exporterReads: await end('request-in', internal),
  };
  const movers = [
    new FolderMover(lanes.exporterWrites, lanes.gatewayReads, { seed: 1 }),
    new FolderMover(lanes.gatewayWrites, lanes.exporterReads, { seed: 2 }),
  ];
  return {
    lanes,
    start: () => {
      for (const mover of movers) mover.start({ everyMs: 50 });
    },
    stop: async () => {
      for (const mover of movers) await mover.stop();
    },
  };
}

/** The files of `folder` that `user` can open for reading, tried as that user. */
export async function readableBy(user: UnixUser, folder: string): Promise<readonly string[]> {
  const files = await filesBelow(folder);
  const script = `let n='';process.stdin.on('data',d=>n+=d).on('end',()=>{const fs=require('node:fs');
console.log(JSON.stringify(JSON.parse(n).filter(f=>{try{fs.closeSync(fs.openSync(f,'r'));return true}catch{return false}})))})`;
  const running = promisify(execFile)(process.execPath, ['-e', script], {
    ...user,
    env: {},
    maxBuffer: 64 * 1024 * 1024,
  });
  running.child.stdin?.end(JSON.stringify(files));
  const { stdout } = await running;
  return JSON.parse(stdout) as string[]; // our own script's answer
}

/** Every regular file below a folder. */
export async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
