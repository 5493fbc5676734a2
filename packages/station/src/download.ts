import type { TrustAnchor } from '@sallyport/contracts';
import {
  encodePrefix,
  verifyHeader,
  verifyLeaves,
  verifySegment,
  type PackageView,
} from '@sallyport/seal/open';
import { writeNewFile } from './files.ts';
import type { GatewayClient } from './gateway/client.ts';

/**
 * Downloads a package into a new file, verifying every segment before it is written.
 *
 * @throws SallyportError ERR_SEAL_*, ERR_STATION_FILE_EXISTS, and whatever the gateway answers
 */
export async function downloadPackage(
  gateway: GatewayClient,
  packageId: string,
  options: {
    path: string;
    trust: TrustAnchor;
    now: Date;
    onProgress?: ((done: number, total: number) => void) | undefined;
  },
): Promise<PackageView> {
  const view = await verifyHeader(await gateway.header(packageId), options);
  const leaves = await verifyLeaves(view, await gateway.leaves(packageId));
  const { segmentCount } = view.layout;
  return writeNewFile(options.path, async (file) => {
    await file.writeFile(encodePrefix(view.headerJws.length));
    await file.writeFile(view.headerJws);
    for (let index = 0; index < segmentCount; index += 1) {
      const segment = await gateway.segment(packageId, index);
      await verifySegment(view.layout, leaves, index, segment);
      await file.writeFile(segment); // each write continues where the last one ended
      options.onProgress?.(index + 1, segmentCount);
    }
    await file.writeFile(leaves);
    return view;
  });
}
