import { readFile } from 'node:fs/promises';

/** True while a process of that id runs, whoever owns it; a dead one nobody has reaped does not run. */
export async function isAlive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  return !((await statOf(pid))?.startsWith('Z') ?? false);
}

/** `pid` and the kernel's start time of that process: a reused pid is another identity. */
export async function identityOf(pid: number): Promise<string> {
  // The start time is field 22 of proc(5); statOf begins at field 3. Empty where there is no /proc.
  return `${pid} ${(await statOf(pid))?.split(' ')[19] ?? ''}`;
}

/** The arguments a process was started with; null where the system does not tell. */
export async function argumentsOf(pid: number): Promise<readonly string[] | null> {
  return (await readTextIfThere(`/proc/${pid}/cmdline`))?.split('\0') ?? null;
}

/** A file's text; null when there is no such file (or the process it describes has gone). */
export async function readTextIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'ENOENT' || code === 'ESRCH') return null;
    throw error;
  }
}

/** `/proc/PID/stat` after the command's name, which may itself hold brackets and spaces. */
async function statOf(pid: number): Promise<string | null> {
  const stat = await readTextIfThere(`/proc/${pid}/stat`);
  return stat === null ? null : stat.slice(stat.lastIndexOf(')') + 2);
}
