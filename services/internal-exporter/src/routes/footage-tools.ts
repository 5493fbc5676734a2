import type { AtRestOpener } from '../store/at-rest.ts';
import { openFilePlaces, type FilePlaces } from '../store/file-places.ts';
import type { RoleContext } from '../role-context.ts';
import type { ApiTools } from './api-tools.ts';

/** What the footage and export routes work with besides: files, and the key that opens what is shown. */
export interface FootageTools extends ApiTools {
  readonly places: FilePlaces;
  readonly previewKey: AtRestOpener;
  readonly footageLimitBytes: number;
}

/** Opens the api role's own key: previews, plans and masked clips, never originals. */
export async function openFootageTools(
  context: RoleContext,
  tools: ApiTools,
): Promise<FootageTools> {
  const { config, site, keys } = context;
  return {
    ...tools,
    places: await openFilePlaces(config.dataDirectory),
    previewKey: {
      purpose: 'preview-key',
      keyId: site.previewKey.keyId,
      privateKey: await keys.openAgreementKey('preview'),
    },
    footageLimitBytes: config.footageLimitBytes,
  };
}
