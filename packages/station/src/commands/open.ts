import { createHash } from 'node:crypto';
import { stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { SallyportError } from '@sallyport/contracts';
import {
  AES_256_GCM,
  openContentKey,
  openEntry,
  openLicence,
  readManifest,
  type AgreementDevice,
  type EntryId,
  type PackageView,
} from '@sallyport/seal/open';
import { ARIA_256_GCM } from '@sallyport/seal/open/aria';
import { onlyArgument, required } from '../cli/options.ts';
import type { Command } from '../cli/command.ts';
import { openDevice } from '../cli/session.ts';
import { drawProgress } from '../cli/terminal.ts';
import { openForReading, readSmallFile, writeNewFile } from '../files.ts';
import { readCaFile } from '../keys/ca-file.ts';
import type { Device } from '../keys/device.ts';
import { readPackageHeader, readPackageLeaves, segmentReader } from '../package-file.ts';

/**
 * `station open PACKAGE --key FILE --licence FILE --ca FILE -o OUT`: offline. OUT is a new file for
 * the clip, or an existing folder for all four entries.
 */
export const openPackage: Command = async (line, terminal) => {
  const path = onlyArgument(line, 'PACKAGE');
  const output = required(line, 'output');
  const licenceText = (await readSmallFile(required(line, 'licence'))).trim();
  const trust = { ca: await readCaFile(required(line, 'ca')), revoked: new Set<string>() };
  const now = terminal.now();
  const keys = await openDevice(line, terminal);
  const file = await openForReading(path);
  try {
    const view = await readPackageHeader(file, { trust, now });
    const leaves = await readPackageLeaves(file, view);
    const device = recipientOf(view, keys);
    const { licence, licenceShare } = await openLicence(licenceText, {
      header: view.header,
      device,
      trust,
      now,
    });
    const opened = await openContentKey(view, {
      device,
      licenceShare,
      now,
      suites: [AES_256_GCM, ARIA_256_GCM],
    });
    const read = segmentReader(file, view.layout);
    const manifest = await readManifest(opened, leaves, read);
    const progress = drawProgress(terminal, 'open');

    const { entry, sha256 } = manifest.clip;
    const targets = await targetsOf(output, entry, view);
    for (const [id, target] of targets) {
      const expected = id === entry ? sha256 : null;
      await writeNewFile(target, (out) =>
        writeEntry(
          out,
          openEntry(opened, leaves, id, read),
          expected,
          progressOf(view, id, progress),
        ),
      );
    }
    return {
      packageId: view.header.packageId,
      camera: manifest.cameraName,
      period: `${manifest.startsAt} – ${manifest.endsAt}`,
      caseNumber: manifest.caseNumber,
      watermark: `${manifest.watermark.kind} (${manifest.watermark.reason})`,
      expiresAt: view.header.expiresAt,
      licenceId: licence.licenceId,
      files: [...targets.values()],
    };
  } finally {
    await file.close();
  }
};

/** This device as the signed header knows it. */
function recipientOf({ header }: PackageView, { deviceId, agreement }: Device): AgreementDevice {
  const own = header.recipients.find((each) => each.deviceId === deviceId);
  if (own === undefined)
    throw new SallyportError('ERR_SEAL_NOT_RECIPIENT', { detail: { deviceId } });
  return {
    deviceId,
    agreeCertificateId: own.agreeCertificateId,
    agreementKey: agreement.privateKey,
  };
}

async function targetsOf(
  output: string,
  clip: EntryId,
  { layout }: PackageView,
): Promise<ReadonlyMap<EntryId, string>> {
  const folder = await stat(output).then(
    (found) => found.isDirectory(),
    () => false, // not there yet: a new file
  );
  if (!folder) return new Map([[clip, output]]);
  return new Map(layout.entries.map(({ id }) => [id, join(output, id)]));
}

/** Writes verified plaintext; the clip must be the approved one before it gets its name. */
async function writeEntry(
  out: FileHandle,
  plain: AsyncIterable<Uint8Array>,
  sha256: string | null,
  progress: (segments: number) => void,
): Promise<void> {
  const hash = createHash('sha256');
  let segments = 0;
  for await (const part of plain) {
    hash.update(part);
    await out.writeFile(part); // each write continues where the last one ended
    progress((segments += 1));
  }
  if (sha256 !== null && hash.digest('hex') !== sha256)
    throw new SallyportError('ERR_SEAL_DIGEST_MISMATCH');
}

function progressOf(
  { layout }: PackageView,
  id: EntryId,
  progress: (done: number, total: number) => void,
): (segments: number) => void {
  const first = layout.entries.find((entry) => entry.id === id)?.firstSegment ?? 0;
  return (segments) => progress(first + segments, layout.segmentCount);
}
