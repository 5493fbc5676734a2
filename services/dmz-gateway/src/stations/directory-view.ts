import {
  CameraEntry,
  PolicyEntry,
  StationEntry,
  parse,
  type PortalCameras,
  type PortalPolicy,
  type PortalStations,
} from '@sallyport/contracts';
import type { Database } from '../store/database.ts';

/** Cameras that still exist, by name. */
export async function listCameras(db: Database): Promise<PortalCameras> {
  const rows = await liveRows(db, 'camera');
  const cameras = rows.map(({ id, version, value }) => ({
    cameraId: id,
    version: Number(version),
    ...parse(CameraEntry, value),
  }));
  return { cameras: cameras.sort((a, b) => a.name.localeCompare(b.name, 'ko')) };
}

/** Stations that still exist, by name. */
export async function listStations(db: Database): Promise<PortalStations> {
  const rows = await liveRows(db, 'station');
  const stations = rows.map(({ id, value }) => ({ stationId: id, ...parse(StationEntry, value) }));
  return { stations: stations.sort((a, b) => a.name.localeCompare(b.name, 'ko')) };
}

/** The newest policy; null until one has come. */
export async function findPolicy(db: Database): Promise<PortalPolicy> {
  const [row] = (await liveRows(db, 'policy')).sort((a, b) => (a.version < b.version ? 1 : -1));
  return { policy: row === undefined ? null : parse(PolicyEntry, row.value) };
}

async function liveRows(db: Database, kind: string) {
  const rows = await db.directoryRow.findMany({ where: { kind } });
  return rows.filter(({ value }) => value !== null);
}
