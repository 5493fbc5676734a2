import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Test } from 'tap';
import type { ConsoleRequest } from '@sallyport/contracts';
import {
  addRegion,
  approveRelease,
  approveRequest,
  chooseFootage,
  reviewMasks,
  uploadFootage,
  waitAdmitted,
  waitExport,
  waitFor,
  type StoryClip,
} from '@sallyport/testkit';
import { detailsFor, hoursAgo, submitAs } from '../support/world.ts';
import type { Scene } from './lane-scene.ts';

/** An export so large that its package needs several frames: noise, which the operator lets be seen. */
export async function sendLarge(t: Test, scene: Scene): Promise<string> {
  const { end, directory } = scene;
  const operator = end.staff.operator.client;
  const clip: StoryClip = { file: join(directory, 'noise.mp4'), durationMs: 6000 };
  await makeNoise(clip.file);
  const startsAt = hoursAgo(10);
  const { requestId } = await submitAs({ end }, detailsFor({ end, clip }, startsAt));
  await waitAdmitted(operator, requestId);
  await approveRequest(end.staff.requestApprover, requestId);
  const exportId = await waitFor('the large export', async () => {
    const { exports } = await operator.get<ConsoleRequest>(`/v1/requests/${requestId}`);
    return exports[0]?.exportId ?? null;
  });
  const footage = await uploadFootage(operator, end.cameraId, clip.file, startsAt.toISOString());
  await chooseFootage(operator, exportId, footage.footageId, ['motion']);
  await waitExport(operator, exportId, ['mask-review']);
  await addRegion(operator, exportId, { x: 0, y: 0, width: 0.1, height: 0.1 }, '표지를 가림');
  await reviewMasks(operator, exportId);
  const rendered = await waitExport(operator, exportId, ['release-approval']);
  t.comment(`the large clip has ${rendered.clipSizeBytes ?? 0} bytes`);
  await approveRelease(end.staff.releaseApprover, exportId);
  return exportId;
}

async function makeNoise(file: string): Promise<void> {
  const child = spawn(
    'ffmpeg',
    [
      ...[
        '-v',
        'error',
        '-y',
        '-f',
        'lavfi',
        '-i',
        'color=gray:s=1920x1080:r=10:d=6,noise=alls=90:allf=t',
      ],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '20', '-pix_fmt', 'yuv420p', file],
    ],
    { stdio: 'ignore' },
  );
  await once(child, 'close');
}
