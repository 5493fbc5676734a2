import { Alert, Button, Group, Progress, Stack, Text } from '@mantine/core';
import type { PackageManifest, PortalLicence, PortalSite } from '@sallyport/contracts';
import {
  attachOverlay,
  createPlayer,
  sameOriginGateway,
  type Player as OpenPlayer,
  type PlayerState,
} from '@sallyport/player';
import { Facts, FailureText, koreanTime, ProblemAlert } from '@sallyport/ui';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api.ts';
import type { CertifiedDevice } from '../device/this-device.ts';

const gateway = sameOriginGateway(() => api.headers()['x-sallyport-csrf'] ?? '');

/** The picture, how much of it is verified, and whose it is; playing begins only when a person says so. */
export function Player({
  packageId,
  device,
  site,
  licence,
}: {
  packageId: string;
  device: CertifiedDevice;
  site: PortalSite;
  licence: PortalLicence;
}): ReactNode {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const host = useRef<HTMLDivElement>(null);
  const video = useRef<HTMLVideoElement>(null);
  const open = useRef<OpenPlayer | null>(null);
  const [state, setState] = useState<PlayerState | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const name = state?.manifest?.recipientName ?? null;
  const showing = state !== null && (state.phase === 'opening' || state.phase === 'playable');
  const still = state?.stillUrl ?? null;

  useEffect(() => {
    const leave = (): void => void open.current?.close();
    window.addEventListener('pagehide', leave);
    return () => {
      window.removeEventListener('pagehide', leave);
      leave();
    };
  }, []);
  useEffect(() => {
    if (name === null || !showing || host.current === null) return;
    return attachOverlay(host.current, name);
  }, [name, showing]);

  const start = (): void => {
    if (video.current === null) return;
    setProblem(null);
    open.current = createPlayer({
      video: video.current,
      packageId,
      gateway,
      keys: device,
      ca: site.ca,
      onState: setState,
      onReceipt: async (jws) => {
        try {
          await api.send('POST', '/v1/receipts', { jws });
          await queries.invalidateQueries({ queryKey: ['route'] });
        } catch (error) {
          setProblem(error);
        }
      },
    });
    // A browser may want a click on the picture first; then the controls are there.
    video.current.play().catch(() => undefined);
  };
  const stop = (): void => void open.current?.close().catch(setProblem);

  return (
    <Stack gap="xs">
      <div className="player" ref={host} hidden={!showing}>
        {/* Recordings carry no sound by law, so there is nothing to caption. */}
        <video
          ref={video}
          aria-label={t('play.video')}
          hidden={still !== null}
          controls
          muted
          playsInline
          disablePictureInPicture
          controlsList="nodownload noremoteplayback nofullscreen"
        />
        {still !== null && <img src={still} alt={t('play.still')} />}
      </div>
      <ProblemAlert problem={problem} />
      <FailureText code={state?.failure?.code} />
      {state?.phase === 'closed' && (
        <Alert color="green" role="status">
          {t('play.ended')}
        </Alert>
      )}
      {state !== null && state.segmentCount > 0 && <Verified state={state} />}
      {showing ? (
        <Group>
          <Button onClick={stop}>{t('play.stop')}</Button>
          <Button variant="default" onClick={() => void host.current?.requestFullscreen()}>
            {t('play.fullscreen')}
          </Button>
        </Group>
      ) : (
        <Group>
          <Button onClick={start} disabled={licence.state !== 'active'}>
            {t('play.start')}
          </Button>
          <Text size="sm">
            {licence.state === 'active' ? t('play.start-hint') : t(`licence.${licence.state}`)}
          </Text>
        </Group>
      )}
      {state?.manifest != null && <ManifestFacts manifest={state.manifest} />}
    </Stack>
  );
}

function Verified({ state }: { state: PlayerState }): ReactNode {
  const { t } = useTranslation();
  const { verifiedSegments: done, segmentCount: total, complete, decryption } = state;
  return (
    <div>
      <Progress
        value={(100 * done) / total}
        color={complete ? 'green' : 'krds'}
        aria-label={t('play.verified', { done, total })}
      />
      <Text size="sm" role="status">
        {complete
          ? t('play.complete')
          : `${t('play.verified', { done, total })}. ${t('play.verifying')}`}
      </Text>
      {decryption !== null && <Text size="xs">{t(`play.${decryption}`)}</Text>}
    </div>
  );
}

function ManifestFacts({ manifest }: { manifest: PackageManifest }): ReactNode {
  const { t } = useTranslation();
  const { clip, masking } = manifest;
  return (
    <Facts
      facts={[
        [t('request.receipt'), manifest.receiptNumber],
        [t('new.recipient'), manifest.recipientName],
        [
          t('request.items'),
          `${manifest.cameraName}: ${koreanTime(manifest.startsAt)} – ${koreanTime(manifest.endsAt)}`,
        ],
        [t('play.picture'), `${clip.width}×${clip.height}`],
        [
          t('new.maskTargets'),
          `${t(`style.${masking.style}`)} · ${masking.targets.map((each) => t(`target.${each}`)).join(', ')}`,
        ],
        [t('play.watermark'), t('play.watermark-none')],
      ]}
    />
  );
}
